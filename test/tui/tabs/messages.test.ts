import { expect, test } from 'vitest';
import type { EventDraft } from '../../../src/state/index.ts';
import { messagesTab } from '../../../src/tui/tabs/messages.ts';
import { stateOf as foldOf } from '../../state/fold.ts';
import { taskCreated, timeOf } from '../../state/story.ts';
import { START } from '../fake-swarm.ts';
import { commandOf, tabContext, textOf } from './tab-context.ts';

const event = (seq: number, type: string, data: object, actor = 'cli') => ({
  seq,
  at: START,
  actor,
  corr: 'c',
  type,
  data,
});

test('[TUI-6] messages are what people, agents and Drover said, the latest first', () => {
  const unfolded = { isUnfolded: true };
  const [asked] = messagesTab.queries!(tabContext([], { own: unfolded }));
  const said = [
    event(1, 'command.finished', { verb: 'tell', text: 'tell r-1 "hello"', exit: 0 }),
    event(2, 'command.finished', { verb: 'list', text: 'list tasks', exit: 0 }),
    event(3, 'instance.moved', { instance_id: 'r-1', state: 'waiting', question: 'Go\u001B[2J?' }),
    event(4, 'instance.moved', { instance_id: 'r-1', state: 'working' }),
    event(5, 'run.progressed', { id: '1', progress: 40, note: 'halfway' }, 'r-1'),
    event(6, 'run.progressed', { id: '1', progress: 50, note: null }, 'r-1'),
    event(7, 'run.claimed', { id: '1', summary: 'all of it' }),
    event(8, 'run.claimed', { id: '1', summary: null }),
    event(9, 'run.verified', { id: '1', result: { commits: 1, check_ms: 5 } }),
    event(10, 'run.failed', { id: '1', failure: { class: 'check', message: 'red' } }),
    event(11, 'alert.raised', { id: 'waiting:r-1', text: 'r-1 asks' }),
    event(12, 'alert.raised', { id: 'x', text: 'look' }),
    event(13, 'command.finished', { verb: 'stop', text: 'stop r-9', exit: 3 }),
    event(14, 'run.started', {}),
  ];
  const [lines] = textOf(messagesTab.body(tabContext([], { answers: { [asked!.text]: said }, own: unfolded })));
  expect(lines!.map((line) => line.replace(/^ \d\d:\d\d:\d\d /, ''))).toEqual([
    'messages  the latest first',
    'cli          stop r-9',
    'drover       → you: look',
    '?            1 failed (check): red',
    '?            1 is verified',
    '?            1 reports done',
    '?            1 reports done: all of it',
    '?            1 reports 40%: halfway',
    String.raw`r-1          → you: Go\u001b[2J?`,
    'cli          tell r-1 "hello"',
  ]);
  expect(textOf(messagesTab.body(tabContext([])))[0]?.[1]).toBe('(reading the journal …)');
  expect(commandOf(messagesTab, 'enter', '9', tabContext([]))).toBe('show event 9');
});

test.each([
  ['return', 'return task t1 "Name the file"'],
  ['comment', 'comment task t1 "Why so?"'],
  ['takeover', 'takeover task t1'],
  ['resolve', 'resolve conflict t1 with=ours'],
  ['assign', 'assign task t1 to r-1'],
])('what somebody says in a review is a message: %s', (verb, said) => {
  const [asked] = messagesTab.queries!(tabContext([]));
  const answers = { [asked!.text]: [event(1, 'command.finished', { verb, text: said, exit: 0 })] };
  const [lines] = textOf(messagesTab.body(tabContext([], { answers })));
  expect(lines![1]).toContain(`cli          ${said}`);
});

test('what an attempt came to is said of the agent that made it, whoever has the task by now', () => {
  const begun = (instance: string): readonly EventDraft[] => [
    { type: 'task.assigned', data: { id: '1', instance, pinned: false, reason: 'x' } },
    { type: 'run.started', data: { id: '1', instance, branch: 'b', start_commit: 'c' } },
  ];
  const failure = { class: 'check', message: 'red' } as const;
  const state = foldOf(
    ...[taskCreated('1'), ...begun('r-1')],
    ...([{ type: 'run.failed', data: { id: '1', failure } }] as const),
    ...([{ type: 'task.reopened', data: { id: '1', reason: 'x' } }] as const),
    ...begun('r-2'),
  );
  const [asked] = messagesTab.queries!(tabContext([]));
  const said = [
    { ...event(1, 'run.failed', { id: '1', failure }), at: timeOf(4) },
    { ...event(2, 'run.claimed', { id: '1', summary: null }), at: timeOf(9) },
  ];
  const [lines] = textOf(messagesTab.body({ ...tabContext([], { answers: { [asked!.text]: said } }), state }));
  expect(lines!.slice(1).map((line) => line.replace(/^ \d\d:\d\d:\d\d /, ''))).toEqual([
    'r-2          1 reports done',
    'r-1          1 failed (check): red',
  ]);
});

test('[TUI-6] reports of progress are not asked for until they are unfolded, and a claim that held is one line', () => {
  const [folded] = messagesTab.queries!(tabContext([]));
  const [unfolded] = messagesTab.queries!(tabContext([], { own: { isUnfolded: true } }));
  expect([folded!.text, unfolded!.text].map((text) => text.includes('run.progressed'))).toEqual([false, true]);
  const result = { commits: 1, check_ms: 5 };
  const said = [
    event(1, 'run.claimed', { id: '1', summary: 'all of it' }),
    event(2, 'run.claimed', { id: '2', summary: 'half of it' }),
    event(3, 'run.verified', { id: '1', result }),
    event(4, 'run.failed', { id: '2', failure: { class: 'check', message: 'red' } }),
    event(5, 'run.claimed', { id: '3', summary: null }),
    event(6, 'run.verified', { id: '3', result: { ...result, check_ms: 0 } }),
    event(7, 'run.claimed', { id: '4', summary: 'and now?' }),
    event(8, 'alert.raised', { id: 'failed:2', text: '2 failed (check): red' }),
    event(9, 'alert.raised', {
      id: 'instance:r-1',
      text: 'r-1 crashed, and is started again at 2026-01-01T00:01:35.000Z',
    }),
  ];
  const [lines] = textOf(messagesTab.body(tabContext([], { answers: { [folded!.text]: said } })));
  expect(lines!.slice(1).map((line) => line.slice(23))).toEqual([
    '→ you: r-1 crashed, and is started again in 30s',
    '4 reports done: and now?',
    '3 is done, unchecked',
    '2 failed (check): red',
    '1 is verified: all of it',
    '2 reports done: half of it',
  ]);
});
