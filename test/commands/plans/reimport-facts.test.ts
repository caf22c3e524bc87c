import fc from 'fast-check';
import { expect, test } from 'vitest';
import { reimport } from '../../../src/commands/plans/reimport-facts.ts';
import type { EventDraft, State } from '../../../src/state/index.ts';
import { planFormat, readPlan } from '../../../src/tasks/formats/index.ts';
import { stateOf } from '../../state/fold.ts';

const factsOf = (titles: readonly string[]) => {
  const tasksText = titles.map((title, at) => `- [ ] ${at + 1}. ${title}\n`).join('');
  const plan = readPlan(planFormat('kiro'), { name: 'demo', tasksText, policy: 'strict', barrier: false });
  const spec = {
    name: 'demo',
    source: '/demo/tasks.md',
    tracked_path: null,
    policy: 'strict',
    barrier: false,
  } as const;
  return { plan, spec: { ...spec, tasks: plan.plans.map(({ id }) => id), digest: tasksText } };
};

const titles = fc.array(fc.constantFrom('Alpha', 'Bravo', 'Charlie', 'Delta', 'Echo', 'Foxtrot'), {
  minLength: 1,
  maxLength: 7,
});

test('[TSK-10] whatever becomes of a plan, what is done keeps its text, and the plan has the tasks of its file', () => {
  fc.assert(
    fc.property(
      titles,
      fc.array(titles, { minLength: 1, maxLength: 3 }),
      fc.array(fc.boolean()),
      (first, later, ran) => {
        const drafts = [...reimport(stateOf(), factsOf(first)).drafts];
        const begun = stateOf(...drafts);
        const done = Object.values(begun.tasks).filter((_, at) => ran[at]);
        const withRuns = (state: State): State => ({
          ...state,
          tasks: Object.fromEntries(
            Object.entries(state.tasks).map(([id, task]) => [
              id,
              done.some((one) => one.id === id) ? { ...task, state: 'done', attempts: 1 } : task,
            ]),
          ),
        });
        for (const file of later) {
          drafts.push(...reimport(withRuns(stateOf(...drafts)), factsOf(file)).drafts);
          const { tasks, specs } = withRuns(stateOf(...drafts));
          for (const { id, title } of done) expect(tasks[id]?.title).toBe(title);
          expect(specs['demo']!.tasks.map((id) => tasks[id]!.title)).toEqual(file);
          expect(reimport(withRuns(stateOf(...drafts)), factsOf(file)).drafts).toEqual([]);
        }
      },
    ),
    { numRuns: 300 },
  );
});

test('[TSK-10] tasks that were imported before their own lines were read for it stay, and wait from then on', () => {
  const file = factsOf(['Alpha', 'Bravo _Depends: 3_', 'Charlie']);
  const relaxed = { ...file, spec: { ...file.spec, policy: 'none' as const } };
  const drafts = reimport(stateOf(), relaxed).drafts.map(
    (draft): EventDraft =>
      draft.type === 'task.created'
        ? { ...draft, data: { ...draft.data, task: { ...draft.data.task, dependencies: [] } } }
        : draft,
  );
  const again = reimport(stateOf(...drafts), relaxed).drafts;
  const { tasks } = stateOf(...drafts, ...again);
  expect(Object.values(tasks).map(({ id, title }) => `${id} ${title}`)).toEqual([
    '1 Alpha',
    '2 Bravo _Depends: 3_',
    '3 Charlie',
  ]);
  expect(tasks['2']!.dependencies).toContain('3');
});

test('[WTR-7] the claims of a plan follow its file, and one that was set by hand stays where the file says none', () => {
  const fileOf = (...lines: readonly string[]) => {
    const tasksText = ['- [ ] 1. Alpha', ...lines.map((line) => `  - ${line}`), ''].join('\n');
    const plan = readPlan(planFormat('kiro'), { name: 'demo', tasksText, policy: 'strict', barrier: false });
    return { plan, spec: { ...factsOf(['Alpha']).spec, digest: tasksText } };
  };
  const drafts = [...reimport(stateOf(), fileOf('_Files: src/**_')).drafts];
  const claims = () => stateOf(...drafts).tasks['1']!.files;
  const read = (...lines: readonly string[]) =>
    void drafts.push(...reimport(stateOf(...drafts), fileOf(...lines)).drafts);
  expect(claims()).toEqual(['src/**']);
  read('_Files: lib/**_');
  expect(claims()).toEqual(['lib/**']);
  drafts.push({ type: 'task.edited', data: { id: '1', changes: { files: ['by/hand'] } } });
  read('Other text');
  expect(claims()).toEqual(['by/hand']);
  read('_Files: none_');
  expect(claims()).toEqual([]);
});

test('[GIT-12] a task that was raced for stays with its race when its plan is read again without it, or with its box ticked', () => {
  const racers = ['a', 'b'].map((name) => ({ id: `1@${name}-1`, instance: `${name}-1`, agent: name }));
  const begun: EventDraft[] = [
    ...reimport(stateOf(), factsOf(['Alpha', 'Bravo'])).drafts,
    { type: 'race.started', data: { id: '1', winner_by: 'ask', mode: null, racers } },
  ];
  const over: EventDraft = { type: 'race.ended', data: { id: '1', winner: null, reason: 'no racer passed' } };
  for (const drafts of [begun, [...begun, over]])
    for (const text of [
      '- [ ] 1. Bravo\n',
      '- [x] 1. Alpha\n- [ ] 2. Bravo\n',
      '- [ ] 1. Alpha, otherwise\n- [ ] 2. Bravo\n',
    ]) {
      const plan = readPlan(planFormat('kiro'), { name: 'demo', tasksText: text, policy: 'strict', barrier: false });
      const spec = { ...factsOf(['Alpha']).spec, tasks: plan.plans.map(({ id }) => id), digest: text };
      const state = stateOf(...drafts);
      const after = stateOf(...drafts, ...reimport(state, { plan, spec }).drafts);
      expect([text, after.tasks['1']!.race]).toEqual([text, state.tasks['1']!.race]);
      expect(racers.map(({ id }) => after.tasks[id])).toEqual(racers.map(({ id }) => state.tasks[id]));
    }
});

test('[TSK-10] a task with another title is one change, also where its complexity and its group are others by that', () => {
  const before = factsOf(['Alpha']);
  const state = stateOf(...reimport(stateOf(), before).drafts);
  const now = factsOf([
    'Rewrite the architecture of the database, its migration, security and concurrency, with tests',
  ]);
  expect(now.plan.plans[0]!.complexity_score).not.toBe(before.plan.plans[0]!.complexity_score);
  expect(reimport(state, now).changes).toMatchObject({ retitled: ['1'], changed: [] });
});
