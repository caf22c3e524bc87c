import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checksum, openWorld, write } from './world.ts';

/** A commit on top of the first one, which nothing has yet. */
const openAhead = async (files: Record<string, string>) => {
  const world = await openWorld();
  return { world, next: world.commit(world.first, files) };
};

test('what a person has ignored is not overwritten by a delivery, nor a file of theirs that becomes a folder', async () => {
  for (const files of [{ '.env': 'of the agent' }, { 'notes/n': 'of the agent' }]) {
    const { world, next } = await openAhead(files);
    await using _ = world;
    writeFileSync(join(world.root, '.git/info/exclude'), '.env\nnotes\n');
    const [name] = Object.keys(files)[0]!.split('/') as [string];
    write(world.root, name, 'mine');
    const refused = await world.git.fastForward('main', world.first, next);
    expect(refused).toEqual({ kind: 'refused', why: expect.stringContaining(name) });
    expect([readFileSync(join(world.root, name), 'utf8'), world.user('rev-parse', 'main').trim()]).toEqual([
      'mine',
      world.first,
    ]);
  }
});

test('a branch onto which a person is applying patches is not moved under them', async () => {
  const { world } = await openAhead({ new: 'x' });
  await using _ = world;
  write(world.root, 'readme.md', 'mine\n');
  world.user('commit', '--quiet', '-a', '-m', 'mine');
  const mine = world.user('rev-parse', 'main').trim();
  const patch = join(world.root, '..', 'theirs.patch');
  const theirs = world.commit(world.first, { 'readme.md': 'theirs\n' });
  writeFileSync(patch, world.user('format-patch', '-1', '--stdout', theirs));
  expect(() => world.user('am', '--quiet', patch)).toThrow();
  const top = world.commit(mine, { new: 'x' });
  const why = `a "git am" is under way in ${world.root}`;
  expect(await world.git.fastForward('main', mine, top)).toEqual({ kind: 'refused', why });
  expect(await world.git.forwardTrouble('main', mine, top)).toBe(why);
  world.user('am', '--abort');
  expect(await world.git.fastForward('main', mine, top)).toEqual({ kind: 'moved' });
});

test('a branch that a person is rebasing or bisecting is not moved under them', async () => {
  const { world, next } = await openAhead({ new: 'x' });
  await using _ = world;
  const other = world.commit(world.first, { 'readme.md': 'theirs\n' });
  write(world.root, 'readme.md', 'mine\n');
  world.user('commit', '--quiet', '-a', '-m', 'mine');
  const mine = world.user('rev-parse', 'main').trim();
  expect(() => world.user('rebase', '--quiet', other)).toThrow('could not apply');
  const top = world.commit(mine, { new: 'x' });
  expect(await world.git.fastForward('main', mine, top)).toEqual({
    kind: 'refused',
    why: `a rebase of it is under way in ${world.root}`,
  });
  expect(await world.git.forwardTrouble('main', mine, top)).toBe(`a rebase of it is under way in ${world.root}`);
  // Nor is it by anything else that moves or removes branches.
  const held = { code: 'git/branch-held', message: expect.stringContaining(`under way in ${world.root}`) };
  await expect(world.git.moveBranch('main', mine, top)).rejects.toMatchObject(held);
  await expect(world.git.removeBranch('main', mine)).rejects.toMatchObject(held);
  world.user('rebase', '--abort');
  expect([world.user('rev-parse', 'main').trim(), await world.git.fastForward('main', mine, top)]).toEqual([
    mine,
    { kind: 'moved' },
  ]);
  world.user('bisect', 'start', 'main', world.first);
  expect(await world.git.fastForward('main', top, world.commit(top, { more: 'x' }))).toMatchObject({ kind: 'refused' });
  expect([world.user('rev-parse', 'main').trim(), next === top]).toEqual([top, false]);
});

test('a branch that is another name of the one that is checked out is brought forward with its files', async () => {
  const { world, next } = await openAhead({ new: 'x' });
  await using _ = world;
  const { git, user, root, first } = world;
  user('symbolic-ref', 'refs/heads/trunk', 'refs/heads/main');
  user('symbolic-ref', 'refs/heads/deep', 'refs/heads/trunk');
  user('symbolic-ref', 'refs/heads/label', 'refs/tags/v1');
  expect(await git.fastForward('deep', first, next)).toEqual({ kind: 'moved' });
  expect([user('rev-parse', 'main').trim(), user('status', '--porcelain')]).toEqual([next, '']);
  expect(readFileSync(join(root, 'new'), 'utf8')).toBe('x');
  expect(await git.fastForward('label', first, next)).toMatchObject({ kind: 'refused' });
});

test('a checkout comes forward as a whole whatever is set for merges into its branch', async () => {
  for (const own of ['--squash', '--no-ff', '--no-commit']) {
    const { world, next } = await openAhead({ new: 'x' });
    await using _ = world;
    const { git, user, first } = world;
    user('config', 'branch.main.mergeOptions', own);
    expect(await git.fastForward('main', first, next)).toEqual({ kind: 'moved' });
    expect([user('rev-parse', 'main').trim(), user('status', '--porcelain')]).toEqual([next, '']);
  }
});

test('a branch whose checkout somebody deleted is not moved, and what helps is said', async () => {
  const { world, next } = await openAhead({ new: 'x' });
  await using _ = world;
  const { git, user, first } = world;
  const path = world.at('theirs');
  user('worktree', 'add', '--quiet', '-b', 'theirs', path);
  rmSync(path, { recursive: true });
  expect(await git.forwardTrouble('theirs', first, next)).toContain(`checked out in ${path}, which is gone`);
  expect(await git.fastForward('theirs', first, next)).toEqual({
    kind: 'refused',
    why: expect.stringContaining('"git worktree prune"'),
  });
  user('worktree', 'prune');
  expect(await git.fastForward('theirs', first, next)).toEqual({ kind: 'moved' });
});

test('what is in the way of a fast-forward is told before one is made, and nothing is touched for that', async () => {
  const { world, next } = await openAhead({
    'readme.md': 'theirs\n',
    'notes/n': 'theirs\n',
    '.env': 'theirs\n',
    new: 'x',
  });
  await using _ = world;
  const { git, user, first, root } = world;
  const trouble = () => git.forwardTrouble('main', first, next);
  expect(await trouble()).toBeNull();
  utimesSync(join(root, 'readme.md'), 1, 1);
  expect(await trouble()).toBeNull();
  writeFileSync(join(root, '.git/info/exclude'), '.env\n');
  for (const [path, isTracked] of [
    ['readme.md', true],
    ['notes', false],
    ['.env', false],
    ['new', false],
  ] as const) {
    write(root, path, 'mine');
    const why = `${path} is changed in ${root}, and would be overwritten`;
    const before = checksum(root);
    expect([await trouble(), checksum(root)]).toEqual([why, before]);
    expect(await git.fastForward('main', first, next)).toMatchObject({ kind: 'refused' });
    if (isTracked) user('checkout', '--quiet', path);
    else rmSync(join(root, path));
  }
  write(root, 'new/below', 'mine');
  expect(await trouble()).toBe(`new/below is changed in ${root}, and would be overwritten`);
  rmSync(join(root, 'new'), { recursive: true });
  write(root, 'readme.md', 'staged');
  user('add', 'readme.md');
  expect(await trouble()).toContain('readme.md is changed');
  user('checkout', '--quiet', 'HEAD', '--', 'readme.md');
  // What does not change with it may be changed.
  write(root, 'mine', 'mine');
  expect(await trouble()).toBeNull();
  expect(await git.fastForward('main', first, next)).toEqual({ kind: 'moved' });
});

test('a checkout whose git directory lies elsewhere comes forward with its files', async () => {
  const { world, next } = await openAhead({ new: 'x' });
  await using _ = world;
  const { home, root, user, first } = world;
  const store = join(home, 'store');
  const isForward = () => [existsSync(join(root, 'new')), user('status', '--porcelain'), readdirSync(store)];
  mkdirSync(store);
  renameSync(join(root, '.git'), join(store, 'sep.git'));
  writeFileSync(join(root, '.git'), `gitdir: ${join(store, 'sep.git')}\n`);
  const apart = await world.openThere();
  expect([await apart.forwardTrouble('main', first, next), (await apart.worktrees())[0]?.path]).toEqual([null, root]);
  expect(await apart.fastForward('main', first, next)).toEqual({ kind: 'moved' });
  expect(isForward()).toEqual([true, '', ['sep.git']]);
  user('reset', '--hard', '--quiet', first);
  // Of this name git takes the folder above it for the checkout.
  renameSync(join(store, 'sep.git'), join(store, '.git'));
  rmSync(join(root, '.git'));
  symlinkSync(join(store, '.git'), join(root, '.git'));
  const linked = await world.openThere();
  expect((await linked.worktrees())[0]?.path).toBe(root);
  expect(await linked.fastForward('main', first, next)).toEqual({ kind: 'moved' });
  expect(isForward()).toEqual([true, '', ['.git']]);
});

test('a lock that nobody holds is named, and nothing of the checkout is touched before', async () => {
  for (const name of ['index.lock', 'HEAD.lock', 'refs/heads/main.lock']) {
    const { world, next } = await openAhead({ 'readme.md': 'theirs\n', new: 'x' });
    await using _ = world;
    const { git, user, first, root } = world;
    const lock = join(root, '.git', name);
    writeFileSync(lock, '');
    const before = checksum(root);
    const why = `the lock ${lock} is in the way, and no program was seen that holds it: if no git runs any more, remove it: rm ${lock}`;
    expect(await git.fastForward('main', first, next)).toEqual({ kind: 'refused', why });
    expect([checksum(root), existsSync(lock)]).toEqual([before, true]);
    rmSync(lock);
    expect(await git.fastForward('main', first, next)).toEqual({ kind: 'moved' });
    expect(user('status', '--porcelain')).toBe('');
  }
});

test('where git has written the files and cannot move the branch, they are put back with the index', async () => {
  const { world, next } = await openAhead({ 'readme.md': 'theirs\n', 'new/deep': 'x' });
  await using _ = world;
  const { git, user, first, root } = world;
  const lock = join(root, '.git/refs/heads/main.lock');
  // Somebody comes to lock the branch while git is at the files.
  user('config', 'filter.lock.smudge', `touch '${lock}'; cat`);
  user('config', 'filter.lock.clean', 'cat');
  writeFileSync(join(root, '.git/info/attributes'), 'readme.md filter=lock\n');
  write(root, 'staged', 'mine');
  user('add', 'staged');
  write(root, 'mine', 'mine');
  const before = checksum(root, ['HEAD', 'config']);
  const refused = await git.fastForward('main', first, next);
  expect(refused).toEqual({ kind: 'refused', why: expect.stringContaining(`the lock ${lock} is in the way`) });
  expect([checksum(root, ['HEAD', 'config']), existsSync(join(root, 'new'))]).toEqual([before, false]);
  expect([user('status', '--porcelain'), user('rev-parse', 'main').trim()]).toEqual(['A  staged\n?? mine\n', first]);
  rmSync(lock);
  user('config', 'filter.lock.smudge', 'cat');
  expect(await git.fastForward('main', first, next)).toEqual({ kind: 'moved' });
});

test('what a person has staged of it themselves is not put back under them', async () => {
  const { world, next } = await openAhead({ 'readme.md': 'theirs\n', new: 'x' });
  await using _ = world;
  const { git, user, first, root } = world;
  const lock = join(root, '.git/refs/heads/main.lock');
  user('config', 'filter.lock.smudge', `touch '${lock}'; cat`);
  user('config', 'filter.lock.clean', 'cat');
  writeFileSync(join(root, '.git/info/attributes'), 'new filter=lock\n');
  write(root, 'readme.md', 'theirs\n');
  user('add', 'readme.md');
  const refused = await git.fastForward('main', first, next);
  const back = '; the files that git had written by then are put back';
  expect(refused).toEqual({ kind: 'refused', why: expect.stringContaining(back) });
  expect([user('status', '--porcelain'), existsSync(join(root, 'new'))]).toEqual(['M  readme.md\n', false]);
});
