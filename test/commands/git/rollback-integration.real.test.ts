import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSwarm, type Swarm } from '../../helpers/swarm.ts';

const env = { DROVER_REHEARSAL_TASK_MS: '20' };
const BRANCH = 'drover/integration';
const PATH = '.kiro/specs/demo/tasks.md';
const PLAN = '# Plan\n\n- [ ] 1. Group\n- [ ] 1.1 First\n- [-] 1.2 Second\n- [ ] 2. Third\n';

const tree = (swarm: Swarm, of: string) => swarm.git('rev-parse', `${of}^{tree}`);
const plan = (swarm: Swarm, of = BRANCH) => swarm.git('show', `${of}:${PATH}`);
const worktree = (swarm: Swarm) =>
  swarm.git('-C', join(swarm.paths.worktrees, 'integration'), 'status', '--porcelain', '--branch');

/** Creates tasks, has them done and merged, all in one batch. */
const mergeAll = async (swarm: Swarm, tasks: Readonly<Record<string, string>>) => {
  for (const [id, words] of Object.entries(tasks)) await swarm.say(`create task ${words} id=${id}`);
  expect((await swarm.say(`run tasks ${Object.keys(tasks).join(', ')} wait=true`)).exit).toBe(0);
  expect((await swarm.say('merge completed branches')).exit).toBe(0);
};

test('[GIT-9] the last batch is taken back: the tree is as before, its tasks are ready, their branches stay', async () => {
  await using swarm = await openSwarm({ env });
  await mergeAll(swarm, { t1: '"One"' });
  const before = [swarm.git('rev-parse', BRANCH), tree(swarm, BRANCH)];
  await mergeAll(swarm, { t2: '"Two"', t3: '"Three"' });
  const head = swarm.git('rev-parse', BRANCH);
  const branches = swarm.git('for-each-ref', 'refs/heads/feature');

  const question = await swarm.propose('rollback integration batch-2');
  expect([question.exit, question.message]).toEqual([
    5,
    `This takes batch-2 back: drover/integration goes back to ${before[0]!.slice(0, 10)}, where it was before. 2 tasks (t2, t3) will be open again and have to be done anew; the branches of what was done stay.`,
  ]);
  expect(swarm.git('rev-parse', BRANCH)).toBe(head);

  const reply = await swarm.say('rollback integration batch-2');
  expect([reply.exit, reply.message]).toEqual([0, 'batch-2 is taken back; open again: t2, t3.']);
  expect([swarm.git('rev-parse', BRANCH), tree(swarm, BRANCH)]).toEqual(before);
  expect(swarm.git('for-each-ref', 'refs/heads/feature')).toBe(branches);
  expect(worktree(swarm)).toBe(`## ${BRANCH}`);
  const { tasks, batches } = await swarm.state();
  expect((await swarm.say('list ready tasks')).data).toMatchObject([
    { id: 't2', word: 'ready', batch: null },
    { id: 't3', word: 'ready', batch: null },
  ]);
  expect(tasks['t1']).toMatchObject({ state: 'done', batch: 'batch-1' });
  expect(tasks['t2']!.history.at(-1)).toMatchObject({ branch: 'feature/t2-two', result: { commits: 1 } });
  expect(batches['batch-2']).toMatchObject({ state: 'rolled-back', rollback: { method: 'reset', problem: null } });
  const events = (await swarm.say('list events type=task.reopened')).data as { data: { reason: string } }[];
  expect(events.map(({ data }) => data.reason)).toEqual(['batch-2 was rolled back', 'batch-2 was rolled back']);
  expect((await swarm.say('show integration batch-2')).message).toContain(
    `rolled back  ${BRANCH} went back to ${before[0]!.slice(0, 10)}`,
  );

  expect(await swarm.say('undo batch')).toMatchObject({
    exit: 2,
    hint: expect.stringMatching(
      /^Say which one that "list integration" shows, or the latest: rollback integration last\./u,
    ),
  });
  const again = await swarm.say('rollback integration batch-2');
  expect([again.exit, again.message]).toEqual([6, 'batch-2 is rolled-back; it is taken back already.']);
  expect((await swarm.propose('undo the last batch')).message).toMatch(/^This takes batch-1 back/u);
  expect((await swarm.say('run tasks t2, t3 wait=true')).exit).toBe(0);
  expect((await swarm.say('merge completed branches')).message).toBe(`batch-3: 2 branches merged into ${BRANCH}.`);
});

test('[GIT-9] a batch that others came after is taken back by a commit, its ticks too and no others', async () => {
  await using swarm = await openSwarm({ env, files: { [PATH]: PLAN } });
  await swarm.say('import spec .kiro/specs/demo');
  for (const id of ['1.1', '1.2', '2']) {
    expect((await swarm.say(`run task ${id} wait=true`)).exit).toBe(0);
    expect((await swarm.say('merge completed branches')).exit).toBe(0);
  }
  expect(plan(swarm)).toBe('# Plan\n\n- [x] 1. Group\n- [x] 1.1 First\n- [x] 1.2 Second\n- [x] 2. Third');
  const tip = swarm.git('rev-parse', BRANCH);
  const question = await swarm.propose('rollback integration batch-2');
  expect(question.message).toContain(
    `a commit on ${BRANCH} takes its 1 merge back, because ${BRANCH} has commits that came after it`,
  );
  expect((await swarm.say('rollback integration batch-2')).exit).toBe(0);
  expect(swarm.git('rev-parse', `${BRANCH}^1`)).toBe(tip);
  expect(plan(swarm)).toBe('# Plan\n\n- [ ] 1. Group\n- [x] 1.1 First\n- [-] 1.2 Second\n- [x] 2. Third');
  const files = swarm.git('diff', '--name-status', tip, BRANCH).split('\n');
  expect(files).toHaveLength(2);
  expect(files).toContain(`M\t${PATH}`);
  expect(swarm.git('show', '-s', '--format=%B', BRANCH)).toMatch(
    /^Roll back batch-2\n\nThis takes back the merge of 1\.2, [0-9a-f]{40}\.\n\nDrover-Rollback: batch-2$/u,
  );
  expect(worktree(swarm)).toBe(`## ${BRANCH}`);
  const { tasks } = await swarm.state();
  expect([tasks['1.2']!.state, tasks['1.1']!.state, tasks['2']!.state]).toEqual(['open', 'done', 'done']);
  expect(readFileSync(join(swarm.root, PATH), 'utf8')).toBe(PLAN);

  // What is done anew comes in again, with its tick.
  expect((await swarm.say('run task 1.2 wait=true')).exit).toBe(0);
  expect((await swarm.say('merge completed branches')).exit).toBe(0);
  expect(plan(swarm)).not.toContain('[ ]');
});

test('a batch that others have seen is taken back by a commit, also when it is the last', async () => {
  await using swarm = await openSwarm({ env });
  await mergeAll(swarm, { t1: '"One"' });
  const tip = swarm.git('rev-parse', BRANCH);
  swarm.git('update-ref', 'refs/remotes/origin/main', tip);
  const question = await swarm.propose('rollback last batch');
  expect(question.message).toContain('because it is in refs/remotes/origin/main already');
  expect((await swarm.say('rollback last batch')).data).toMatchObject({ rollback: { method: 'revert' } });
  expect(swarm.git('rev-parse', `${BRANCH}^1`)).toBe(tip);
  expect(tree(swarm, BRANCH)).toBe(tree(swarm, 'main'));
});

test('what later work stands on is not taken back: the answer names the files, and nothing is changed', async () => {
  await using swarm = await openSwarm({ env });
  await mergeAll(swarm, { t1: '"rehearse: conflict same.txt"' });
  await mergeAll(swarm, { t2: '"rehearse: conflict same.txt"' });
  const { seq } = await swarm.state();
  const tip = swarm.git('rev-parse', BRANCH);
  const reply = await swarm.propose('rollback integration batch-1');
  expect([reply.exit, reply.message]).toEqual([
    6,
    'batch-1 cannot be taken back: what came after it changed the same in same.txt; nothing was changed.',
  ]);
  expect([swarm.git('rev-parse', BRANCH), (await swarm.state()).tasks['t1']!.state]).toEqual([tip, 'done']);
  expect((await swarm.state()).seq).toBe(seq);
});

test('a batch that is not there, merged nothing or is gone from the branch is not taken back', async () => {
  await using swarm = await openSwarm({ env });
  expect((await swarm.say('rollback last batch')).exit).toBe(3);
  await mergeAll(swarm, { t1: '"One"' });
  expect((await swarm.say('rollback integration batch-9')).exit).toBe(3);
  expect((await swarm.say('create task "Two" id=t2 deps=t1')).exit).toBe(0);
  expect((await swarm.say('run task t2 wait=true')).exit).toBe(0);
  const held = await swarm.propose('rollback integration batch-1');
  expect(held.message).toContain(' Still with its work in them: feature/t2-two.');
  swarm.git('-C', join(swarm.paths.worktrees, 'integration'), 'checkout', '-q', '--detach');
  swarm.git('update-ref', `refs/heads/${BRANCH}`, 'main');
  const reply = await swarm.say('rollback integration batch-1');
  expect([reply.exit, reply.message]).toEqual([6, `${BRANCH} does not contain batch-1 any more; nothing was changed.`]);
});

test('a branch that a person has checked out is not moved: an alert says so, with the command that goes on later', async () => {
  await using swarm = await openSwarm({ env });
  await mergeAll(swarm, { t1: '"One"' });
  swarm.git('-C', join(swarm.paths.worktrees, 'integration'), 'checkout', '-q', '--detach');
  const mine = join(swarm.root, '..', 'mine');
  swarm.git('worktree', 'add', '-q', mine, BRANCH);
  const reply = await swarm.say('rollback last batch');
  expect([reply.exit, reply.message]).toEqual([6, expect.stringMatching(/^batch-1 stands: .*checked out/u)]);
  const { alerts, tasks } = await swarm.state();
  expect(tasks['t1']).toMatchObject({ state: 'done', batch: 'batch-1' });
  const { suggestion } = alerts['rollback:batch-1']!;
  swarm.git('worktree', 'remove', mine);
  expect((await swarm.say(suggestion!)).message).toBe('batch-1 is taken back; open again: t1.');
  expect((await swarm.state()).alerts).toEqual({});
  expect(await swarm.say('rollback last batch')).toMatchObject({
    exit: 3,
    message: 'No batch can be taken back: each is taken back already, or merged nothing.',
  });
});

test('a batch that was delivered is said to be in that branch still, with what takes it back there, until that has happened', async () => {
  await using swarm = await openSwarm({ env });
  await swarm.say('create task "One" id=t1');
  expect((await swarm.say('run task t1 wait=true')).exit).toBe(0);
  expect((await swarm.say('merge completed branches to=main')).exit).toBe(0);
  const note = 'main still has it; to take it back there as well: merge completed branches to=main';
  expect((await swarm.propose('rollback batch batch-1')).message).toContain(
    ' main keeps it until what takes it back is delivered there.',
  );
  expect((await swarm.say('rollback batch batch-1')).message).toBe(`batch-1 is taken back; open again: t1. ${note}.`);
  expect((await swarm.say('status')).text).toContain('taking back t1');
  expect((await swarm.say('show batch batch-1')).message).toContain(`\nstill in    ${note}\n`);
  expect((await swarm.say('list batches')).data).toMatchObject([{ why: note }]);
  expect((await swarm.say('merge completed branches to=main')).exit).toBe(0);
  expect(swarm.git('rev-parse', 'main')).toBe(swarm.git('rev-parse', BRANCH));
  expect((await swarm.say('show batch batch-1')).message).not.toContain('still');
  expect((await swarm.say('list batches')).data).toMatchObject([{ why: null }, {}]);
});
