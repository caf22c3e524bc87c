import { expect, test } from 'vitest';
import type { EventDraft } from '../../../src/state/index.ts';
import { makeActivitySampler } from '../../../src/tui/model/activity-sampler.ts';
import { alertsTab } from '../../../src/tui/tabs/alerts.ts';
import { helpTab } from '../../../src/tui/tabs/help.ts';
import { logTab } from '../../../src/tui/tabs/log.ts';
import { messagesTab } from '../../../src/tui/tabs/messages.ts';
import { metricsTab, throughput } from '../../../src/tui/tabs/metrics.ts';
import { worktreesTab } from '../../../src/tui/tabs/worktrees.ts';
import { sparkline } from '../../../src/tui/widgets/sparkline.ts';
import { START, started, stateOf, task, threeAgents } from '../fake-swarm.ts';
import { alert } from '../panels/draw-panel.ts';
import { commandOf, tabContext, textOf } from './tab-context.ts';

const node = {
  name: 'rehearsal-1',
  path: '/tmp/rehearsal-1',
  kind: 'instance',
  instance: 'rehearsal-1',
  instance_state: 'working',
  session: 'repo-rehearsal-1',
  task: '2.1',
  task_state: 'running',
  branch: 'feature/task-1',
  dirty: 2,
  ahead: 3,
  behind: 1,
  commit: 'a',
  committed_at: START,
  subject: 'first',
  tasks: [{ id: '2.1', title: 'Parse the lines', word: 'running', branch: 'feature/task-1' }],
};
const integration = {
  ...node,
  name: 'integration',
  kind: 'integration',
  instance: null,
  session: null,
  tasks: [],
  behind: 0,
  dirty: 0,
  branch: null,
};
const diff = { id: 'rehearsal-1', from: 'a', to: 'b', uncommitted: true, cut: false, patch: '', files: [] };

test('[TUI-6] each worktree is shown with its branch, session, tasks and changes, and the diff of the selected one', () => {
  const answers = { 'tree worktrees': [node, integration], 'show diff rehearsal-1': diff };
  expect(textOf(worktreesTab.body(tabContext(threeAgents, { answers })))).toEqual([
    [
      'worktrees',
      '■ rehearsal-1  ● working | 2 uncommitted +3 −1',
      '  ├─ ⎇ feature/task-1',
      '  ├─ session repo-rehearsal-1',
      '  └─ 2.1 Parse the lines running',
      '■ integration  integration | +3',
      '  └─ ⎇ no branch',
    ],
    ['diff of rehearsal-1  done', '(It has changed nothing.)'],
  ]);
  const asked = worktreesTab.queries?.(tabContext(threeAgents, { answers })).map(({ text }) => text);
  expect(asked).toEqual(['tree worktrees', 'show diff rehearsal-1']);
});

test('on a narrow screen the worktrees stand alone, and the diff is one key away', () => {
  const answers = { 'tree worktrees': [node] };
  const narrow = tabContext(threeAgents, { answers, width: 80 });
  expect(textOf(worktreesTab.body(narrow))).toHaveLength(1);
  expect(worktreesTab.queries?.(narrow)).toHaveLength(1);
  const alone = tabContext(threeAgents, { answers, width: 80, own: { mode: 2 } });
  expect(textOf(worktreesTab.body(alone))).toEqual([['diff of rehearsal-1', '(reading the diff …)']]);
  expect(textOf(worktreesTab.body(tabContext([])))).toEqual([['worktrees', '(looking at the worktrees …)']]);
  const none = tabContext([], { answers: { 'tree worktrees': [] } });
  expect(textOf(worktreesTab.body(none))[0]?.[1]).toMatch(/No worktree/);
  const context = tabContext(threeAgents, { answers });
  expect(['enter', 's', 'a', 'm', 'x'].map((key) => commandOf(worktreesTab, key, 'rehearsal-1', context))).toEqual([
    'show diff rehearsal-1',
    'show worktree rehearsal-1',
    'attach rehearsal-1',
    'merge completed branches',
    'remove worktree rehearsal-1',
  ]);
  expect(commandOf(worktreesTab, 'a', 'integration', context)).toBeNull();
});

test('[TUI-6] alerts stand with what helps, the gravest first', () => {
  const waiting = {
    type: 'alert.raised',
    data: {
      id: 'w',
      severity: 'warning',
      text: 'r asks: Go?',
      suggestion: 'answer r "yes"',
      instance: null,
      task: null,
    },
  } as const;
  const context = tabContext([alert('info'), waiting, alert('error', 'restart instance r')]);
  expect(textOf(alertsTab.body(context))).toEqual([
    [
      'alerts',
      ' ✖ error text | 1m',
      '     restart instance r',
      ' ! r asks: Go? | 1m',
      '     answer r "…"',
      ' i info text | 1m',
      '     nothing has to be done',
    ],
  ]);
  expect(textOf(alertsTab.body(tabContext([])))).toEqual([['alerts', '(Nothing needs you.)']]);
  expect(['enter', 's', 'x'].map((key) => commandOf(alertsTab, key, 'error', context))).toEqual([
    'restart instance r',
    'show alert "error"',
    'clear alert "error"',
  ]);
  expect(commandOf(alertsTab, 'enter', 'info', context)).toBeNull();
});

const event = (seq: number, type: string, data: object, actor = 'cli') => ({
  seq,
  at: START,
  actor,
  corr: 'c',
  type,
  data,
});

test('[TUI-6] messages are what people, agents and Drover said, the latest first', () => {
  const [asked] = messagesTab.queries!(tabContext([]));
  const said = [
    event(1, 'command.finished', { verb: 'tell', text: 'tell r-1 "hello"', exit: 0 }),
    event(2, 'command.finished', { verb: 'list', text: 'list tasks', exit: 0 }),
    event(3, 'instance.moved', { instance_id: 'r-1', state: 'waiting', question: 'Go\u001B[2J?' }),
    event(4, 'instance.moved', { instance_id: 'r-1', state: 'working' }),
    event(5, 'run.progressed', { id: '1', progress: 40, note: 'halfway' }, 'r-1'),
    event(6, 'run.progressed', { id: '1', progress: 50, note: null }, 'r-1'),
    event(7, 'run.claimed', { id: '1', summary: 'all of it' }),
    event(8, 'run.claimed', { id: '1', summary: null }),
    event(9, 'run.verified', { id: '1' }),
    event(10, 'run.failed', { id: '1', failure: { class: 'check', message: 'red' } }),
    event(11, 'alert.raised', { id: 'waiting:r-1', text: 'r-1 asks' }),
    event(12, 'alert.raised', { id: 'x', text: 'look' }),
    event(13, 'command.finished', { verb: 'stop', text: 'stop r-9', exit: 3 }),
    event(14, 'run.started', {}),
  ];
  const [lines] = textOf(messagesTab.body(tabContext([], { answers: { [asked!.text]: said } })));
  expect(lines!.map((line) => line.replace(/^ \d\d:\d\d:\d\d /, ''))).toEqual([
    'messages  the latest first',
    'cli          stop r-9',
    'drover       → you: look',
    '?            1 failed (check): red',
    '?            1 is verified',
    '?            1 is done, it claims',
    '?            1 is done, it claims: all of it',
    '?            1 40% halfway',
    'r-1          → you: Go?',
    'cli          tell r-1 "hello"',
  ]);
  expect(textOf(messagesTab.body(tabContext([])))[0]?.[1]).toBe('(reading the journal …)');
  expect(commandOf(messagesTab, 'enter', '9', tabContext([]))).toBe('show event 9');
});

const verified = (id: string): EventDraft =>
  ({
    type: 'run.verified',
    data: {
      id,
      result: {
        head_commit: 'b',
        commits: 1,
        files: 1,
        insertions: 1,
        deletions: 0,
        check_ms: 5,
        check_output: '',
      },
    },
  }) as EventDraft;

test('[TUI-6] metrics say how much is done, how quickly and by whom', () => {
  const failing: EventDraft = {
    type: 'run.failed',
    data: { id: '2.2', failure: { class: 'check', message: 'no' } },
  };
  const sampler = makeActivitySampler(() => 0);
  sampler.take(stateOf(threeAgents));
  sampler.take(stateOf([]));
  expect(sampler.samples).toEqual([{ at: 0, working: 2, waiting: 0, done: 0 }]);
  const claimed: EventDraft = { type: 'run.claimed', data: { id: '2.1', summary: null } };
  const context = tabContext(
    [...threeAgents, claimed, verified('2.1'), failing, task('9', 'x'), ...started('9', 'rehearsal-3')],
    {
      samples: sampler.samples,
    },
  );
  const [swarm, agents] = textOf(metricsTab.body(context));
  expect(swarm).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/tasks done +▰▰▰▱▱▱▱▱▱▱ 1 of 4/),
      expect.stringMatching(/at work +█ +2 now/),
      expect.stringMatching(/runs +1 verified, 1 failed/),
      expect.stringMatching(/claims that held +50%/),
    ]),
  );
  expect(agents![1]).toMatch(/■ rehearsal-1 +▱+ +0% {2}✔ 1/);
  expect(agents![2]).toMatch(/rehearsal-2 .*✔ 0 {2}✖ 1/);
  expect(agents![3]).toMatch(/rehearsal-3 +▰{10} 100%/);
  expect(commandOf(metricsTab, 'enter', 'rehearsal-1', context)).toBe('show instance rehearsal-1');
  const [nothing, nobody] = textOf(metricsTab.body(tabContext([])));
  expect(nothing).toEqual(expect.arrayContaining([expect.stringMatching(/a task takes +not known yet/)]));
  expect(nobody![1]).toBe('(No agent.)');
});

test('what was verified is counted in the part of the time in which it was', () => {
  const at = (ms: number) => new Date(ms).toISOString();
  const run = (from: number, to: number | null) => ({
    started_at: at(from),
    ended_at: to === null ? null : at(to),
    result: to === null ? null : {},
  });
  expect(throughput([run(0, 10), run(10, 100), run(20, 99), run(50, null)], 4, 100)).toEqual([1, 0, 0, 2]);
  expect(throughput([], 3, 100)).toEqual([0, 0, 0]);
});

test('a row of bars has the latest at the right, and a blank for nothing', () => {
  expect(sparkline([0, 1, 2, 4], 6)).toBe('   ▂▄█');
  expect(sparkline([1, 2, 3], 2)).toBe('▆█');
  expect(sparkline([0, 0], 2)).toBe('  ');
  expect(sparkline([], 0)).toBe('');
});

test('[TUI-6] the log shows what one agent printed, or finds words in what all of them did', () => {
  const answers = {
    'list logs': [{ instance: 'rehearsal-2', last: 'the \u001B[31mlast' }],
    'show log rehearsal-2 limit=1000': { text: 'one\n\u001B[31mtwo\n' },
  };
  const own = { cursor: 'rehearsal-2' };
  expect(textOf(logTab.body(tabContext(threeAgents, { answers, own })))).toEqual([
    ['agents', '■ rehearsal-1', '', '■ rehearsal-2', '  the last', '■ rehearsal-3', ''],
    ['output of rehearsal-2  / searches all', 'one', 'two'],
  ]);
  expect(logTab.queries!(tabContext(threeAgents)).map(({ text }) => text)).toEqual([
    'list logs',
    'show log rehearsal-1 limit=1000',
  ]);
  const search = { own: { filter: ' say "hi" ' } };
  const [asked] = logTab.queries!(tabContext(threeAgents, search));
  expect(asked!.text).toBe('list logs grep="say \\"hi\\""');
  expect(textOf(logTab.body(tabContext(threeAgents, search)))[0]?.[1]).toBe('(searching …)');
  const found = [
    { instance: 'rehearsal-1', found: ['I SAY "Hi" to you'] },
    { instance: 'rehearsal-2', found: [] },
  ];
  const body = logTab.body(tabContext(threeAgents, { ...search, answers: { [asked!.text]: found } }));
  expect(textOf(body)).toEqual([
    ['“say "hi"” in the output of all agents  done', '■ rehearsal-1 1', '   I SAY "Hi" to you'],
  ]);
  expect(body.columns[0]!.lines[1]!.pieces).toContainEqual({ text: 'SAY "Hi"', inverse: true, bold: true });
  expect(commandOf(logTab, 'enter', 'rehearsal-1 0', tabContext([]))).toBe('show log rehearsal-1');
  expect(commandOf(logTab, 'a', 'rehearsal-1', tabContext([]))).toBe('attach rehearsal-1');
  expect(textOf(logTab.body(tabContext([])))).toHaveLength(2);
});

test('[TUI-6] help has what can be said, and beside it the keys where there is room', () => {
  const answers = { help: null };
  const wide = textOf(helpTab.body(tabContext([], { answers })));
  expect(wide.map(([title]) => title)).toEqual(['what can be said', 'keys everywhere']);
  expect(wide[0]![1]).toBe('done');
  expect(textOf(helpTab.body(tabContext([], { width: 80 })))).toEqual([['what can be said', '(asking …)']]);
});
