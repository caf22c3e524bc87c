import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { taskBranch } from '../../src/state/names.ts';
import { syncedDuring } from '../helpers/synced.ts';
import { openWorld, write } from './world.ts';

test('[GIT-2] a branch is named by the template, and a taken name gets the suffix -2, then -3', async () => {
  await using world = await openWorld();
  const name = taskBranch('feature/{task}-{slug}', { task: '12', title: 'Add: login~page' });
  const got = [];
  for (let n = 0; n < 3; n += 1) got.push(await world.git.createBranch(name, world.first));
  expect(got).toEqual(['feature/12-add-login-page', 'feature/12-add-login-page-2', 'feature/12-add-login-page-3']);
  expect(await world.git.resolve(got[1]!)).toBe(world.first);
});

test('[GIT-2] the name of a branch that the user has checked out is never handed out', async () => {
  await using world = await openWorld();
  expect(await world.git.currentBranch()).toBe('main');
  expect(await world.git.createBranch('main', world.first)).toBe('main-2');
});

test('[GIT-2] a name that git does not accept is refused, and one that other branches lie below gets a suffix', async () => {
  await using world = await openWorld();
  for (const name of ['a b', 'a..b', '-x', '', 'HEAD', '@{-1}', 'x.lock', 'a\0b']) {
    expect(await world.git.validBranch(name), name).toBe(false);
    await expect(world.git.createBranch(name, world.first)).rejects.toMatchObject({ code: 'git/bad-branch', exit: 2 });
  }
  await world.git.createBranch('feature/a', world.first);
  expect(await world.git.createBranch('feature', world.first)).toBe('feature-2');
});

test('a branch called "drover" blocks those of the instances, and the error names it', async () => {
  await using world = await openWorld();
  world.user('branch', 'drover');
  const blocked = { code: 'git/branch-blocked', exit: 6, message: expect.stringContaining('because "drover" exists') };
  await expect(world.git.createBranch('drover/claude-1', world.first)).rejects.toMatchObject(blocked);
  await expect(world.git.moveBranch('drover/integration', null, world.first)).rejects.toMatchObject(blocked);
});

test('a commit that does not exist cannot become a branch', async () => {
  await using world = await openWorld();
  const nowhere = 'f'.repeat(40);
  await expect(world.git.createBranch('x', nowhere)).rejects.toMatchObject({ code: 'git/failed' });
  await expect(world.git.moveBranch('x', null, nowhere)).rejects.toMatchObject({ code: 'git/failed' });
});

test('a name is resolved to its commit, or to nothing', async () => {
  await using world = await openWorld();
  world.user('tag', 'main');
  expect(await world.git.resolve('HEAD')).toBe(world.first);
  for (const name of ['nowhere', '', '-x', '--all', 'a b', 'HEAD:readme.md', '@{99}', 'f'.repeat(40)])
    expect(await world.git.resolve(name), name).toBe(null);
  expect(await world.git.currentBranch()).toBe('main');
  world.user('checkout', '--quiet', '--detach');
  expect(await world.git.currentBranch()).toBe(null);
});

test('ancestry is told both ways', async () => {
  await using world = await openWorld();
  const next = world.commit(world.first, { a: 'a' });
  expect(await world.git.isAncestor(world.first, next)).toBe(true);
  expect(await world.git.isAncestor(next, world.first)).toBe(false);
  await expect(world.git.isAncestor('nowhere', next)).rejects.toMatchObject({ code: 'git/failed' });
});

test('[A47] a branch moves only from where it is thought to be, and never under the user’s checkout', async () => {
  await using world = await openWorld();
  const { git, first } = world;
  const next = world.commit(first, { a: 'a' });
  expect(await git.moveBranch('drover/integration', first, next)).toBe(false);
  expect(await git.moveBranch('drover/integration', null, first)).toBe(true);
  expect(await git.moveBranch('drover/integration', null, next)).toBe(false);
  expect(await git.moveBranch('drover/integration', next, next)).toBe(false);
  expect(await git.moveBranch('drover/integration', first, next)).toBe(true);
  expect(await git.resolve('drover/integration')).toBe(next);
  await expect(git.moveBranch('main', first, next)).rejects.toMatchObject({ code: 'git/checked-out', exit: 6 });
  expect(world.user('status', '--porcelain')).toBe('');
});

test('[A47] a branch that was made another name of a person’s is neither moved nor removed: git would do that to theirs', async () => {
  await using world = await openWorld();
  const { git, first, user } = world;
  const next = world.commit(first, { a: 'a' });
  const linked = { code: 'git/linked', message: expect.stringContaining('is another name of refs/heads/main') };
  user('symbolic-ref', 'refs/heads/drover/integration', 'refs/heads/main');
  await expect(git.moveBranch('drover/integration', first, next)).rejects.toMatchObject(linked);
  await expect(git.removeBranch('drover/integration', first)).rejects.toMatchObject(linked);
  expect([user('rev-parse', 'main').trim(), user('status', '--porcelain')]).toEqual([first, '']);
});

test('an archive keeps every commit that was put there under a name', async () => {
  await using world = await openWorld();
  const next = world.commit(world.first, { a: 'a' });
  for (const commit of [world.first, world.first, next, next]) await world.git.archive('claude-1', commit);
  expect(
    world.user('for-each-ref', '--format=%(refname) %(objectname)', 'refs/drover/archive').trim().split('\n'),
  ).toEqual([`refs/drover/archive/claude-1 ${world.first}`, `refs/drover/archive/claude-1-2 ${next}`]);
  await expect(world.git.archive('a b', next)).rejects.toMatchObject({ code: 'git/failed' });
});

test('a file of a commit is read as text; what is missing, a link, a folder or no text is nothing', async () => {
  await using world = await openWorld();
  const { git, root, user } = world;
  write(root, 'sub/two\nlines ü.md', '\uFEFFhello\r\n');
  write(root, 'binary', 'a\0b');
  user('add', '--all');
  user('update-index', '--add', '--cacheinfo', `120000,${user('hash-object', '-w', 'readme.md').trim()},link`);
  user('commit', '--quiet', '-m', 'files');
  const latin = world.commit(user('rev-parse', 'HEAD').trim(), {});
  expect(await git.readFile('HEAD', 'sub/two\nlines ü.md')).toBe('\uFEFFhello\r\n');
  for (const path of ['nowhere', 'binary', 'link', 'sub', '*.md', '../x'])
    expect(await git.readFile(latin, path), path).toBe(null);
});

test('[STO-2] a ref that was made, moved or kept is one after a power cut, with the claim beside it', async () => {
  await using world = await openWorld();
  const { git, first, root } = world;
  const refs = join(root, '.git/refs');
  const claims = join(root, '.git/drover/claims');
  const isMade = await syncedDuring(() => git.createBranch('drover/a', first, 'task t1'));
  expect([join(refs, 'heads/drover'), claims, dirname(claims)].map(isMade)).toEqual([true, true, true]);
  expect(readdirSync(claims).map((name) => isMade(join(claims, name)))).toEqual([true]);
  const isDropped = await syncedDuring(() => git.dropClaim('drover/a'));
  expect([readdirSync(claims), isDropped(claims)]).toEqual([[], true]);
  const isKept = await syncedDuring(() => git.archive('lost/a', first));
  expect(isKept(join(refs, 'drover/archive/lost'))).toBe(true);
});
