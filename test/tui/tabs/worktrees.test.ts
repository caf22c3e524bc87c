import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { attentionOf } from '../../../src/attention/attention.ts';
import type { Delivery } from '../../../src/attention/step.ts';
import { quote } from '../../../src/protocol/lex.ts';
import type { EventDraft } from '../../../src/state/index.ts';
import { worktreesTab } from '../../../src/tui/tabs/worktrees.ts';
import { handleDialogKey } from '../../../src/tui/control/dialog-keys.ts';
import { spread } from '../../../src/tui/widgets/pieces.ts';
import { resultAt } from '../../tasks/journal.ts';
import { reply, START, started, task, threeAgents } from '../fake-swarm.ts';
import { openTabIn } from './open-tab-in.ts';
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
  problem: null,
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

/** A task that rehearsal-3 has done. */
const verified = (id: string): readonly EventDraft[] => [
  task(id, `Task ${id}`),
  ...started(id, 'rehearsal-3'),
  { type: 'run.claimed', data: { id, summary: null } },
  {
    type: 'run.verified',
    data: {
      id,
      result: resultAt('b'.repeat(40)),
    },
  },
];

test('[TUI-6] each worktree is shown with its branch, session, tasks and changes, and the diff of the selected one', () => {
  const answers = { 'tree worktrees': [node, integration], 'show diff 2.1': diff };
  expect(textOf(worktreesTab.body(tabContext(threeAgents, { answers })))).toEqual([
    [
      'worktrees',
      '■ rehearsal-1  ● working | 2 uncommitted 3 ahead 1 behind',
      '  ├─ ⎇ feature/task-1',
      '  └─ 2.1 Parse the lines | running',
      '■ integration | 3 ahead',
      '  └─ ⎇ no branch',
    ],
    ['diff of 2.1', '(Nothing is changed there.)'],
  ]);
  const asked = worktreesTab.queries?.(tabContext(threeAgents, { answers })).map(({ text }) => text);
  expect(asked).toEqual(['tree worktrees', 'show diff 2.1']);
});

test('on a narrow screen the worktrees stand alone, and the diff is one key away', () => {
  const answers = { 'tree worktrees': [node] };
  const narrow = tabContext(threeAgents, { answers, width: 80 });
  expect(textOf(worktreesTab.body(narrow))).toHaveLength(1);
  expect(worktreesTab.queries?.(narrow)).toHaveLength(1);
  const alone = tabContext(threeAgents, { answers, width: 80, own: { mode: 2 } });
  expect(textOf(worktreesTab.body(alone))).toEqual([['diff of 2.1', '(reading the diff …)']]);
  expect(textOf(worktreesTab.body(tabContext([])))).toEqual([['worktrees', '(looking at the worktrees …)']]);
  const none = tabContext([], { answers: { 'tree worktrees': [] } });
  expect(textOf(worktreesTab.body(none))[0]?.[1]).toMatch(/No worktree/);
  const context = tabContext(threeAgents, { answers });
  expect(['enter', 'd', 'a', 'x'].map((key) => commandOf(worktreesTab, key, 'rehearsal-1', context))).toEqual([
    'show diff 2.1',
    'show diff 2.1',
    'attach rehearsal-1',
    'remove worktree rehearsal-1',
  ]);
  expect(commandOf(worktreesTab, 'a', 'integration', context)).toBeNull();
});

test('[GIT-4] who would conflict with whom stands above the worktrees, as long as anybody would', () => {
  const clash = (first: string, second: string, kind: string): EventDraft => ({
    type: 'conflict.predicted',
    data: {
      id: `${first}/${second}`,
      instances: [first, second],
      tasks: ['2.1', null],
      files: [{ path: 'src/app.txt', kind, lines: [[[3, 9]], [[3, 9]]] }],
      policy: 'warn',
      paused: null,
    },
  });
  const answers = { 'tree worktrees': [node] };
  const facts = [clash('rehearsal-1', 'rehearsal-3', 'contents'), clash('rehearsal-2', 'rehearsal-3', 'overlap')];
  const [tree] = textOf(worktreesTab.body(tabContext([...threeAgents, ...facts], { answers, width: 80 })));
  expect(tree!.slice(1, 6)).toEqual([
    'would conflict   1  2',
    '1 rehearsal-1    · ⚡  2.1',
    '2 rehearsal-3   ⚡  ·',
    '  2.1 and rehearsal-3 both change src/app.txt lines 3–9 (rehearsal-1 and rehearsal-3)',
    '■ rehearsal-1  ● working | 2 uncommitted 3 ahead 1 behind',
  ]);
});

test('[TUI-6] a few tasks are merged by one key, many only after a question that names them', () => {
  const answers = new Map([['tree worktrees', reply({ data: [node] })]]);
  const after = (ids: readonly string[]) => {
    const { press, view } = openTabIn('worktrees', [...threeAgents, ...ids.flatMap(verified)], 120, answers);
    return press(view(), 'M');
  };
  expect(after(['7', '8']).effects).toEqual([{ kind: 'run', text: 'merge completed branches' }]);
  const many = after(['5', '6', '7', '8']);
  expect(many.effects).toEqual([]);
  const { dialog } = many.screen.overlays;
  expect(dialog).toMatchObject({ title: 'Merge 4 tasks?', command: 'merge completed branches', yes: false });
  expect(dialog?.targets).toContain('8 Task 8');
  const yes = handleDialogKey(many.screen, 'y', dialog!, { now: 0, page: { most: 0, height: 9 } });
  expect(yes.effect).toEqual({ kind: 'run', text: 'merge completed branches', queued: [] });
  const no = handleDialogKey(many.screen, 'esc', dialog!, { now: 0, page: { most: 0, height: 9 } });
  expect(no.screen.commands.message?.text).toBe('not done: merge completed branches');
});

const DELIVERY = { branch: 'main', commits: 2, own: 0, integration: 'drover/integration' };

test('[TUI-6] the integration branch has its diff against the own branch, and the step that brings it there', () => {
  const files = [{ path: 'a.ts', insertions: 1, deletions: 0 }];
  const shown = (branch: string | null, delivery: Delivery | null = DELIVERY, more: readonly EventDraft[] = []) => {
    const tree = { ...integration, branch, ahead: 82 };
    const subject = quote(branch ?? 'drover/integration');
    const answers = { 'tree worktrees': [tree], [`show diff ${subject}`]: { ...diff, files } };
    const seen = tabContext([...threeAgents, ...more], { answers });
    const surroundings = { agent: null, isUsual: false, plans: [], delivery };
    const context = { ...seen, attention: attentionOf(seen.state, surroundings) };
    return {
      text: textOf(worktreesTab.body(context))[1],
      enter: commandOf(worktreesTab, 'enter', 'integration', context),
    };
  };
  const at = (line: string | null) => ({
    text: ['diff of drover/integration  done', ...(line === null ? [] : [` ${line}`, '']), ' a.ts | +1 −0'],
    enter: 'show diff drover/integration',
  });
  expect(shown('drover/integration')).toEqual(
    at('2 commits merged, to deliver to main: merge completed branches to=main'),
  );
  // What the own branch has is brought in first, and what fails a gate is looked at: the other would be refused.
  expect(shown('drover/integration', { ...DELIVERY, own: 1 })).toEqual(
    at('main has 1 commit that drover/integration lacks: sync branch drover/integration'),
  );
  expect(shown('drover/integration', { ...DELIVERY, failed: { batch: 'batch-2', problem: 'lint' } }).text?.[1]).toMatch(
    /: show integration batch-2$/u,
  );
  expect(shown('drover/integration', null)).toEqual(at(null));
  const batch: EventDraft = {
    type: 'batch.started',
    data: { id: 'batch-1', target: 'drover/integration', base_commit: 'a', tasks: [] },
  };
  expect(shown(null, DELIVERY, [batch])).toEqual(at(null));
});

test('tasks that are merged are folded, and the diff of an idle agent is that of what waits', () => {
  const begun: EventDraft = {
    type: 'batch.started',
    data: { id: 'batch-1', target: 'drover/integration', base_commit: 'a', tasks: ['7'] },
  };
  const merged: EventDraft = {
    type: 'batch.merged',
    data: { id: 'batch-1', task: '7', branch: 'feature/task-7', commit: 'c' },
  };
  const facts = [...threeAgents, ...verified('7'), ...verified('8'), begun, merged];
  const idle = {
    ...{ ...node, name: 'rehearsal-3', instance: 'rehearsal-3', dirty: 0 },
    tasks: [
      { id: '7', title: 'Old', word: 'merged' },
      { id: '8', title: 'New', word: 'done' },
    ],
  };
  const tree = (isUnfolded: boolean) =>
    textOf(
      worktreesTab.body(tabContext(facts, { answers: { 'tree worktrees': [idle] }, own: { isUnfolded } })),
    )[0]?.slice(2);
  expect(tree(false)).toEqual(['  ├─ ⎇ feature/task-1', '  ├─ 8 New | done', '  └─ +1 merged']);
  expect(tree(true)).toContain('  └─ 8 New | done');
  expect(tree(true)).toContain('  ├─ session repo-rehearsal-1');
  const context = tabContext(facts, { answers: { 'tree worktrees': [idle] } });
  expect(commandOf(worktreesTab, 'enter', 'rehearsal-3', context)).toBe('show diff 8');
});

test('a filter finds a worktree by its branch and its tasks, also by what is merged there and folded', () => {
  const tasks = [...node.tasks, { id: 't9', title: 'Pick plums', word: 'merged', branch: 'feature/t9-plums' }];
  const answers = new Map([['tree worktrees', reply({ data: [integration, { ...node, tasks }] })]]);
  const shown = (filter: string) => {
    const { view, openIn } = openTabIn('worktrees', threeAgents, 80, answers);
    return textOf(openIn(view({ filter }))!.body)[0];
  };
  const name = expect.stringMatching(/^■ rehearsal-1/u);
  const unfolded = ['worktrees', name, '  ├─ ⎇ feature/task-1', '  ├─ 2.1 Parse the lines | running'];
  for (const filter of ['t9', 'plums']) expect(shown(filter)).toEqual([...unfolded, '  └─ t9 Pick plums | merged']);
  for (const filter of ['task-1', '2.1', 'PARSE']) expect(shown(filter)).toEqual([...unfolded, '  └─ +1 merged']);
});

test('the state of a task below a worktree is not cut away with a title that goes on and on', () => {
  const title = 'Handle every kind of quoting, nested braces and comments until nobody reads on any more';
  const rows = [{ ...node, tasks: [{ id: '2.1', title, word: 'failed: check', branch: 'b' }] }];
  const { columns } = worktreesTab.body(tabContext(threeAgents, { answers: { 'tree worktrees': rows }, width: 80 }));
  const line = columns[0]!.lines.find(({ pieces }) => pieces.some(({ text }) => text === title))!;
  const drawn = stripVTControlCharacters(spread(line.pieces, line.right ?? [], 80));
  expect(drawn).toMatch(/2\.1 Handle every.*and… +failed: check/u);
});
