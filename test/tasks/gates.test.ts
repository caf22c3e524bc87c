import fc from 'fast-check';
import { expect, test } from 'vitest';
import { POLICIES } from '../../src/state/specs.ts';
import { isGate, prerequisitesOf } from '../../src/tasks/gates.ts';
import { criticalPath, dependantsIn, waves } from '../../src/tasks/graph.ts';
import { addEdges, makeEdges, makeGrowingList, needsOf } from '../../src/tasks/order/edges.ts';
import { dependants, isReady, waitingFor } from '../../src/tasks/select.ts';
import { planFromSpec, type SpecPlan } from '../../src/tasks/spec/import-spec.ts';
import { after, assigned, begin, claimed, created, started, verified } from './journal.ts';

const numbers = (count: number, group = ''): string[] => Array.from({ length: count }, (_, at) => `${group}${at + 1}`);

const specOf = (tasksText: string, policy: (typeof POLICIES)[number] = 'kiro'): SpecPlan =>
  planFromSpec({ name: 'big', tasksText, policy, barrier: true });

const stateOf = ({ plans, done }: SpecPlan) =>
  begin(...plans.map((task) => created(task.id, task, done.includes(task.id))));

/** Two groups of so many tasks each, the second of which waits for all of the first. */
const twoWaves = (count: number): string =>
  ['1', '2']
    .map(
      (group) =>
        `- [ ] ${group}. Group\n${numbers(count, `${group}.`)
          .map((id) => `  - [ ] ${id} Write it\n`)
          .join('')}`,
    )
    .join('');

test('[TSK-10] kiro orders a plan of thousands of tasks as it does a short one: what waits, and for what, is the same', () => {
  const long = specOf(twoWaves(3000));
  expect([long.order, long.edges]).toEqual(['kiro', 6000]);
  const { tasks } = stateOf(long);
  expect(prerequisitesOf(tasks['2.7']!, tasks)).toEqual(numbers(3000, '1.'));
  expect(prerequisitesOf(tasks['1.7']!, tasks)).toEqual([]);
  expect(
    waves(new Map(specOf(twoWaves(5)).plans.map((task) => [task.id, task.dependencies]))).map(({ length }) => length),
  ).toEqual([5, 5]);
});

test('[TSK-10] behind a gate a task is ready when the last that opens it is done, and not before', () => {
  const plan = specOf(twoWaves(40));
  let state = stateOf(plan);
  expect(plan.plans.find(({ id }) => id === '2.1')!.dependencies).toEqual(['gate:big/1']);
  for (const id of numbers(39, '1.'))
    state = after(state, assigned(id, 'i-1'), started(id, 'i-1'), claimed(id), verified(id));
  expect(isReady(state.tasks['2.1']!, state.tasks)).toBe(false);
  expect(waitingFor(state.tasks['2.1']!, state.tasks)).toEqual(['1.40']);
  expect(dependants('1.40', state.tasks)).toEqual(numbers(40, '2.'));
  state = after(state, { type: 'task.removed', data: { id: '1.40' } });
  expect(isReady(state.tasks['2.1']!, state.tasks)).toBe(true);
});

/** A plan as people write them, with groups so large that gates are made, and some of it ticked. */
const planText = fc
  .array(
    fc.record({
      count: fc.integer({ min: 1, max: 45 }),
      tests: fc.boolean(),
      ticked: fc.integer({ min: 0, max: 60 }),
      checkpoint: fc.boolean(),
      all: fc.boolean(),
    }),
    { minLength: 1, maxLength: 5 },
  )
  .map((groups) =>
    groups
      .map(({ count, tests, ticked, checkpoint, all }, at) => {
        const group = `${at * 2 + 1}`;
        const lines = numbers(count, `${group}.`).map((id, i) => {
          const title = tests && i % 3 === 2 ? 'Write unit tests for it' : 'Write it';
          return `  - [${i < ticked - 30 ? 'x' : ' '}] ${id} ${title}\n${all && i === count - 1 ? '    - _Requirements: All requirements_\n' : ''}`;
        });
        return `- [ ] ${group}. Group\n${lines.join('')}${checkpoint ? `- [ ] ${at * 2 + 2}. Checkpoint\n` : ''}`;
      })
      .join(''),
  );

const sorted = (ids: readonly string[]): string[] => ids.toSorted();

test('[TSK-10] waves, chains and dependants are those of a graph in which every pair is an edge', () => {
  fc.assert(
    fc.property(planText, fc.constantFrom(...POLICIES), (text, policy) => {
      const plan = specOf(text, policy);
      const { tasks } = stateOf(plan);
      const gated = new Map(plan.plans.map(({ id, dependencies }) => [id, dependencies]));
      for (const { id, opens = [] } of plan.plans)
        for (const gate of opens) gated.set(gate, [...(gated.get(gate) ?? []), id]);
      const pairs = new Map(plan.plans.map(({ id }) => [id, prerequisitesOf(tasks[id]!, tasks)]));
      expect(waves(gated).map(sorted)).toEqual(waves(pairs).map(sorted));
      expect(criticalPath(gated, () => 1).length).toBe(criticalPath(pairs, () => 1).length);
      const { path } = criticalPath(gated, () => 1);
      for (const [at, id] of path.entries()) if (at > 0) expect(pairs.get(id)).toContain(path[at - 1]);
      const behind = dependantsIn(pairs);
      for (const id of [plan.plans[0]!.id, plan.plans.at(-1)!.id])
        expect(sorted(dependants(id, tasks))).toEqual(sorted(behind.get(id)!));
    }),
    { numRuns: 60 },
  );
});

test('[TSK-10] the edges of a list that grows are those of all that was in it', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 300 }), (count) => {
      const ids = numbers(count);
      const edges = makeEdges([...ids, 'z']);
      const list = makeGrowingList(edges, 'test');
      for (const id of ids) list.push(id);
      addEdges(edges, ['z'], list.needs(), 'test');
      const needs = needsOf(edges);
      expect(needs.get('z')!.flatMap((need) => (isGate(need) ? needs.get(need)! : [need]))).toEqual(ids);
      expect(needs.get('z')!.length).toBeLessThan(65);
    }),
  );
});
