import { readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import type { ReviewData } from '../../src/text/review-data.ts';
import { openSwarm, type Swarm } from '../helpers/swarm.ts';

const isDone = (swarm: Swarm, id: string, attempts = 1) =>
  vi.waitUntil(
    async () => {
      const task = (await swarm.state()).tasks[id];
      return task?.state === 'done' && task.attempts === attempts;
    },
    { timeout: 30_000, interval: 100 },
  );

const reviewOf = async (swarm: Swarm, id: string): Promise<ReviewData> =>
  (await swarm.say(`review task ${id}`)).data as ReviewData;

test('[GIT-11] comments on two lines reach attempt 2 on the same branch, and before-merge keeps out what nobody approved', async () => {
  await using swarm = await openSwarm({ settings: { agent: 'rehearsal', review: 'before-merge' } });
  const { paths } = swarm;
  await swarm.say('launch 1 instance agent=rehearsal');
  await swarm.say('create task "Sort the list. rehearse: write src/sort.ts"');
  await swarm.say('run task t1');
  await isDone(swarm, 't1');
  const first = await reviewOf(swarm, 't1');
  expect(first.files.map(({ path }) => path)).toContain('src/sort.ts');

  expect(await swarm.say('merge completed branches')).toMatchObject({
    exit: 6,
    message: '1 finished branch waits for a review first: t1.',
  });
  expect(await swarm.say('merge branch t1')).toMatchObject({ exit: 6, data: { code: 'task/not-reviewed' } });

  expect(await swarm.say('comment task t1 file=src/sort.ts line=1 "say more"')).toMatchObject({ exit: 0 });
  const own = first.files.find(({ path }) => path !== 'src/sort.ts')!.path;
  expect(await swarm.say(`comment task t1 file=${own} line=1 "another heading"`)).toMatchObject({ exit: 0 });
  expect(await swarm.say('return task t1')).toMatchObject({ exit: 0 });
  await isDone(swarm, 't1', 2);

  const brief = readFileSync(`${paths.instances}/rehearsal-1/task-t1.md`, 'utf8');
  expect(brief).toContain('> 1. src/sort.ts, line 1:\n>\n>         Written by task t1.\n>\n>    say more');
  expect(brief).toContain(`> 2. ${own}, line 1:`);
  expect(brief).toContain('>    another heading');
  expect(brief).toContain('Attempt 2.');
  const second = await reviewOf(swarm, 't1');
  expect(second).toMatchObject({ branch: first.branch, from: first.from, attempt: 2, approved: false });
  expect(swarm.git('rev-list', '--count', `${first.from}..${second.to}`)).toBe('2');

  // Whoever runs the tests is a person: an agent is refused in test/commands/reviews/approve-task.test.ts.
  expect(await swarm.say('approve task t1')).toMatchObject({ exit: 0, data: { commit: second.to } });
  expect(await swarm.say('merge completed branches')).toMatchObject({ exit: 0 });
  expect(swarm.git('show', 'drover/integration:src/sort.ts')).toContain('Written by task t1.');
}, 120_000);

test('[GIT-11] the work of others that was merged meanwhile is no part of the review', async () => {
  await using swarm = await openSwarm();
  await swarm.say('launch 2 instances agent=rehearsal');
  await swarm.say('create task "One. rehearse: write one.txt"');
  await swarm.say('create task "Two. rehearse: write two.txt"');
  await swarm.say('run task t1');
  await isDone(swarm, 't1');
  await swarm.say('merge completed branches');
  await swarm.say('run task t2');
  await isDone(swarm, 't2');
  const paths = (await reviewOf(swarm, 't2')).files.map(({ path }) => path);
  expect(paths).toContain('two.txt');
  expect(paths).not.toContain('one.txt');
});

test('[GIT-11] a person takes over, commits by hand, and approves what was verified there; given back, nothing is lost', async () => {
  await using swarm = await openSwarm({ settings: { agent: 'rehearsal', checks: { task: 'test ! -e bad' } } });
  await swarm.say('launch 1 instance agent=rehearsal');
  await swarm.say('create task "One. rehearse: write one.txt"');
  await swarm.say('run task t1');
  await isDone(swarm, 't1');
  const taken = await swarm.say('takeover task t1');
  expect(taken.exit, taken.message).toBe(0);
  const { path } = taken.data as { path: string };
  const commit = (name: string): void => {
    swarm.git('-C', path, 'commit', '-q', '--allow-empty', '-m', name);
  };
  swarm.git('-C', path, 'rm', '-q', 'one.txt');
  commit('by hand');
  expect(await swarm.say('approve task t1')).toMatchObject({ exit: 0 });
  expect((await reviewOf(swarm, 't1')).files.map((file) => file.path)).not.toContain('one.txt');
  await swarm.say('return task t1 "go on"');
  await isDone(swarm, 't1', 2);
  expect(swarm.git('log', '--format=%s', (await reviewOf(swarm, 't1')).to)).toContain('by hand');
}, 120_000);

test('[GIT-11] what was taken over and is then given to an agent again is verified where that agent works', async () => {
  await using swarm = await openSwarm();
  await swarm.say('launch 1 instance agent=rehearsal');
  await swarm.say('create task "One. rehearse: write one.txt"');
  await swarm.say('run task t1');
  await isDone(swarm, 't1');
  expect(await swarm.say('takeover task t1')).toMatchObject({ exit: 0 });
  expect(await swarm.say('retry task t1')).toMatchObject({ exit: 0 });
  expect(await swarm.say('resume task t1')).toMatchObject({ exit: 0 });
  const ended = await vi.waitUntil(async () => {
    const task = (await swarm.state()).tasks['t1'];
    return task?.attempts === 2 && ['done', 'failed'].includes(task.state) ? task : undefined;
  });
  expect(ended).toMatchObject({ state: 'done', run: { failure: null } });
  expect((await reviewOf(swarm, 't1')).review).toMatchObject({ taken_over: null });
}, 120_000);

test('[GIT-11] a worktree of the person that has the branch stays as it is, also in the folder of the swarm, and why is told', async () => {
  await using swarm = await openSwarm();
  await swarm.say('launch 1 instance agent=rehearsal');
  await swarm.say('create task "One. rehearse: write one.txt"');
  await swarm.say('run task t1');
  await isDone(swarm, 't1');
  const { branch } = await reviewOf(swarm, 't1');
  await swarm.say('stop instance rehearsal-1');
  await expect.poll(async () => (await swarm.say('remove worktree rehearsal-1')).exit).toBe(0);
  const mine = join(swarm.paths.worktrees, 'mine');
  swarm.git('worktree', 'add', '-q', mine, branch!);
  writeFileSync(join(mine, 'idea'), 'half');
  const before = swarm.git('rev-parse', branch!);
  expect(await swarm.say('takeover task t1')).toMatchObject({ exit: 6, data: { code: 'git/branch-in-use' } });
  await swarm.say('launch 1 instance agent=rehearsal');
  await swarm.say('return task t1 "go on"');
  await vi.waitUntil(async () => (await swarm.state()).tasks['t1']?.state === 'blocked');
  expect((await swarm.state()).tasks['t1']?.blocked_by).toContain(mine);
  expect(swarm.git('-C', mine, 'status', '--porcelain', '--branch')).toBe(`## ${branch}\n?? idea`);
  expect(swarm.git('rev-parse', branch!)).toBe(before);
}, 120_000);

test('[GIT-11] work that is sent back and not touched is not verified again; a person may take it as it is', async () => {
  const once = 'test -e lz || { echo p >lz; git add lz; git commit -qm lz; }; drover report done';
  const agents = { lazy: { command: ['sh', '-c', once], prompt: 'argument' } };
  await using swarm = await openSwarm({ settings: { agent: 'lazy', agents } });
  await swarm.say('launch 1 instance');
  await swarm.say('create task "Say q"');
  await swarm.say('run task t1');
  await isDone(swarm, 't1');
  const { to } = await reviewOf(swarm, 't1');
  expect(await swarm.say('return task t1 "please say q instead of p"')).toMatchObject({ exit: 0 });
  const ended = () =>
    vi.waitUntil(async () => {
      const task = (await swarm.state()).tasks['t1'];
      return task?.attempts === 2 && ['done', 'failed'].includes(task.state) ? task : undefined;
    });
  const task = await ended();
  const message = 'nothing was committed since it was sent back';
  expect(task).toMatchObject({ state: 'failed', run: { result: null, failure: { class: 'no-commit', message } } });
  expect(await swarm.say('history task t1')).toMatchObject({
    data: [{ result: 'verified: 1 commit, 1 file, +1 −0' }, { result: `no-commit: ${message}` }],
  });
  expect(await reviewOf(swarm, 't1')).toMatchObject({ state: 'failed', to });

  expect(await swarm.say('takeover task t1')).toMatchObject({ exit: 0 });
  expect(await swarm.say('approve task t1')).toMatchObject({ exit: 0, data: { commit: to } });
  expect((await swarm.state()).tasks['t1']).toMatchObject({ state: 'done', run: { result: { commits: 1 } } });
}, 120_000);

test('[GIT-11] a lock that a killed git has left where a person went on keeps nobody from going on with that', async () => {
  await using swarm = await openSwarm();
  await swarm.say('launch 1 instance agent=rehearsal');
  await swarm.say('create task "One. rehearse: write one.txt"');
  await swarm.say('run task t1');
  await isDone(swarm, 't1');
  const { path } = (await swarm.say('takeover task t1')).data as { path: string };
  writeFileSync(join(path, 'idea'), 'half');
  const lock = join(swarm.git('-C', path, 'rev-parse', '--absolute-git-dir'), 'index.lock');
  writeFileSync(lock, '');
  utimesSync(lock, new Date(Date.now() - 60_000), new Date(Date.now() - 60_000));
  await swarm.say('return task t1 "go on"');
  await isDone(swarm, 't1', 2);
  expect(swarm.git('show', `${(await reviewOf(swarm, 't1')).to}:idea`)).toBe('half');
}, 120_000);
