import { expect, test } from 'vitest';
import { statusGit } from '../../../src/commands/git/status-git.ts';
import { statusSwarm } from '../../../src/commands/swarm/status-swarm.ts';
import type { Git } from '../../../src/ports/index.ts';
import type { EventDraft } from '../../../src/state/index.ts';
import { settingsSchema } from '../../../src/state/settings.ts';
import { partOf } from '../../helpers/context.ts';
import { openDesk } from '../../helpers/desk.ts';
import { created, instance, started, verified } from '../../tasks/journal.ts';
import { racing } from '../races/racing.ts';

const merged: readonly EventDraft[] = [
  ...[...instance('a-1'), created('t1'), started('t1', 'a-1'), verified('t1')],
  { type: 'batch.started', data: { id: 'b-1', target: 'drover/integration', base_commit: 'c', tasks: ['t1'] } },
  { type: 'batch.merged', data: { id: 'b-1', task: 't1', branch: 'feature/t1', commit: 'c1' } },
  { type: 'batch.finished', data: { id: 'b-1' } },
];

/** A checkout on main, of which git says no more than this. */
const checkout = (more: Partial<Git> = {}): Git =>
  partOf<Git>({
    root: '/repo',
    resolve: async (name) => (name === 'main' ? 'c0' : null),
    worktreeState: async () => ({ branch: 'main', head: 'c0', dirty: [] }),
    currentBranch: async () => 'main',
    place: async (path) => path,
    worktrees: async () => [],
    ...more,
  });

/** The commits of both branches where the integration branch is there. */
const integrated: Git['resolve'] = async (name) => (name.endsWith('main') ? 'c0' : 'c1');

/** Says commands about what is merged and not delivered. */
const mergedDesk = (git: Git) =>
  openDesk([statusGit, statusSwarm], merged, {
    ...{ git, settings: settingsSchema.parse({}), resources: () => [], matching: async () => [] },
    paths: { root: '/repo', worktrees: '/worktrees', key: 'k' } as never,
  });

test('a racer waits for no merge: only the work of its task does', async () => {
  const git = checkout();
  const desk = openDesk(statusGit, racing, {
    git,
    settings: settingsSchema.parse({}),
    paths: { worktrees: '/worktrees', key: 'k' } as never,
  });
  expect(await desk.say('git status')).toMatchObject({
    exit: 0,
    message: expect.stringContaining('Nothing waits to be merged.'),
    data: { unmerged: [] },
  });
});

test('commits that conflict with what is merged are told of, with what brings them in', async () => {
  const git = checkout({
    resolve: integrated,
    divergence: async () => ({ ahead: 6, behind: 1 }),
    mergeTrees: async () => ({ kind: 'conflict', files: ['a.txt'] }) as never,
  });
  const desk = mergedDesk(git);
  const { message, data } = await desk.say('git status');
  expect(data).toMatchObject({ delivery: { branch: 'main', commits: 6, own: 1, conflicts: ['a.txt'] } });
  expect(message).toContain('resolve that with "git -C /worktrees/integration merge main"');
  const why = 'main has 1 commit that conflicts with drover/integration in a.txt: neither gets what the other has';
  const status = (await desk.say('status swarm')).message;
  expect(status).toContain(`Next: ${why} → status git`);
  expect(status).not.toContain('All is well');
});

test('what is to be delivered is counted as git counts it, merges among it, and as the integration branch is told of', async () => {
  const git = checkout({
    resolve: integrated,
    divergence: async () => ({ ahead: 4, behind: 0 }),
    commitCount: async () => 2,
    isAncestor: async () => false,
    forwardTrouble: async () => null,
    mergeTrees: async (ours) => ({ kind: 'merged', tree: ours }) as never,
  });
  const desk = mergedDesk(git);
  expect((await desk.say('git status')).message).toContain('drover/integration: +4 −0 against it');
  expect((await desk.say('status swarm')).message).toContain('Next: 4 commits merged, to deliver to main');
});

test('what waits to be merged is what the next merge takes, and of the rest is said why it does not', async () => {
  const git = checkout();
  const done = (id: string): EventDraft[] => [created(id), started(id, 'a-1'), verified(id)];
  const facts: EventDraft[] = [
    ...instance('a-1'),
    ...['t2', 't3', 't4'].flatMap(done),
    { type: 'batch.started', data: { id: 'b-1', target: 'drover/integration', base_commit: 'c', tasks: ['t4'] } },
    {
      type: 'batch.set_aside',
      data: { id: 'b-1', task: 't4', reason: 'conflict', message: 'x', files: [], commit: 'abc' },
    },
    { type: 'batch.finished', data: { id: 'b-1' } },
    ...['t2', 't4'].map(
      (task): EventDraft => ({
        type: 'review.approved',
        data: { task, commit: 'abc', by: 'cli' },
      }),
    ),
  ];
  const said = async (review: 'none' | 'before-merge') =>
    (
      await openDesk(statusGit, facts, {
        ...{ git, settings: settingsSchema.parse({ review }) },
        paths: { worktrees: '/worktrees', key: 'k' } as never,
      }).say('git status')
    ).message;
  expect(await said('none')).toContain(
    '. 2 tasks to be merged: t2, t3. 1 finished task left out of a merge: t4 (set aside). ',
  );
  expect(await said('before-merge')).toContain(
    '. 1 task to be merged: t2. 2 finished tasks left out of a merge: t3 (not approved), t4 (set aside). ',
  );
});
