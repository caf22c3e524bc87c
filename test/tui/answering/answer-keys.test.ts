import { expect, test } from 'vitest';
import type { InputEvent } from '../../../src/tui/input/decoder.ts';
import { reduceScreen } from '../../../src/tui/model/screen-reducer.ts';
import { type Answering, type ScreenState, withPanes } from '../../../src/tui/model/screen-state.ts';
import { promptText } from '../../../src/tui/prompt/prompt-state.ts';
import { IDS } from '../control/key-context.ts';
import { key, paste, pressAll, text } from '../control/press-keys.ts';
import { reply, START } from '../fake-swarm.ts';
import { asks, openedQuestion, pressInQuestion, sent, start, waiting } from './open-question.ts';

test('[AGT-5] Enter on an agent that waits opens its question, from the empty line and from the panes', () => {
  expect(openedQuestion.overlays.answering?.question).toBe(asks);
  const panes = { ...start, focus: 'panes' } as const;
  for (const name of ['enter', 'r'])
    expect(pressAll(panes, [name === 'r' ? text('r') : key(name)], waiting()).screen.overlays.answering?.question).toBe(
      asks,
    );
  expect(pressAll(withPanes(panes, { selected: 'a-2' }), [text('r')], waiting()).screen.overlays.answering).toBeNull();
});

test('a question never opens by itself, and not by the Enter of a command', () => {
  const typing = pressAll(start, [text('status'), key('enter')], waiting());
  expect([typing.effects, typing.screen.overlays.answering]).toEqual([[{ kind: 'run', text: 'status' }], null]);
  const moving = reduceScreen(start, { kind: 'instances', ids: IDS, shown: IDS });
  expect(moving.overlays.answering).toBeNull();
});

test.each<[readonly InputEvent[], string]>([
  [[text('y'), key('enter')], 'yes'],
  [[text('N'), key('enter')], 'no'],
  [[text('1'), key('enter')], 'yes'],
  [[key('down'), key('down'), key('enter')], 'no'],
  [[key('up'), key('enter')], 'no'],
  [[key('tab'), key('tab'), key('tab'), key('enter')], 'yes'],
  [[text('yes'), key('down'), key('enter')], 'no'],
  [[text('nope, use port 80'), key('enter')], 'nope, use port 80'],
  [[paste('two\nlines'), key('enter')], 'two lines'],
  [[text('3'), key('enter')], '3'],
  [[text('use 80x'), key('backspace'), key('enter')], 'use 80'],
])('the keys %j send one answer: %s', (events, answer) => {
  const { screen, effects } = pressInQuestion(events);
  expect([effects, screen.overlays.answering?.sending]).toEqual([sent(answer), true]);
});

test('typed digits mark what the command would take: the number of a choice, else its name', () => {
  const choices = ['2', '1', '8080', 'red', 'Red'].map((label, i) => ({ label, help: '', answer: String(i + 1) }));
  for (const [typed, answer] of [
    ['2', '2'],
    ['8080', '3'],
    ['Red', '5'],
    ['80', '80'],
  ] as const)
    expect(pressAll(start, [key('enter'), text(typed), key('enter')], waiting({ ...asks, choices })).effects).toEqual(
      sent(answer),
    );
});

test('Enter without a choice sends nothing, and what is on its way is not changed by more keys', () => {
  expect([
    pressInQuestion([key('enter')]).effects,
    pressInQuestion([key('enter')]).screen.overlays.answering?.trouble,
  ]).toEqual([[], 'Choose one, or type an answer.']);
  const words = { ...asks, choices: [] };
  const free = pressAll(start, [key('enter'), key('down'), key('enter')], waiting(words));
  expect(free.screen.overlays.answering).toMatchObject({ trouble: 'Type an answer.', chosen: null });
  const sending = pressInQuestion([text('y'), key('enter'), text('x'), key('enter'), paste('z'), key('f5')]);
  expect([sending.effects, promptText(sending.screen.overlays.answering!.line)]).toEqual([sent('yes'), 'y']);
  expect(pressInQuestion([key('f5'), { kind: 'shown' }]).screen).toEqual(openedQuestion);
});

test('Esc closes a question unanswered, and Ctrl-C does not leave the view', () => {
  for (const name of ['esc', 'ctrl+c']) {
    const { screen, effects } = pressInQuestion([text('y'), key(name)]);
    expect([screen.overlays.answering, screen.leavingAt, effects]).toEqual([null, null, []]);
  }
});

test('[AGT-5] an answer to a question that is no more, or is another one by now, is not sent', () => {
  const gone = pressInQuestion([text('y'), key('enter')], waiting(null));
  expect([gone.effects, gone.screen.commands.message?.text]).toEqual([
    [],
    'a-1 waits for no answer now; nothing was sent',
  ]);
  // What was typed is kept: an agent that was paused meanwhile may go on with the same question.
  expect(promptText(gone.screen.overlays.answering!.line)).toBe('y');
  expect(pressAll(gone.screen, [key('enter')], waiting()).effects).toEqual(sent('yes'));
  const other = waiting({ ...asks, mark: 'second', text: 'Delete it all?' });
  const changed = pressInQuestion([text('y'), key('enter')], other);
  expect([changed.effects, changed.screen.overlays.answering]).toMatchObject([
    [],
    { question: { text: 'Delete it all?' }, trouble: 'It asks something else now: nothing was sent.' },
  ]);
  // Neither does the next Enter say what was typed, or chosen, for the question before.
  for (const events of [[text('yes, all of it')], [key('down')]]) {
    const again = pressInQuestion([...events, key('enter'), key('enter')], other);
    expect([again.effects, again.screen.overlays.answering?.trouble]).toEqual([[], 'Choose one, or type an answer.']);
  }
});

test('a question before something is lost takes no letter as a Yes while an answer or a command is being typed', () => {
  const confirm = { targets: ['a-1'], loses: 'work', token: 't', expires: START };
  const asking = { kind: 'replied', command: 'stop all', reply: reply({ exit: 5, confirm }) } as const;
  for (const screen of [openedQuestion, pressAll(start, [text('ye')]).screen]) {
    const asked = reduceScreen(screen, asking);
    expect(pressAll(asked, [text('y')], waiting()).effects).toEqual([]);
    expect(pressAll(asked, [text('yes'), key('enter')], waiting()).screen).toMatchObject({
      overlays: { dialog: null },
      commands: { message: { text: 'not done: stop all' } },
    });
    expect(pressAll(asked, [key('right'), key('enter')], waiting()).effects).toMatchObject([{ confirm: 't' }]);
  }
  const closed = pressAll(reduceScreen(openedQuestion, asking), [key('esc')], waiting());
  expect(closed.screen.overlays.answering?.question).toBe(asks);
});

/** The open dialogue, about choices that are answered by their numbers. */
const ofNumbers = ({ overlays }: ScreenState): Answering => {
  const answering = overlays.answering!;
  const choices = ['The first', 'The second'].map((label, i) => ({ label, help: '', answer: String(i + 1) }));
  return { ...answering, question: { ...answering.question, choices } };
};

const told = (trouble: string | null, mark = 'first') =>
  ({ kind: 'answered', instance: 'a-1', mark, answer: 'yes', trouble }) as const;

test('what became of an answer is said in its dialogue, or below the line where that was closed', () => {
  const sending = pressInQuestion([text('y'), key('enter')]).screen;
  expect(reduceScreen(sending, told(null))).toMatchObject({
    overlays: { answering: null },
    commands: { message: { tone: 'ok', text: 'Sent "yes" to a-1' } },
  });
  const named = reduceScreen(
    { ...sending, overlays: { ...sending.overlays, answering: ofNumbers(sending) } },
    {
      ...told(null),
      answer: '2',
    },
  );
  expect(named.commands.message?.text).toBe('Sent "2" (The second) to a-1');
  expect(reduceScreen(sending, told('No.')).overlays.answering).toMatchObject({ sending: false, trouble: 'No.' });
  expect(reduceScreen(start, told('No.')).commands.message).toMatchObject({ tone: 'error', text: 'a-1: No.' });
  expect(reduceScreen(sending, told(null, 'other')).overlays.answering).toEqual(sending.overlays.answering);
});
