import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openWorld, userGit, write } from './world.ts';

/** A world with one worktree on the branch `drover/a`, which an agent works in and of which others have changed a file. */
const openInstance = async () => {
  const world = await openWorld();
  const path = world.at('a');
  await world.git.createBranch('drover/a', world.first);
  await world.git.addWorktree(path, { branch: 'drover/a' });
  const one = world.commit(world.first, { 'readme.md': 'theirs\n' });
  const two = world.commit(one, { 'readme.md': 'theirs, more\n' });
  await world.git.createBranch('other', two);
  const agent = userGit(path, world.env);
  const commit = (name: string): string => {
    write(path, name, `${name}, ours\n`);
    agent('add', name);
    agent('commit', '--quiet', '-m', name);
    return agent('rev-parse', 'HEAD').trim();
  };
  const admin = join(world.root, '.git', 'worktrees', 'a');
  return { ...world, path, agent, admin, commit, one, two };
};

test('a rebase is given up with what it had set aside, and a branch that was made for it stays', async () => {
  await using world = await openInstance();
  const { git, path, agent, admin, commit, user, two } = world;
  const ours = commit('readme.md');
  agent('branch', 'mine');
  agent('checkout', '--quiet', '--detach');
  const alone = commit('alone');
  write(path, 'readme.md', 'not committed\n');
  const before = readdirSync(admin).toSorted();
  expect(() => agent('rebase', '--quiet', '--autostash', 'other')).toThrow();
  agent('reset', '--quiet', '--hard');
  const { what, kept } = (await git.giveUp(path, 'a', 'WIP'))!;
  expect(what).toBe('rebase');
  // Where it was to come from, and what was set aside; where it has come to is on a branch.
  expect(agent('rev-parse', 'HEAD').trim()).toBe(two);
  expect(kept.map((ref) => user('show', '-s', '--format=%P', ref).trim().split(' ')[0])).toEqual([ours, alone]);
  expect(user('show', `${kept[1]}:readme.md`)).toBe('not committed\n');
  expect(user('rev-parse', 'mine', 'drover/a').trim().split('\n')).toEqual([ours, ours]);
  expect(readdirSync(admin).filter((name) => !before.includes(name) && name !== 'ORIG_HEAD')).toEqual([]);
  await git.switchTo(path, 'drover/a');
  expect(await git.worktreeState(path)).toEqual({ branch: 'drover/a', head: ours, dirty: [] });
});

test('picks that are still to come are given up as well, where nothing is picked at the moment', async () => {
  await using world = await openInstance();
  const { git, path, agent, commit, one, two } = world;
  commit('readme.md');
  expect(() => agent('cherry-pick', one, two)).toThrow();
  agent('commit', '--quiet', '--all', '-m', 'picked by hand');
  expect(agent('status', '--porcelain')).toBe('');
  await expect(git.switchTo(path, 'other')).rejects.toMatchObject({ code: 'git/under-way' });
  expect(await git.giveUp(path, 'a', 'WIP')).toEqual({ what: 'cherry-pick', kept: [] });
  await git.switchTo(path, 'other');
});

test('what a conflict left that is as it was before is no work, and in nobody’s way', async () => {
  await using world = await openInstance();
  const { git, path, agent, commit } = world;
  const ours = commit('readme.md');
  expect(() => agent('merge', '--quiet', 'other')).toThrow();
  write(path, 'readme.md', 'readme.md, ours\n');
  expect((await git.worktreeState(path)).dirty).toEqual(['readme.md']);
  expect(await git.giveUp(path, 'a', 'WIP')).toEqual({ what: 'merge', kept: [] });
  expect(await git.worktreeState(path)).toEqual({ branch: 'drover/a', head: ours, dirty: [] });
});

test('a HEAD that no branch, tag or archive has is kept, once', async () => {
  await using world = await openInstance();
  const { git, path, agent, commit, user } = world;
  const ref = 'refs/drover/archive/a';
  expect(await git.keepHead(path, 'a')).toBe(null);
  agent('checkout', '--quiet', '--detach');
  expect(await git.keepHead(path, 'a')).toBe(null);
  const alone = commit('alone');
  user('tag', 'known', alone);
  expect(await git.keepHead(path, 'a')).toBe(null);
  user('tag', '--delete', 'known');
  expect([await git.keepHead(path, 'a'), await git.keepHead(path, 'a')]).toEqual([ref, null]);
  expect(user('rev-parse', ref).trim()).toBe(alone);
  expect(await git.keepHead(world.at('nowhere'), 'a')).toBe(null);
});
