import { expect, test, vi } from 'vitest';
import type { Question } from '../../../src/tui/answering/question.ts';
import type { InputEvent } from '../../../src/tui/input/decoder.ts';
import { reduceScreen } from '../../../src/tui/model/screen-reducer.ts';
import { initialScreen, withOverlays, withPanes } from '../../../src/tui/model/screen-state.ts';
import { promptText } from '../../../src/tui/prompt/prompt-state.ts';
import { IDS, keyContext } from '../control/key-context.ts';
import { key, paste, pressAll, text } from '../control/press-keys.ts';
import { created, moved, reply, START, threeAgents } from '../fake-swarm.ts';
import { openView } from '../open-view.ts';
import { alert, drawPanel, modelOf } from '../panels/draw-panel.ts';

const asks: Question = {
  instance: 'a-1',
  since: START,
  mark: 'first',
  text: 'Shall I go on?',
  subject: '',
  choices: [
    { label: 'Yes', help: 'it goes on', answer: 'yes' },
    { label: 'No', help: '', answer: 'no' },
  ],
  many: false,
  words: 'or type an answer',
};
const waiting = (question: Question | null = asks) =>
  keyContext({ questions: new Map(question ? [[question.instance, question]] : []) });
const start = initialScreen(IDS);
const open = pressAll(start, [key('enter')], waiting()).screen;
const after = (events: readonly InputEvent[], context = waiting()) => pressAll(open, events, context);
const sent = (answer: string) => [{ kind: 'answer', instance: 'a-1', since: START, mark: 'first', answer }];

test('[AGT-5] Enter on an agent that waits opens its question, from the empty line and from the panes', () => {
  expect(open.overlays.answering?.question).toBe(asks);
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

test('the command that an alert suggests opens the question of its agent, what is half typed stays', () => {
  const context = { ...waiting(), suggestion: 'answer a-1 "yes"' };
  const { screen, effects } = pressAll(
    withPanes(start, { selected: 'a-3' }),
    [text('half a li'), key('ctrl+g')],
    context,
  );
  expect([
    screen.overlays.answering?.question.instance,
    screen.panes.selected,
    promptText(screen.prompt),
    effects,
  ]).toEqual(['a-1', 'a-1', 'half a li', []]);
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
  const { screen, effects } = after(events);
  expect([effects, screen.overlays.answering?.sending]).toEqual([sent(answer), true]);
});

test('Enter without a choice sends nothing, and what is on its way is not changed by more keys', () => {
  expect([after([key('enter')]).effects, after([key('enter')]).screen.overlays.answering?.trouble]).toEqual([
    [],
    'Choose one, or type an answer.',
  ]);
  const words = { ...asks, choices: [] };
  const free = pressAll(start, [key('enter'), key('down'), key('enter')], waiting(words));
  expect(free.screen.overlays.answering).toMatchObject({ trouble: 'Type an answer.', chosen: null });
  const sending = after([text('y'), key('enter'), text('x'), key('enter'), paste('z'), key('f5')]);
  expect([sending.effects, promptText(sending.screen.overlays.answering!.line)]).toEqual([sent('yes'), 'y']);
  expect(after([key('f5'), { kind: 'shown' }]).screen).toEqual(open);
});

test('Esc closes a question unanswered, and Ctrl-C does not leave the view', () => {
  for (const name of ['esc', 'ctrl+c']) {
    const { screen, effects } = after([text('y'), key(name)]);
    expect([screen.overlays.answering, screen.isLeaving, effects]).toEqual([null, false, []]);
  }
});

test('[AGT-5] an answer to a question that is no more, or is another one by now, is not sent', () => {
  const gone = after([text('y'), key('enter')], waiting(null));
  expect([gone.effects, gone.screen.overlays.answering, gone.screen.commands.message?.text]).toEqual([
    [],
    null,
    'a-1 asks nothing any more; nothing was sent',
  ]);
  const other = waiting({ ...asks, mark: 'second', text: 'Delete it all?' });
  const changed = after([text('y'), key('enter')], other);
  expect([changed.effects, changed.screen.overlays.answering]).toMatchObject([
    [],
    { question: { text: 'Delete it all?' }, trouble: 'It asks something else now: nothing was sent.' },
  ]);
  // Neither does the next Enter say what was typed, or chosen, for the question before.
  for (const events of [[text('yes, all of it')], [key('down')]]) {
    const again = after([...events, key('enter'), key('enter')], other);
    expect([again.effects, again.screen.overlays.answering?.trouble]).toEqual([[], 'Choose one, or type an answer.']);
  }
});

test('a question before something is lost takes no letter as a Yes while an answer or a command is being typed', () => {
  const confirm = { targets: ['a-1'], loses: 'work', token: 't', expires: START };
  const asking = { kind: 'replied', command: 'stop all', reply: reply({ exit: 5, confirm }) } as const;
  for (const screen of [open, pressAll(start, [text('ye')]).screen]) {
    const asked = reduceScreen(screen, asking);
    expect(pressAll(asked, [text('y')], waiting()).effects).toEqual([]);
    expect(pressAll(asked, [text('yes'), key('enter')], waiting()).screen).toMatchObject({
      overlays: { dialog: null },
      commands: { message: { text: 'not done: stop all' } },
    });
    expect(pressAll(asked, [key('right'), key('enter')], waiting()).effects).toMatchObject([{ confirm: 't' }]);
  }
  const closed = pressAll(reduceScreen(open, asking), [key('esc')], waiting());
  expect(closed.screen.overlays.answering?.question).toBe(asks);
});

const told = (trouble: string | null, mark = 'first') =>
  ({ kind: 'answered', instance: 'a-1', mark, answer: 'yes', trouble }) as const;

test('what became of an answer is said in its dialogue, or below the line where that was closed', () => {
  const sending = after([text('y'), key('enter')]).screen;
  expect(reduceScreen(sending, told(null))).toMatchObject({
    overlays: { answering: null },
    commands: { message: { tone: 'ok', text: 'a-1 got "Yes" and goes on' } },
  });
  expect(reduceScreen(sending, told('No.')).overlays.answering).toMatchObject({ sending: false, trouble: 'No.' });
  expect(reduceScreen(start, told('No.')).commands.message).toMatchObject({ tone: 'error', text: 'a-1: No.' });
  expect(reduceScreen(sending, told(null, 'other')).overlays.answering).toEqual(sending.overlays.answering);
});

const model = (changes: object, size = { columns: 100, rows: 30 }, connected = true) => {
  const base = modelOf([created(1), moved('rehearsal-1', 'waiting', 'Shall I go on?')], {}, size);
  const question = { ...asks, ...base.questions.get('rehearsal-1')!, choices: asks.choices };
  const answering = { ...open.overlays.answering!, question, ...changes };
  return { ...base, connected, screen: withOverlays(base.screen, { answering }) };
};
const box = (changes: object, size?: { columns: number; rows: number }, connected?: boolean) =>
  drawPanel('answering', model(changes, size, connected)) ?? '';

test('the dialogue shows the question, the choices with the marked one, and what is typed', () => {
  const shown = box({ chosen: 1 });
  for (const part of [
    '? rehearsal-1 asks',
    'Shall I go on?',
    '  1  Yes   it goes on',
    '❯ 2  No',
    '› or type an answer',
  ])
    expect(shown).toContain(part);
  expect(box({ sending: true })).toContain('sent, and not taken yet …');
  expect(box({ trouble: 'It says no.' })).toContain('It says no.');
  expect(box({}, undefined, false)).toContain('There is no connection');
  expect(box({ question: { ...asks, instance: 'rehearsal-1', mark: 'old' } })).toContain('It asks something else now.');
  expect(box({ question: { ...asks, instance: 'rehearsal-9' } })).toContain('It asks nothing any more.');
  expect(drawPanel('answering', modelOf(threeAgents))).toBeUndefined();
});

test('however long the question and small the screen, the choices and the line stay on it', () => {
  const long = { ...asks, text: 'word '.repeat(400), subject: 'line\n'.repeat(40) };
  for (const size of [
    { columns: 40, rows: 14 },
    { columns: 30, rows: 10 },
    { columns: 80, rows: 24 },
  ]) {
    const shown = box({ question: long }, size);
    for (const part of ['1  Yes', '2  No', '› or type']) expect(shown).toContain(part);
    expect(shown.split('\n').length).toBeLessThanOrEqual(size.rows);
  }
  expect(box({ question: long })).toContain('more lines');
});

test('the last row says what the keys of the dialogue do', () => {
  const row = (changes: object) => drawPanel('prompt', model(changes))?.split('\n').at(-1);
  expect(row({})).toBe(' Enter send  ↑↓ 1-9 choose  Esc close, unanswered');
  expect(row({ sending: true })).toBe(' Esc close');
});

const question = [created(1), created(2), moved('rehearsal-1', 'idle'), moved('rehearsal-2', 'waiting', 'Which port?')];

test('[AGT-5] an answer is sent to the agent that asked, and it is said when that goes on', async () => {
  const { type, see, swarm, gone } = openView([...question, alert('info')]);
  await see('? waiting');
  type('\u001Bn');
  await see('▶ rehearsal-2');
  type('\r');
  await see('? rehearsal-2 asks');
  swarm.answer = async (command) => reply({ message: `did ${command}` });
  type('port "80"\r');
  await see('sent, and not taken yet');
  expect(swarm.ran).toEqual([{ text: `answer rehearsal-2 since=${START} "port \\"80\\""`, confirm: undefined }]);
  swarm.apply(moved('rehearsal-2', 'working'));
  await see('✔ rehearsal-2 got "port "80"" and goes on');
  await gone('rehearsal-2 asks');
});

test('[AGT-5] an answer that did not arrive keeps the dialogue with what was typed', async () => {
  const { type, see, swarm } = openView(question);
  await see('? waiting');
  type('\u001B[C\r');
  await see('? rehearsal-2 asks');
  swarm.answer = async () => reply({ exit: 1, message: 'Its terminal is gone.', hint: 'Restart it.' });
  type('80\r');
  await see('Its terminal is gone. Restart it.');
  await see('› 80');
  swarm.answer = () => Promise.reject(new Error('no daemon'));
  type('\r');
  await see('no daemon');
  swarm.answer = () => Promise.reject('odd');
  type('\r');
  await see('odd');
  swarm.apply(moved('rehearsal-2', 'waiting', 'Which name?'));
  await see('It asks something else now.');
  type('\r');
  await see('Which name?');
  await see('It asks something else now: nothing was sent.');
  expect(swarm.ran).toHaveLength(3);
});

test('an agent that got its answer and still asks is not said to go on', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    const { sendAnswer } = await import('../../../src/tui/answering/send-answer.ts');
    const { fakeSwarm } = await import('../fake-swarm.ts');
    const { questionOf } = await import('../../../src/tui/answering/question.ts');
    const swarm = fakeSwarm(question);
    const { mark } = questionOf(swarm.state.instances['rehearsal-2']!)!;
    const said: unknown[] = [];
    const teller = { apply: (told: unknown) => void said.push(told), draw: () => undefined };
    const effect = { kind: 'answer', instance: 'rehearsal-2', since: START, mark, answer: '80' } as const;
    const sending = sendAnswer(swarm, teller, effect);
    await vi.advanceTimersByTimeAsync(10_000);
    await sending;
    await sendAnswer(swarm, teller, { ...effect, mark: 'old' });
    await sendAnswer(swarm, teller, { ...effect, instance: 'nobody' });
    expect(said).toMatchObject([
      { trouble: 'It was sent, but rehearsal-2 still asks. Look at it: attach rehearsal-2' },
      { trouble: 'It asks something else now: nothing was sent.' },
      { trouble: 'It asks something else now: nothing was sent.' },
    ]);
    expect(swarm.ran).toHaveLength(1);
    swarm.answer = async () => reply({ data: { confirmed: true } });
    await sendAnswer(swarm, teller, effect);
    expect(said.at(-1)).toMatchObject({ trouble: null });
  } finally {
    vi.useRealTimers();
  }
});
