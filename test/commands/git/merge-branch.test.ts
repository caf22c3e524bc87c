import { expect, test } from 'vitest';
import { mergeBranch } from '../../../src/commands/git/merge-branch.ts';
import { showIntegration } from '../../../src/commands/git/show-integration.ts';
import type { Git } from '../../../src/ports/index.ts';
import type { EventDraft } from '../../../src/state/index.ts';
import { settingsSchema } from '../../../src/state/settings.ts';
import { partOf } from '../../helpers/context.ts';
import { openDesk } from '../../helpers/desk.ts';
import { taskCreated } from '../../state/story.ts';

const run = (id: string): EventDraft => ({
  type: 'run.started',
  data: { id, instance: 'a-1', branch: `feature/${id}`, start_commit: 'c0' },
});
const verified = (id: string, head_commit = `c-${id}`): EventDraft => ({
  type: 'run.verified',
  data: {
    id,
    result: { head_commit, commits: 1, files: 1, insertions: 1, deletions: 0, check_ms: 1, check_output: '' },
  },
});
const done = (id: string, ...dependencies: string[]) => [taskCreated(id, { dependencies }), run(id), verified(id)];
const approved = (task: string): EventDraft => ({
  type: 'review.approved',
  data: { task, commit: `c-${task}`, by: 'cli' },
});
const setAside: readonly EventDraft[] = [
  { type: 'batch.started', data: { id: 'batch-1', target: 'drover/integration', base_commit: 'c0', tasks: ['t2'] } },
  {
    type: 'batch.set_aside',
    data: {
      id: 'batch-1',
      task: 't2',
      reason: 'conflict',
      message: 'conflict with t1 in a.ts',
      files: [],
      commit: 'c-t2',
    },
  },
  { type: 'batch.finished', data: { id: 'batch-1' } },
];

type Clashes = readonly (readonly [number, number])[];

/** The commit of a branch of `done`, as it was verified. */
const tipOf = (name: string): string => name.replace(/^refs\/heads\/feature\//u, 'c-');

const openMerges = (facts: readonly EventDraft[], review: 'none' | 'before-merge' = 'none', clashes: Clashes = []) =>
  openDesk([mergeBranch, showIntegration], facts, {
    git: partOf<Git>({
      resolve: async (name) => (name.includes('feature/') ? tipOf(name) : 'c0'),
      clashingPairs: async () => clashes,
    }),
    settings: settingsSchema.parse({ agent: 'rehearsal', review }),
    atIntegration: (work) => work(),
  });

test('with review: before-merge nothing is merged by its name that is built on work which nobody has approved', async () => {
  const desk = openMerges([...done('t1'), ...done('t2', 't1'), approved('t2')], 'before-merge');
  expect(await desk.say('merge branch t2')).toMatchObject({
    exit: 6,
    message: 't2 is built on t1, which nobody has approved, and the setting "review" is before-merge.',
    hint: 'Look at it: review task t1; then: approve task t1',
  });
  expect(desk.recorded()).toEqual([]);
  desk.add({ type: 'task.reopened', data: { id: 't1', reason: 'x' } });
  expect(await desk.say('merge branch t2')).toMatchObject({
    message: 't2 is built on t1; that has to be done and approved first.',
    hint: 'Have it done: run task t1',
  });
  // What would be refused is not proposed.
  expect((await desk.say('merge completed branches')).hint).toBe('Do that first: run task t1');
  desk.add(run('t1'));
  expect((await desk.say('merge completed branches')).hint).toBe('How far that is: show task t1');
});

test('what has to be done again is proposed with what it waits for itself, in one line', async () => {
  const desk = openMerges([...done('t0'), ...done('t1', 't0'), ...done('t2', 't1'), approved('t2')], 'before-merge');
  for (const id of ['t0', 't1']) desk.add({ type: 'task.reopened', data: { id, reason: 'taken back' } });
  const line = 'run task t0, t1';
  expect((await desk.say('merge completed branches')).hint).toBe(`Do that first: ${line}`);
  expect((await desk.say('merge branch t2')).hint).toBe(`Have it done: ${line}`);
});

test('a dry run says what may be set aside, and why nothing would be merged', async () => {
  const facts = [...done('t1'), ...done('t2')];
  const both = (await openMerges(facts, 'none', [[0, 1]]).say('merge completed branches dry-run')).message;
  expect(both).toMatch(/^Up to 2 tasks would be merged into drover\/integration: /u);
  expect(both).toContain('\nt1 and t2 conflict: unless that is resolved, the one that comes later is set aside');
  const again = (await openMerges([...facts, ...setAside]).say('merge branch t2 dry-run')).message;
  expect(again).toMatch(/^Up to 1 task would be merged into drover\/integration: t2\./u);
  expect(again).toContain('\nt2 was set aside before (conflict with t1 in a.ts), and nothing about that has changed');
  const none = await openMerges(facts, 'before-merge').say('merge completed branches dry-run');
  expect(none).toMatchObject({
    exit: 0,
    message:
      '0 tasks would be merged into drover/integration: none. 2 finished branches wait for a review first: t1, t2.',
    hint: 'Look at it: review task t1; then: approve task t1',
  });
});

test('what came to a branch after it was verified is told of by a dry run, and by a merge that sets the work aside', async () => {
  const git = partOf<Git>({
    resolve: async (name) => (name === 'refs/heads/feature/t2' ? 'c-by-hand' : 'c0'),
    clashingPairs: async () => [],
    currentBranch: async () => 'main',
    readFile: async () => null,
  });
  const [, aside] = setAside;
  const desk = openDesk(mergeBranch, [...done('t2'), ...setAside], {
    git,
    atIntegration: (work) => work(),
    reacting: (state) =>
      state.batches['batch-2']?.state === 'running'
        ? ([
            { ...aside!, data: { ...aside!.data, id: 'batch-2' } },
            { type: 'batch.finished', data: { id: 'batch-2' } },
          ] as EventDraft[])
        : [],
  });
  const told =
    'The branch of t2 is at c-by-hand now, which no check has seen and no merge takes. To have that as well: takeover task t2; then: approve task t2';
  expect((await desk.say('merge branch t2 dry-run')).message.split('\n')).toContain(told);
  expect((await desk.say('merge branch t2')).message.split('\n')).toContain(told);
});

test('a dry run says which work conflicts with what is merged already, as its alert does', async () => {
  const foreseen: EventDraft = {
    type: 'conflict.predicted',
    data: {
      ...{ id: 'a-1/integration', policy: 'warn', paused: null },
      instances: ['a-1', 'integration'],
      tasks: ['t2', null],
      files: [{ path: 'app.txt', kind: 'contents', lines: [[[5, 5]], [[5, 5]]] }],
    },
  };
  const { message } = await openMerges([...done('t2'), foreseen]).say('merge completed branches dry-run');
  expect(message).toMatch(/^Up to 1 task would be merged into drover\/integration: t2\./u);
  expect(message).toContain(
    '\nt2 conflicts with what is merged already, in app.txt line 5: unless that is resolved, it is set aside',
  );
  // Of what was set aside for it already that alone is said.
  const again = (await openMerges([...done('t2'), ...setAside, foreseen]).say('merge branch t2 dry-run')).message;
  expect(again).not.toContain('what is merged already');
});

test('what is asked before a delivery counts what comes along with the tasks that are merged', async () => {
  const desk = openDesk(mergeBranch, [...done('t1'), ...done('t2', 't1'), approved('t2')], {
    git: partOf<Git>({ resolve: async () => 'c0', isAncestor: async () => true }),
  });
  const { message } = await desk.propose('merge branch t2 to=main');
  expect(message).toContain('This merges 1 task (t2) and then');
  expect(message).toContain(' 1 of the 2 tasks that come to main was not reviewed.');
});

test('what is asked before a delivery says which work it takes back from the branch', async () => {
  const back: readonly EventDraft[] = [
    { type: 'batch.started', data: { id: 'batch-1', target: 'drover/integration', base_commit: 'c0', tasks: ['t1'] } },
    { type: 'batch.merged', data: { id: 'batch-1', task: 't1', branch: 'b', commit: 'm1', head: 'c-t1' } },
    { type: 'batch.finished', data: { id: 'batch-1' } },
    { type: 'batch.rollback_started', data: { id: 'batch-1', method: 'revert', from_commit: 'm1', to_commit: 'r1' } },
    { type: 'batch.rolled_back', data: { id: 'batch-1' } },
    { type: 'task.reopened', data: { id: 't1', reason: 'x' } },
  ];
  const at = { main: ['m1', 'main'], integration: ['m1', 'r1', 'main'] };
  const git = partOf<Git>({
    resolve: async (name) => (name === 'refs/heads/main' ? 'main' : 'integration'),
    isAncestor: async (commit, tip) => at[tip as keyof typeof at].includes(commit),
    forwardTrouble: async () => null,
  });
  const question = async (...more: readonly EventDraft[]) =>
    (
      await openDesk(mergeBranch, [...done('t1'), ...back, ...more], { git }).propose(
        'merge completed branches to=main',
      )
    ).message;
  expect(await question()).toContain(' It takes back t1, whose work main has.');
  const again: readonly EventDraft[] = [
    ...[run('t1'), verified('t1')],
    { type: 'batch.merged', data: { id: 'batch-2', task: 't1', branch: 'b', commit: 'm2', head: 'c-t1' } },
  ];
  expect(await question(...again)).not.toContain('takes back');
});

test('before the first merge the last batch is none that somebody has named', async () => {
  expect(await openMerges([]).say('show integration last')).toMatchObject({
    exit: 3,
    message: 'Nothing was merged yet.',
    hint: 'To merge what is finished: merge completed branches',
  });
});
