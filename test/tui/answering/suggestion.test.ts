import { expect, test } from 'vitest';
import { STEP_KINDS } from '../../../src/attention/step.ts';
import { keyOfStep, runSuggestion } from '../../../src/tui/answering/suggestion.ts';
import { initialScreen, withPanes } from '../../../src/tui/model/screen-state.ts';
import { promptText } from '../../../src/tui/prompt/prompt-state.ts';
import { IDS, keyContext, stepTo } from '../control/key-context.ts';
import { key, pressAll, text } from '../control/press-keys.ts';
import { onPanes } from '../control/screens.ts';
import { start, waiting } from './open-question.ts';

test('the suggestion of an alert is run by one key, from the prompt as well', () => {
  const context = keyContext({ suggestion: stepTo('restart instance a-1') });
  const run = { kind: 'run', text: 'restart instance a-1' };
  expect(pressAll(onPanes, [text('g')], context).effects).toEqual([run]);
  expect(pressAll(initialScreen([]), [key('ctrl+g')], context).effects).toEqual([run]);
});

test('a suggested answer is put into the command line with the cursor where the words belong', () => {
  const context = keyContext({ suggestion: stepTo('answer a-1 "yes"') });
  for (const { screen, effects } of [
    pressAll(onPanes, [text('g')], context),
    pressAll(initialScreen(IDS), [text('half a line'), key('ctrl+g')], context),
  ]) {
    expect([promptText(screen.prompt), screen.focus, effects]).toEqual(['answer a-1 ""', 'prompt', []]);
    const next = pressAll(screen, [text('port 80'), key('enter')]);
    expect(next.effects).toEqual([{ kind: 'run', text: 'answer a-1 "port 80"' }]);
  }
});

test('a yes to what nobody asks any more is said, and refused by the daemon', () => {
  const { effects } = pressAll(onPanes, [text('g')], keyContext({ suggestion: stepTo('approve a-1') }));
  expect(effects).toEqual([{ kind: 'run', text: 'approve a-1' }]);
});

test.each(['answer a-1 "yes"', 'approve a-1'])(
  'the suggestion %j opens the question of its agent, what is half typed stays',
  (suggestion) => {
    const context = { ...waiting(), suggestion: stepTo(suggestion) };
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
  },
);

test.each(STEP_KINDS)('the key of a step to %s is marked exactly where it leaves the running to Enter', (kind) => {
  const step = { ...stepTo('list tasks'), kind };
  const { screen, effects } = pressAll(initialScreen(IDS), [key('ctrl+g')], keyContext({ suggestion: step }));
  const isMarked = keyOfStep('Ctrl-G', step) === 'Ctrl-G ↵';
  expect([promptText(screen.prompt), effects]).toEqual(
    isMarked ? ['list tasks', []] : ['', [{ kind: 'run', text: 'list tasks' }]],
  );
});

test('a suggestion about what has the name of a word leads to it as well', () => {
  const suggested = (command: string) => runSuggestion(start, command, waiting()).screen;
  expect(suggested('review task "ready"').tabs.states.review.subject).toBe('ready');
  expect(suggested('approve "a-1"').overlays.answering?.question.instance).toBe('a-1');
});

test.each(['merge', 'deliver'] as const)('one key takes the step to %s, and nothing stands in the line', (kind) => {
  const step = { ...stepTo('merge completed branches'), kind };
  for (const pressed of [text('g'), key('ctrl+g')]) {
    const { screen, effects } = pressAll(onPanes, [pressed], keyContext({ suggestion: step }));
    expect([promptText(screen.prompt), effects]).toEqual(['', [{ kind: 'run', text: 'merge completed branches' }]]);
  }
});

test('[TUI-6] the step to merge more than three is asked about, with the count, and the second key says yes', () => {
  const step = { ...stepTo('merge completed branches'), kind: 'merge' as const };
  const merges = ['t1', 't2', 't3', 't4'].map((id) => ({ id, title: id }));
  const context = keyContext({ suggestion: step, hint: (says) => ({ kind: 'ok', says, merges }) });
  const asked = pressAll(initialScreen(IDS), [key('ctrl+g')], context);
  expect([asked.screen.overlays.dialog?.title, asked.effects]).toEqual(['Merge 4 tasks?', []]);
  expect(pressAll(asked.screen, [text('y')], context).effects).toMatchObject([
    { kind: 'run', text: 'merge completed branches' },
  ]);
  expect(pressAll(asked.screen, [key('enter')], context).effects).toEqual([]);
});

test('Enter by habit behind a step that is done types into nobody, sends no draft, and opens nothing', () => {
  const context = keyContext({ suggestion: { ...stepTo('run all ready tasks'), kind: 'run' } });
  const run = { kind: 'run', text: 'run all ready tasks' };
  const once = pressAll(initialScreen(IDS), [key('ctrl+g'), key('enter')], context);
  expect([once.effects, once.screen.panes.typing, once.screen.commands.message?.text]).toEqual([
    [run],
    null,
    'that is done already, without Enter',
  ]);
  const draft = pressAll(initialScreen(IDS), [text('stop all'), key('ctrl+g'), key('enter')], context);
  expect([draft.effects, promptText(draft.screen.prompt)]).toEqual([[run], 'stop all']);
  const inView = pressAll(onPanes, [text('g'), key('enter')], context);
  expect([inView.effects, inView.screen.panes.typing]).toEqual([[run], null]);
  // The next one means what it ever does, and so does every other key at once.
  expect(pressAll(once.screen, [key('enter')], context).screen.panes.typing).not.toBeNull();
  expect(pressAll(initialScreen(IDS), [key('ctrl+g'), text('status'), key('enter')], context).effects).toEqual([
    run,
    { kind: 'run', text: 'status' },
  ]);
});

test('Enter behind a step opens the question that is asked by then, as the last row says', () => {
  const context = { ...waiting(), suggestion: { ...stepTo('run all ready tasks'), kind: 'run' as const } };
  const { screen, effects } = pressAll(start, [key('ctrl+g'), key('enter')], context);
  expect([screen.overlays.answering?.question.instance, effects.length]).toEqual(['a-1', 1]);
});

test('a typed yes to a question that asks for words opens that', () => {
  const context = waiting();
  const open = new Map([...context.questions].map(([id, one]) => [id, { ...one, choices: [] }]));
  const typed = (questions: typeof context.questions) =>
    pressAll(start, [text('approve a-1'), key('enter')], { ...context, questions });
  expect([typed(open).screen.overlays.answering?.question.instance, typed(open).effects]).toEqual(['a-1', []]);
});
