import { expect, test } from 'vitest';
import { taskPlanSchema } from '../../../src/state/tasks.ts';
import { complexityScore } from '../../../src/tasks/estimate.ts';
import { planFromSpec } from '../../../src/tasks/spec/import-spec.ts';
import { source } from '../source.ts';

const plain = { name: 's', policy: 'siblings', barrier: true } as const;

test('[TSK-3] the real spec becomes 33 tasks in 16 groups, 2 of them done, with 121 links to 90 of 115 criteria', () => {
  const plan = planFromSpec(source);
  expect(plan.plans).toHaveLength(33);
  expect(plan.done).toEqual(['1', '2.1']);
  expect(plan.groups).toBe(16);
  expect(new Set(plan.plans.map((task) => task.group)).size).toBe(16);
  expect(plan.links).toEqual({ all: 121, different: 90, criteria: 115 });
  expect(plan.edges).toBe(133);
  expect(plan.warnings).toEqual([]);
  expect(plan.plans.filter((task) => task.barrier).map((task) => task.id)).toEqual(['13.1', '13.2', '16.1', '16.2']);
  for (const task of plan.plans) expect(taskPlanSchema.parse(task)).toEqual(task);
});

test('[TSK-3] a task carries the texts of its criteria', () => {
  const task = planFromSpec(source).plans.find((one) => one.id === '3.1')!;
  expect(task).toMatchObject({
    spec: 'swarm',
    group: 'Instance Management and Isolation System',
    description: 'Part of 3 Instance Management and Isolation System',
    requirements: ['1.1', '2.1', '2.2', '2.3'],
    dependencies: [],
    priority: 'normal',
  });
  expect(task.acceptance_criteria.map((text) => text.slice(0, 28))).toEqual([
    '1.1: WHEN launching parallel',
    '2.1: WHEN creating branches ',
    '2.2: WHEN managing workspace',
    '2.3: WHEN handling dependenc',
  ]);
});

test('importing the same text twice gives the same plan', () => {
  expect(planFromSpec(source)).toEqual(planFromSpec({ ...source }));
});

test('a prefix keeps two specs with the same numbers apart', () => {
  const plan = planFromSpec({ ...source, prefix: 'auth-' });
  expect(plan.plans[3]).toMatchObject({ id: 'auth-3.1' });
  expect(plan.plans[4]!.dependencies).toEqual(['auth-3.1']);
  expect(plan.done).toEqual(['auth-1', 'auth-2.1']);
});

test('optional tasks are of low priority, whole requirements mean all their criteria, groups may have notes', () => {
  const plan = planFromSpec({
    ...plain,
    tasksText:
      '- [ ] 1. A\n  - watch out\n- [ ]* 1.1 B\n  - _Requirements: 2, 2.1, 7.7_\n- [ ] 1.2 C\n  - stray words\n',
    requirementsText: '### Requirement 2: R\n#### Acceptance Criteria\n1. one\n2. two\n',
  });
  expect(plan.plans[0]).toMatchObject({
    priority: 'low',
    acceptance_criteria: ['2.1: one', '2.2: two'],
    description: 'Part of 1 A: watch out',
  });
  expect(plan.warnings).toEqual([{ line: 3, message: 'task 1.1 refers to requirement 7.7, which does not exist' }]);
});

test('without requirements there are no criteria and no complaints', () => {
  const plan = planFromSpec({ ...plain, tasksText: '- [~] 1. A\n  - _Requirements: 1.1_' });
  expect(plan.plans[0]).toMatchObject({ requirements: ['1.1'], acceptance_criteria: [] });
  expect(plan.done).toEqual([]);
});

test('[TSK-5] plans that cannot work are refused', () => {
  const refused = (tasksText: string) => () => planFromSpec({ ...plain, tasksText, file: 'x/tasks.md' });
  expect(refused('- [ ] 1. A\n  - _Depends: 2_\n- [ ] 2. B\n  - _Depends: 1_\n')).toThrowError(
    expect.objectContaining({
      code: 'plan/cycle',
      exit: 6,
      message: 'x/tasks.md:1: these tasks wait for each other: 1 → 2 → 1.',
    }),
  );
  expect(refused('\n- [ ] 1. A\n  - _Depends: 7_\n')).toThrowError(
    expect.objectContaining({
      code: 'spec/unknown-dependency',
      exit: 2,
      message: 'x/tasks.md:2: task 1 depends on 7, which is not in the plan.',
    }),
  );
  expect(refused('')).toThrowError(
    expect.objectContaining({ code: 'spec/no-tasks', message: 'x/tasks.md has no tasks.' }),
  );
  expect(() => planFromSpec({ ...plain, tasksText: `- [ ] 1. ${'x'.repeat(20_000)}` })).toThrowError(
    'tasks.md has no tasks that can be read: in line 1, a line of 20009 characters is not read.',
  );
  expect(() => planFromSpec({ ...plain, tasksText: '# empty' })).toThrowError('tasks.md has no tasks.');
  expect(() => planFromSpec({ ...plain, tasksText: '- [ ] 1. A\n  - _Depends: 7_' })).toThrowError('tasks.md:1:');
});

test('complexity counts bullets, requirements and words, between 1 and 10', () => {
  expect(complexityScore({ title: '', details: [], requirements: [] })).toBe(1);
  expect(complexityScore({ title: 'Two words', details: ['a b c'], requirements: ['1.1'] })).toBe(2);
  expect(complexityScore({ title: 'T', details: [], requirements: [], allRequirements: true })).toBe(5);
  expect(complexityScore({ title: 'T', details: Array.from({ length: 40 }, () => 'x'), requirements: [] })).toBe(10);
  const scores = planFromSpec(source).plans.map((task) => task.complexity_score);
  expect([Math.min(...scores), Math.max(...scores)]).toEqual([6, 10]);
});

test('[TSK-12] all that is wrong is said at once, and what was only noticed behind it', () => {
  const tasksText =
    '- [ ] 1. A\n  - _Depends: 9_\n- [ ] 1. B\n- [ ] 2. C\n  - Dependencies: the old parser\n- [ ] 3. D\n  - _Depends: 4_\n- [ ] 4. E\n  - _Depends: 3_\n';
  expect(() => planFromSpec({ ...plain, tasksText, file: 'x/tasks.md' })).toThrowError(
    expect.objectContaining({
      code: 'spec/mistakes',
      exit: 2,
      message: [
        'x/tasks.md has 3 mistakes and 1 warning, and nothing was imported:',
        'x/tasks.md:1: error: task 1 depends on 9, which is not in the plan. Correct the number.',
        'x/tasks.md:5: error: task 2 depends on “the old parser”, which is no task of this plan. Name tasks by their numbers, e.g. `_Depends: 2.1, 3_`, or write `_Depends: none_` and the rest as a plain bullet.',
        'x/tasks.md:6: error: these tasks wait for each other: 3 → 4 → 3. Take one of the dependencies away.',
        'x/tasks.md:3: warning: task 1 is there already in line 1, so this one is called 1-2.',
      ].join('\n'),
    }),
  );
});

test('a task that is said to wait for the group it is in, and boxes that stand very deep in each other, are told', () => {
  const said = (tasksText: string) => planFromSpec({ ...plain, tasksText });
  const own = said('- [ ] 1. A\n- [ ] 2. B\n  - [ ] 2.1 C\n    - _Depends: 2, 1_\n');
  expect(own.warnings).toEqual([
    { line: 3, message: 'task 2.1 is said to depend on 2, which it is a part of: that is left out' },
  ]);
  expect(own.plans.map(({ dependencies }) => dependencies)).toEqual([[], ['1']]);
  const deep = said(Array.from({ length: 300 }, (_, depth) => `${'  '.repeat(depth)}- [ ] Box ${depth}`).join('\n'));
  expect(deep.plans).toHaveLength(1);
  expect(deep.warnings.map(({ message }) => message)).toContainEqual(
    'boxes stand in each other 300 deep, and of these the innermost alone are tasks: what they stand in are groups',
  );
});

test('[TSK-12] what cannot be ticked and numbers that were made are said at import', () => {
  const warnings = (tasksText: string) => planFromSpec({ ...plain, tasksText }).warnings.map(({ message }) => message);
  expect(warnings('- [] 1. A\n- ⬜ 2. B\n- [ ] 3. C\n- [x] 4. D\n- [ ] 4. D\n## Task 5: E\n')).toEqual([
    'no box can be ticked when these are done: 4, 5; a box is written [ ], and once for each task',
    'task 4 is there already in line 4 with the same title: both are read as one',
  ]);
  expect(warnings('- [ ] A\n- [ ] B\n')).toEqual([
    'no task has a number, so they are numbered as they stand, up to 2; with numbers of their own they keep them when the list changes',
  ]);
});
