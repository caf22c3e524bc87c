import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PlanData } from '../../../src/text/plan-data.ts';
import { tasksTab } from '../../../src/tui/tabs/tasks.ts';
import { taskGraph } from '../../../src/tui/tabs/tasks-graph.ts';
import { started, task, threeAgents } from '../fake-swarm.ts';
import { commandOf, tabContext, textOf } from './tab-context.ts';

const failed = [
  task('3', 'Breaks'),
  ...started('3', 'rehearsal-3', 20),
  { type: 'run.failed', data: { id: '3', failure: { class: 'check', message: 'no' } } },
] as const;

test('the board has a column for each state, with who is at work and what is waited for', () => {
  const columns = textOf(tasksTab.body(tabContext([...threeAgents, ...failed])));
  expect(columns).toEqual([
    [
      '● running 2',
      '● 2.1 Parse the lines',
      '  → rehearsal-1 ▰▰▱▱ 60% 1m',
      '● 2.2 Write the grammar',
      '  → rehearsal-2 ▱▱▱▱ 10% 1m',
    ],
    ['◇ ready 0', '(none)'],
    ['… waiting 1', '… 2.3 Join both', '  after 2.1, 2.2'],
    ['✖ failed 1', '✖ 3 Breaks', expect.stringContaining('check')],
    ['✔ done 0', '(none)'],
  ]);
});

test('on a narrow screen states share columns, with a heading for each', () => {
  const columns = textOf(tasksTab.body(tabContext([...threeAgents, ...failed], { width: 80 })));
  expect(columns.map(([title]) => title)).toEqual(['● running 2', '◇ ready 0', '✔ done 0']);
  expect(columns[0]).toContain('✖ failed 1');
  expect(columns[1]).toEqual(['◇ ready 0', '… waiting 1', '… 2.3 Join both', '  after 2.1, 2.2']);
});

test('the list has one line for each task', () => {
  const [list] = textOf(tasksTab.body(tabContext(threeAgents, { own: { mode: 1 } })));
  expect(list).toEqual([
    'tasks',
    '● running 2',
    '  ● 2.1    Parse the lines → rehearsal-1 | ▰▰▰▰▱▱ 60% 1m',
    '  ● 2.2    Write the grammar → rehearsal-2 | ▰▱▱▱▱▱ 10% 1m',
    '… waiting 1',
    '  … 2.3    Join both  after 2.1, 2.2',
  ]);
  expect(textOf(tasksTab.body(tabContext([], { own: { mode: 1 } })))).toEqual([
    ['tasks', '(No task. Say: create task "…")'],
  ]);
});

const planned = (changes: Partial<PlanData> = {}): PlanData => ({
  waves: [['2.1', '2.2'], ['2.3']],
  critical_path: ['2.2', '2.3'],
  strategy: 'critical-path',
  unit: 'ms',
  length: 90_000,
  least: 60_000,
  instances: ['rehearsal-1'],
  assumed: false,
  runs: 2,
  applied: [],
  tasks: [
    { id: '2.1', title: '', wave: 1, waits_for: [], instance: 'rehearsal-1', start: 0, end: 30_000 },
    { id: '2.2', title: '', wave: 1, waits_for: [], instance: null, start: 0, end: null },
    { id: '2.3', title: '', wave: 2, waits_for: ['2.1', '2.2'], instance: null, start: 30_000, end: 90_000 },
  ],
  ...changes,
});

test('the graph shows what waits for what, the longest chain and when it will be done', () => {
  const own = { mode: 2 };
  expect(tasksTab.queries?.(tabContext(threeAgents, { own }))).toMatchObject([{ text: 'plan tasks' }]);
  expect(tasksTab.queries?.(tabContext(threeAgents))).toEqual([]);
  const [lines] = textOf(tasksTab.body(tabContext(threeAgents, { own, answers: { 'plan tasks': planned() } })));
  expect(lines).toEqual([
    'dependencies   done in about 1m 30s, never less than 1m   ★ longest chain: 2.2 → 2.3',
    '2.1 Parse the lines → rehearsal-1 | in 30s',
    '★ 2.2 Write the grammar',
    '└─ ★ 2.3 Join both  also after 2.1 | in 1m 30s',
  ]);
});

test('the graph counts points while no time is known, and says when there is nothing to show', () => {
  const points = planned({ unit: 'points', length: null, least: 3.14 });
  const [[title]] = textOf(taskGraph(tabContext(threeAgents, { answers: { 'plan tasks': points } }))) as [string[]];
  expect(title).toContain('the longest chain is 3.1 points');
  expect(textOf(taskGraph(tabContext(threeAgents)))).toEqual([['dependencies', '(reading the plan …)']]);
  const done = planned({ tasks: [], critical_path: [] });
  expect(textOf(taskGraph(tabContext([], { answers: { 'plan tasks': done } })))[0]?.[1]).toBe(
    '(Nothing is left to do.)',
  );
});

test('every task of a plan is in the graph once, however deep it is', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 400 }), fc.nat(), (count, seed) => {
      const tasks = Array.from({ length: count }, (_, i) => ({
        id: `t${i}`,
        title: '',
        wave: i + 1,
        waits_for: i === 0 ? [] : [`t${(i * 7 + seed) % i}`, `t${i - 1}`],
        instance: null,
        start: null,
        end: null,
      }));
      const context = tabContext([], { answers: { 'plan tasks': planned({ tasks, critical_path: [] }) } });
      const ids = taskGraph(context).columns[0]!.lines.map(({ id }) => id);
      expect(ids.toSorted()).toEqual(tasks.map(({ id }) => id).toSorted());
    }),
    { numRuns: 30 },
  );
});

test('keys of a task run what can be said of it', () => {
  const context = tabContext([...threeAgents, ...failed]);
  expect(commandOf(tasksTab, 'enter', '2.1', context)).toBe('show task 2.1');
  expect(commandOf(tasksTab, 'r', '2.1', context)).toBe('run task 2.1');
  expect(commandOf(tasksTab, 'r', '3', context)).toBe('retry task 3');
  expect(commandOf(tasksTab, 'b', '3', context)).toBe('show brief 3');
  expect(commandOf(tasksTab, 'd', '3', context)).toBe('show diff 3');
  expect(commandOf(tasksTab, 'm', '3', context)).toBeNull();
  expect(commandOf(tasksTab, 'x', '3', context)).toBe('cancel task 3');
});
