import { cpSync, existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { dyingAt } from './dying.ts';
import { openGit } from '../../src/git/open.ts';
import { openWorld, type World, write } from './world.ts';

/** A worktree whose making was cut off at a word. */
const openHalf = async (world: World, word: string, name = 'a') => {
  const [place, branch] = [world.at(name), await world.git.createBranch(`drover/${name}`, world.first)];
  const dying = dyingAt(world, word);
  void dying.git.addWorktree(place, { branch });
  await dying.reached;
  return { place, branch, admin: join(world.root, '.git/worktrees', basename(place)) };
};

/** A worktree whose removal was cut off when its folder lay in the trash. */
const openRemoved = async (world: World) => {
  const [place, branch] = [world.at('a'), await world.git.createBranch('drover/a', world.first)];
  await world.git.addWorktree(place, { branch });
  const dying = dyingAt(world, 'remove');
  void dying.git.removeWorktree(place, join(world.home, 'trash/a'));
  await dying.reached;
  return { place, was: { branch, head: world.first } };
};

const list = ({ user }: World): string => user('worktree', 'list', '--porcelain');

test.each(['reset', 'unlock'])('a worktree whose making was cut off at its %s is taken away', async (word) => {
  await using world = await openWorld();
  const { place, branch } = await openHalf(world, word);
  const next = world.open();
  expect(await next.clearHalfMade()).toEqual([place]);
  expect([existsSync(place), list(world).includes(place)]).toEqual([false, false]);
  expect(await next.removeBranch(branch, world.first)).toBe(true);
  expect(await next.clearHalfMade()).toEqual([]);
});

test('one that git itself was killed over does not keep a person from looking at all that is committed', async () => {
  await using world = await openWorld();
  const { place, admin } = await openHalf(world, 'reset');
  // git writes so before it writes what is checked out.
  writeFileSync(join(admin, 'HEAD'), `${'0'.repeat(40)}\n`);
  expect(() => world.user('log', '--all')).toThrow('bad object');
  expect(await world.open().clearHalfMade()).toEqual([place]);
  expect(world.user('log', '--all', '--format=%s')).toBe('first\n');
});

/** git as a daemon has it in another folder than the one in which the repository was. */
const openAt = ({ env, processes }: World, root: string) =>
  openGit({ root, commonDir: join(root, '.git'), processes, env });

test.each(['reset', 'unlock'])('a copy does not take away what the original was making at its %s', async (word) => {
  await using world = await openWorld();
  const { place } = await openHalf(world, word);
  const copy = join(world.home, 'copy');
  cpSync(world.root, copy, { recursive: true });
  const before = readdirSync(dirname(place));
  expect(await openAt(world, copy).clearHalfMade()).toEqual([]);
  expect(readdirSync(dirname(place))).toEqual(before);
  expect(await world.open().clearHalfMade()).toEqual([place]);
});

test('what was being made in a repository that was moved since is taken away', async () => {
  await using world = await openWorld();
  const { place } = await openHalf(world, 'unlock');
  const moved = join(world.home, 'moved');
  renameSync(world.root, moved);
  expect([await openAt(world, moved).clearHalfMade(), existsSync(place)]).toEqual([[place], false]);
});

test('what somebody has put into a worktree that was being made is kept', async () => {
  await using world = await openWorld();
  const { place } = await openHalf(world, 'unlock');
  write(place, 'mine.txt', 'mine');
  expect(await world.open().clearHalfMade()).toEqual([place]);
  const trash = join(dirname(place), '.drover-trash');
  const [kept] = readdirSync(trash);
  expect(readFileSync(join(trash, kept!, 'mine.txt'), 'utf8')).toBe('mine');
});

test('one that cannot be taken away keeps no other, and is told of', async () => {
  await using world = await openWorld();
  const places: string[] = [];
  for (const name of ['1/a', '2/b', '3/c']) places.push((await openHalf(world, 'unlock', name)).place);
  write(places[1]!, 'mine.txt', 'mine');
  writeFileSync(join(dirname(places[1]!), '.drover-trash'), 'in the way');
  await expect(world.open().clearHalfMade()).rejects.toThrow('.drover-trash');
  expect(places.map((place) => existsSync(place))).toEqual([false, true, false]);
  expect(readFileSync(join(places[1]!, 'mine.txt'), 'utf8')).toBe('mine');
});

test('a worktree that a person is just making, or has locked, stays', async () => {
  await using world = await openWorld();
  const { admin } = await openHalf(world, 'reset');
  for (const reason of ['initializing', 'drover: not ours', '']) {
    writeFileSync(join(admin, 'locked'), reason);
    expect(await world.open().clearHalfMade()).toEqual([]);
  }
  expect(existsSync(admin)).toBe(true);
});

test('a worktree whose removal was cut off is known again, and no other', async () => {
  await using world = await openWorld();
  const { place, was } = await openRemoved(world);
  const next = world.open();
  expect(await next.isTakenAway(place, was)).toBe(true);
  expect(await next.isTakenAway(place, { ...was, branch: 'drover/b' })).toBe(false);
  expect(await next.isTakenAway(place, { ...was, branch: null })).toBe(false);
  expect(await next.isTakenAway(world.at('b'), was)).toBe(false);
  await next.removeWorktree(place);
  expect([list(world).includes(place), await next.isTakenAway(place, was)]).toEqual([false, false]);
  await next.addWorktree(place, { branch: was.branch });
  expect(await next.isTakenAway(place, was)).toBe(false);
});
