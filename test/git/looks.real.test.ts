import { existsSync, readFileSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openWorld, userGit, write } from './world.ts';

test('every branch is told with its commit, time and subject', async () => {
  await using world = await openWorld();
  await world.git.createBranch('feature/ü', world.first);
  world.user('commit', '--quiet', '--allow-empty', '-m', 'second: "quotes", ünïcode\n\nbody');
  const head = world.user('rev-parse', 'HEAD').trim();
  const time = new Date(Number(world.user('log', '-1', '--format=%ct')) * 1000).toISOString();
  expect(await world.git.branches()).toEqual([
    { branch: 'feature/ü', commit: world.first, committed_at: expect.any(String), subject: 'first' },
    { branch: 'main', commit: head, committed_at: time, subject: 'second: "quotes", ünïcode' },
  ]);
  expect(await world.git.describe(head)).toEqual({
    commit: head,
    committed_at: time,
    subject: 'second: "quotes", ünïcode',
  });
});

test('how far two commits are apart is counted both ways, and once', async () => {
  await using world = await openWorld();
  const ours = world.commit(world.first, { a: '1' });
  const theirs = world.commit(world.commit(world.first, { b: '1' }), { b: '2' });
  expect(await world.git.divergence(ours, theirs)).toEqual({ ahead: 2, behind: 1 });
  const { started } = world.processes;
  expect(await world.git.divergence(ours, theirs)).toEqual({ ahead: 2, behind: 1 });
  expect(await world.git.divergence(ours, ours)).toEqual({ ahead: 0, behind: 0 });
  expect(world.processes.started).toBe(started);
});

test('the commits of one that another lacks are counted without merges, and once', async () => {
  await using world = await openWorld();
  const work = world.commit(world.first, { a: '1' });
  const landing = await world.git.joined([work, world.commit(world.first, { b: '1' })], 'Merge both');
  const merge = (landing as { commit: string }).commit;
  expect(await world.git.commitCount(world.first, merge)).toBe(2);
  expect(await world.git.commitCount(work, merge)).toBe(1);
  expect(await world.git.commitCount(merge, work)).toBe(0);
  const { started } = world.processes;
  expect(await world.git.commitCount(work, merge)).toBe(1);
  expect(world.processes.started).toBe(started);
});

test('the tree of a commit, which is what it gives with itself, is asked for once', async () => {
  await using world = await openWorld();
  const commit = world.commit(world.first, { a: '1' });
  const merged = { kind: 'merged', tree: world.user('rev-parse', `${commit}^{tree}`).trim() };
  const { started } = world.processes;
  expect(await world.git.mergeTrees(commit, commit)).toEqual(merged);
  expect(await world.git.mergeTrees(commit, commit)).toEqual(merged);
  expect(world.processes.started).toBe(started + 1);
});

test('uncommitted work is kept as a commit, and its branch, index and files stay as they are', async () => {
  await using world = await openWorld();
  const path = world.at('kiro-1');
  await world.git.addWorktree(path, { branch: await world.git.createBranch('drover/kiro-1', world.first) });
  expect(await world.git.snapshot(path, 'WIP')).toBeNull();
  write(path, 'new/file', 'not known to git');
  write(path, 'readme.md', 'changed\n');
  const before = await world.git.worktreeState(path);
  const commit = (await world.git.snapshot(path, 'WIP of kiro-1'))!;
  expect(world.user('show', `${commit}:new/file`)).toBe('not known to git');
  expect(world.user('show', `${commit}:readme.md`)).toBe('changed\n');
  expect(world.user('rev-parse', `${commit}^`).trim()).toBe(world.first);
  expect(await world.git.worktreeState(path)).toEqual(before);
  expect([before.head, before.dirty]).toEqual([world.first, ['readme.md', 'new/']]);
  expect(readFileSync(join(path, 'readme.md'), 'utf8')).toBe('changed\n');
});

test('nothing is made of the user’s own checkout or of a worktree that is gone', async () => {
  await using world = await openWorld();
  write(world.root, 'mine', 'mine');
  await expect(world.git.snapshot(world.root, 'WIP')).rejects.toMatchObject({ code: 'git/not-ours' });
  await expect(world.git.snapshot(world.at('none'), 'WIP')).rejects.toMatchObject({ code: 'git/not-ours' });
  expect(existsSync(join(world.root, 'mine'))).toBe(true);
});

test('a change in the second of the checkout that keeps the length is kept, and seen by the radar', async () => {
  await using world = await openWorld();
  const path = world.at('kiro-1');
  world.user('config', 'core.checkStat', 'minimal');
  world.user('config', 'core.trustctime', 'false');
  await world.git.addWorktree(path, { branch: await world.git.createBranch('drover/kiro-1', world.first) });
  const second = new Date('2026-01-01T00:00:00Z');
  utimesSync(join(path, 'readme.md'), second, second);
  userGit(path, world.env)('update-index', '--refresh');
  write(path, 'readme.md', 'one\nTWO\nthree\n');
  for (const file of [join(path, 'readme.md'), join(world.root, '.git/worktrees/kiro-1/index')])
    utimesSync(file, second, second);
  const commit = (await world.git.snapshot(path, 'WIP'))!;
  expect(world.user('show', `${commit}:readme.md`)).toBe('one\nTWO\nthree\n');
  const stop = new AbortController();
  for await (const look of world.git.work(path, stop.signal)) {
    expect(look.tree).toBe(world.user('rev-parse', `${commit}^{tree}`).trim());
    break;
  }
  stop.abort();
});
