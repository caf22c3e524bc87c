import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openWorld, userGit, write } from './world.ts';

const openInstance = async (folders: string[] = []) => {
  const world = await openWorld();
  const path = world.at('a');
  const start = world.commit(world.first, { 'in/one': '1\n', 'in/two': '2\n', 'out/three': '3\n' });
  await world.git.createBranch('drover/a', start);
  await world.git.addWorktree(path, { branch: 'drover/a' }, folders);
  return { ...world, path, agent: userGit(path, world.env) };
};

test('files that git was told not to look at are looked at again, and there is nothing to do where there are none', async () => {
  await using world = await openInstance();
  const { git, path, agent } = world;
  expect(await git.unhide(path)).toBe(0);
  agent('update-index', '--assume-unchanged', 'in/one', 'in/two');
  agent('update-index', '--skip-worktree', 'in/two', 'out/three');
  for (const file of ['in/one', 'in/two']) write(path, file, 'changed\n');
  rmSync(join(path, 'out/three'));
  expect((await git.worktreeState(path)).dirty).toEqual([]);
  expect(await git.unhide(path)).toBe(3);
  expect((await git.worktreeState(path)).dirty).toEqual(['in/one', 'in/two', 'out/three']);
  expect(await git.unhide(path)).toBe(0);
});

test('what a sparse checkout leaves out stays out, and what lies there all the same is seen', async () => {
  await using world = await openInstance(['in']);
  const { git, path, agent } = world;
  agent('update-index', '--assume-unchanged', 'in/one');
  agent('update-index', '--skip-worktree', 'in/two');
  for (const file of ['in/one', 'in/two']) write(path, file, 'changed\n');
  expect(await git.unhide(path)).toBe(1);
  expect((await git.worktreeState(path)).dirty).toEqual(['in/one', 'in/two']);
  expect(agent('ls-files', '-t', 'out')).toBe('S out/three\n');
});

test('hidden work is saved, and is in the way of a checkout', async () => {
  await using world = await openInstance();
  const { git, path, agent, user } = world;
  const next = await git.createBranch('next', world.first);
  agent('update-index', '--assume-unchanged', 'in/one');
  write(path, 'in/one', 'changed\n');
  await expect(git.switchTo(path, next)).rejects.toMatchObject({ code: 'git/dirty' });
  agent('update-index', '--skip-worktree', 'in/one');
  const saved = (await git.saveWork(path, 'WIP'))!;
  expect(user('show', `${saved}:in/one`)).toBe('changed\n');
  await git.switchTo(path, next);
});
