import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PLAN_FORMATS } from '../../../src/state/specs.ts';
import { exportPlan } from '../../../src/tasks/formats/export-plan.ts';
import { planFormat, recognised } from '../../../src/tasks/formats/index.ts';
import type { WrittenPlan, WrittenTask } from '../../../src/tasks/formats/plan-format.ts';
import { fixtures, planIn, textOf } from './plans.ts';

const AT = '2026-01-01T00:00:00.000Z';

const taskWith = (said: Partial<WrittenTask> & { readonly id: string }): WrittenTask => ({
  title: `Do ${said.id}`,
  description: '',
  details: [],
  group: null,
  requirements: [],
  acceptance_criteria: [],
  dependencies: [],
  priority: 'normal',
  complexity_score: 2,
  estimated_duration: null,
  state: 'open',
  held: false,
  since: AT,
  created_at: AT,
  ...said,
});

/** Words that plans are made of, and some that mean something in one of the formats. */
const word = fc.oneof(
  fc.constantFrom(
    'Parser',
    'größe',
    '解析',
    '`code`',
    '**bold**',
    '2.1',
    '[P]',
    '(P)',
    'T001',
    'Task',
    'US1:',
    '✅',
    '-',
    '#',
    '"',
    '\\',
    '{}',
    '[x]',
    '(depends on 3)',
    'after',
    '1.',
  ),
  fc.string({ minLength: 1, maxLength: 6 }),
);
const line = fc.array(word, { minLength: 1, maxLength: 5 }).map((words) => words.join(' '));

type Drawn = {
  title: string;
  details: string[];
  needs: number[];
  priority: WrittenTask['priority'];
  isDone: boolean;
  group: number;
};

const drawn = fc.array(
  fc.record({
    title: line,
    details: fc.array(line, { maxLength: 3 }),
    needs: fc.array(fc.nat(40), { maxLength: 3 }),
    priority: fc.constantFrom('low', 'normal', 'high', 'urgent'),
    isDone: fc.boolean(),
    group: fc.nat(3),
  }) as fc.Arbitrary<Drawn>,
  { minLength: 1, maxLength: 12 },
);

/** Ids as the formats have them, and none that they do. */
const naming = fc.constantFrom(
  (index: number) => `t${index + 1}`,
  (index: number) => String(index + 1),
  (index: number) => `${Math.floor(index / 3) + 1}.${(index % 3) + 1}`,
  // Tasks that stand alone among groups.
  (index: number) => (index % 4 === 0 ? String(index + 1) : `${Math.floor(index / 4) * 4 + 2}.${index % 4}`),
  (index: number) => `T${String(index + 1).padStart(3, '0')}`,
  (index: number) => `pt-a${index + 1}`,
);

const planOf = (tasks: readonly Drawn[], idOf: (index: number) => string, groups: boolean): WrittenPlan => {
  const done: boolean[] = [];
  return {
    name: 'plan',
    tasks: tasks.map(({ needs, isDone, group, ...task }, index) => {
      const before = [...new Set(needs.filter((need) => need < index))];
      // What is done waited for nothing that is open.
      done.push(isDone && before.every((need) => done[need]));
      return taskWith({
        ...task,
        id: idOf(index),
        title: task.title.replace(/\s+/gu, ' ').trim() || `Do ${index}`,
        group: groups && group > 0 ? `Group ${group}` : null,
        dependencies: before.map(idOf),
        state: done[index] ? 'done' : 'open',
      });
    }),
  };
};

const plan = fc.tuple(drawn, naming, fc.boolean()).map(([tasks, idOf, groups]) => planOf(tasks, idOf, groups));

/** What waits for what, by the places in the list. */
const edgesIn = (tasks: readonly { readonly id: string; readonly dependencies: readonly string[] }[]): string[] =>
  tasks
    .flatMap(({ id, dependencies }) =>
      dependencies.map(
        (need) => `${tasks.findIndex((one) => one.id === id)} < ${tasks.findIndex((one) => one.id === need)}`,
      ),
    )
    .toSorted();

describe.each(PLAN_FORMATS)('%s', (id) => {
  const format = planFormat(id);

  test('[TSK-11] whatever is written is read again as the same tasks with the same states', () => {
    fc.assert(
      fc.property(plan, (one) => {
        const { text } = exportPlan(format, one);
        const back = planIn(id, text);
        expect(back.plans).toHaveLength(one.tasks.length);
        const done = one.tasks.flatMap(({ state }, index) => (state === 'done' ? [index] : []));
        expect(back.plans.flatMap((task, index) => (back.done.includes(task.id) ? [index] : []))).toEqual(done);
      }),
      { numRuns: 200 },
    );
  });

  test('[TSK-11] a plan of its own is written without any loss that it could carry', () => {
    for (const fixture of fixtures.filter((one) => one.format === id && one.file !== 'taskmaster-tags.json')) {
      const read = planIn(id, textOf(fixture));
      const tasks = read.plans.map((task) =>
        taskWith({
          ...task,
          description: '',
          state: read.done.includes(task.id) ? 'done' : read.cancelled.includes(task.id) ? 'cancelled' : 'open',
          held: read.held.includes(task.id),
        }),
      );
      const { text, lost } = exportPlan(format, { name: 'plan', tasks });
      expect(lost.filter((loss) => /^\d+ (?:task|title|state|id)s?\b/u.test(loss))).toEqual([]);
      expect(recognised(fixture.place, text)?.id).toBe(id);
    }
  });

  // A check list has no place for what waits for what.
  if (id === 'checklist') return;
  test('[TSK-11] and what is written waits for the same', () => {
    fc.assert(
      fc.property(plan, (one) => {
        const { text, lost } = exportPlan(format, one);
        expect(edgesIn(planIn(id, text).plans)).toEqual(edgesIn(one.tasks));
        expect(lost.filter((loss) => loss.includes('dependenc'))).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});

test('[TSK-11] what a format has no place for is said', () => {
  const tasks = [
    taskWith({ id: 'a', priority: 'urgent', estimated_duration: 60_000 }),
    taskWith({ id: 'b', dependencies: ['a', 'elsewhere'], held: true }),
    taskWith({ id: 'c', state: 'cancelled' }),
  ];
  const said = (id: (typeof PLAN_FORMATS)[number]) => exportPlan(planFormat(id), { name: 'plan', tasks }).lost;
  expect(said('checklist')).toEqual([
    '1 cancelled task is left out',
    '2 ids are others',
    '1 dependency is not said',
    '1 task that is held back',
    '1 priority',
    '1 estimate',
  ]);
  expect(said('taskmaster')).toEqual(['3 ids are others', '1 dependency is not said', '1 estimate']);
  expect(said('beads')).toEqual(['1 cancelled task is left out', '2 ids are others', '1 dependency is not said']);
});
