import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PlanData } from '../../../src/text/plan-data.ts';
import { tasksTab } from '../../../src/tui/tabs/tasks.ts';
import { taskGraph } from '../../../src/tui/tabs/tasks-graph.ts';
import { created } from '../../tasks/journal.ts';
import { threeAgents } from '../fake-swarm.ts';
import { tabContext, textOf } from './tab-context.ts';

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
    'dependencies   done in about 1m 30s for 2 of 3, at best 1m   ★ longest chain: 2.2 → 2.3',
    '2.1 Parse the lines → rehearsal-1 | in 30s',
    '  before … 2.3 (by hand) Join both',
    '★ 2.2 Write the grammar',
    '└─ ★ 2.3 Join both  also after 2.1 | in 1m 30s',
  ]);
});

test('the graph says how many tasks it leaves out because they are done', () => {
  const facts = [...threeAgents, created('5', {}, true), created('6', {}, true)];
  const [[title]] = textOf(taskGraph(tabContext(facts, { answers: { 'plan tasks': planned() } }))) as [string[]];
  expect(title).toContain('at best 1m   without the 2 done');
});

test('what nobody begins as it is stands apart, with what it waits for, and is not counted', () => {
  const row = { title: '', instance: null, start: null, end: null };
  const never = [
    { ...row, id: '2.4', wave: null, waits_for: ['2.5'], given_up: { '2.5': 'was cancelled' } },
    { ...row, id: '2.6', wave: null, waits_for: ['2.4'] },
  ];
  const plan = planned({ tasks: [...planned().tasks, ...never] });
  const [lines] = textOf(taskGraph(tabContext(threeAgents, { answers: { 'plan tasks': plan } })));
  expect(lines![0]).toContain('for 2 of 3,');
  expect(lines!.slice(-2)).toEqual(['2.4   after 2.5, which was cancelled', '└─ 2.6']);
});

test('the graph counts points while no time is known, and says when there is nothing to show', () => {
  const points = planned({ unit: 'points', length: null, least: 3.14, instances: [] });
  const [[title]] = textOf(taskGraph(tabContext(threeAgents, { answers: { 'plan tasks': points } }))) as [string[]];
  expect(title).toContain('the longest chain is 3.1 points of complexity');
  const untold = textOf(taskGraph(tabContext(threeAgents, { answers: { 'plan tasks': planned({ length: null }) } })));
  expect(untold[0]![0]).toContain('when it is done cannot be told');
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
