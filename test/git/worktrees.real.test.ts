import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { emptyByPowerCut, openWorld, type World, write } from './world.ts';

const content = (path: string): string => readFileSync(join(path, 'readme.md'), 'utf8');
const registered = (world: World): string[] => {
  const folder = join(world.root, '.git/worktrees');
  return existsSync(folder) ? readdirSync(folder) : [];
};

test('[WTR-1] each worktree is on a unique branch of its own and shares the repository', async () => {
  await using world = await openWorld();
  const { git } = world;
  for (const id of ['kiro-1', 'kiro-2']) {
    const branch = await git.createBranch(`drover/${id}`, world.first);
    await git.addWorktree(world.at(id), { branch });
  }
  expect(statSync(join(world.at('kiro-1'), '.git')).isFile()).toBe(true);
  expect(await git.createBranch('drover/kiro-1', world.first)).toBe('drover/kiro-1-2');
  expect(await git.worktrees()).toMatchObject([
    { path: world.root, branch: 'main' },
    { path: world.at('kiro-1'), branch: 'drover/kiro-1' },
    { path: world.at('kiro-2'), branch: 'drover/kiro-2' },
  ]);
  expect(await git.worktreeState(world.at('kiro-1'))).toEqual({
    branch: 'drover/kiro-1',
    head: world.first,
    dirty: [],
  });
});

test('[WTR-3] what is written in one worktree is seen in no other one and not in the user’s checkout', async () => {
  await using world = await openWorld();
  for (const id of ['a', 'b'])
    await world.git.addWorktree(world.at(id), { branch: await world.git.createBranch(`drover/${id}`, world.first) });
  write(world.at('a'), 'readme.md', 'mine\n');
  expect([content(world.at('b')), content(world.root)]).toEqual(['one\ntwo\nthree\n', 'one\ntwo\nthree\n']);
  expect((await world.git.worktreeState(world.root)).dirty).toEqual([]);
});

test('what a power cut has emptied in a worktree is written anew, what somebody emptied stays so', async () => {
  await using world = await openWorld();
  write(world.root, 'deep/ü file', 'kept\n');
  write(world.root, 'other', 'other\n');
  world.user('add', '.');
  world.user('commit', '-qm', 'more');
  const branch = await world.git.createBranch('drover/a', world.user('rev-parse', 'HEAD').trim());
  const place = world.at('a');
  await world.git.addWorktree(place, { branch });
  emptyByPowerCut(place, ['readme.md', 'deep/ü file']);
  truncateSync(join(place, 'other'));
  await world.open().addWorktree(place, { branch });
  const read = (path: string) => readFileSync(join(place, path), 'utf8');
  expect(['readme.md', 'deep/ü file', 'other'].map(read)).toEqual(['one\ntwo\nthree\n', 'kept\n', '']);
  expect((await world.git.worktreeState(place)).dirty).toEqual(['other']);
});

test('a worktree of which a power cut has left empty files is made anew', async () => {
  await using world = await openWorld();
  const branch = await world.git.createBranch('drover/a', world.first);
  const place = world.at('a');
  await world.git.addWorktree(place, { branch });
  for (const name of ['gitdir', 'commondir', 'locked']) writeFileSync(join(world.root, '.git/worktrees/a', name), '');
  writeFileSync(join(place, '.git'), '');
  await world.open().addWorktree(place, { branch });
  expect(await world.git.worktreeState(place)).toEqual({ branch, head: world.first, dirty: [] });
});

test.each(['', 'mine'])(
  'a worktree whose path a power cut has emptied keeps the work in it (lock: "%s")',
  async (lock) => {
    await using world = await openWorld();
    const branch = await world.git.createBranch('drover/a', world.first);
    const place = world.at('a');
    await world.git.addWorktree(place, { branch });
    write(place, 'readme.md', 'mine\n');
    if (lock !== '') await world.git.lockWorktree(place, lock);
    truncateSync(join(world.root, '.git/worktrees/a/gitdir'));
    const next = world.open();
    expect(await next.hasWorktree(place)).toBe(true);
    truncateSync(join(world.root, '.git/worktrees/a/gitdir'));
    await next.addWorktree(place, { branch });
    expect([content(place), await next.worktreeState(place)]).toMatchObject([
      'mine\n',
      { branch, dirty: ['readme.md'] },
    ]);
    expect(await next.lockOf(place)).toBe(lock === '' ? null : lock);
    truncateSync(join(world.root, '.git/worktrees/a/gitdir'));
    truncateSync(join(place, '.git'));
    // Nothing says any more whose it is.
    const [onAdd, onRemove] = lock === '' ? ['git/path-taken', 'git/not-ours'] : ['git/locked', 'git/locked'];
    await expect(next.addWorktree(place, { branch })).rejects.toMatchObject({ code: onAdd });
    await expect(next.removeWorktree(place)).rejects.toMatchObject({ code: onRemove });
    expect(content(place)).toBe('mine\n');
  },
);

test.each(['drover: being made', 'initializing'])(
  'what somebody has in a half made worktree (%s) is kept',
  async (lock) => {
    await using world = await openWorld();
    const branch = await world.git.createBranch('drover/a', world.first);
    const place = world.at('a');
    const trash = join(world.home, 'worktrees/.drover-trash');
    for (const spoil of [() => write(place, '.env', 'x'), () => write(place, 'readme.md', 'mine\n')]) {
      await world.git.addWorktree(place, { branch });
      writeFileSync(join(world.root, '.git/worktrees/a/locked'), lock);
      spoil();
      await world.open().addWorktree(place, { branch });
      expect(await world.git.worktreeState(place)).toEqual({ branch, head: world.first, dirty: [] });
    }
    const kept = readdirSync(trash).map((name) => readdirSync(join(trash, name)).length);
    expect(kept.toSorted()).toEqual([1, 2]);
    expect(registered(world)).toEqual(['a']);
  },
);

test('adding a worktree again leaves it, and the work in it, as it is', async () => {
  await using world = await openWorld();
  const { git } = world;
  const branch = await git.createBranch('drover/a', world.first);
  await Promise.all([1, 2, 3].map(() => git.addWorktree(world.at('a'), { branch })));
  write(world.at('a'), 'work', 'in progress');
  await world.open().addWorktree(world.at('a'), { branch });
  expect((await git.worktreeState(world.at('a'))).dirty).toEqual(['work']);
  expect(registered(world)).toEqual(['a']);
});

test('a worktree without a branch is moved to the commit, unless that would lose work', async () => {
  await using world = await openWorld();
  const { git } = world;
  const path = world.at('integration');
  const next = world.commit(world.first, { 'readme.md': 'next\n' });
  await git.addWorktree(path, { commit: world.first });
  await git.addWorktree(path, { commit: next });
  expect(await git.worktreeState(path)).toEqual({ branch: null, head: next, dirty: [] });
  write(path, 'readme.md', 'changed\n');
  await expect(git.addWorktree(path, { commit: world.first })).rejects.toMatchObject({ code: 'git/dirty', exit: 6 });
  expect(content(path)).toBe('changed\n');
});

test('a place that holds something else, or another branch, is refused and not touched', async () => {
  await using world = await openWorld();
  const { git } = world;
  const branch = await git.createBranch('drover/a', world.first);
  const other = await git.createBranch('drover/b', world.first);
  write(world.at('full'), 'precious', 'x');
  mkdirSync(world.at('empty'), { recursive: true });
  const taken = { code: 'git/path-taken', exit: 6 };
  await expect(git.addWorktree(world.at('full'), { branch })).rejects.toMatchObject(taken);
  expect(existsSync(join(world.at('full'), 'precious'))).toBe(true);
  await git.addWorktree(world.at('empty'), { branch });
  await expect(git.addWorktree(world.at('empty'), { branch: other })).rejects.toMatchObject(taken);
  await git.checkout(world.at('empty'), world.first);
  await expect(git.addWorktree(world.at('empty'), { branch: other })).rejects.toMatchObject(taken);
  await expect(git.addWorktree(world.root, { branch })).rejects.toMatchObject({ code: 'git/not-ours', exit: 4 });
  await expect(git.addWorktree(world.at('new'), { branch: 'nowhere' })).rejects.toMatchObject({
    code: 'git/no-such-branch',
    exit: 3,
  });
  await expect(git.addWorktree(world.at('new'), { branch: 'main' })).rejects.toMatchObject({
    code: 'git/branch-in-use',
    exit: 6,
  });
  await expect(git.addWorktree(world.at('new'), { commit: 'f'.repeat(40) })).rejects.toMatchObject({
    code: 'git/failed',
  });
});

test('a worktree whose folder is gone is made anew', async () => {
  await using world = await openWorld();
  const branch = await world.git.createBranch('drover/a', world.first);
  await world.git.addWorktree(world.at('a'), { branch });
  rmSync(world.at('a'), { recursive: true });
  await world.git.addWorktree(world.at('a'), { branch });
  expect(content(world.at('a'))).toBe('one\ntwo\nthree\n');
  expect(registered(world)).toEqual(['a']);
});

test('[GIT-10] a worktree whose making was killed in the middle is made anew', async () => {
  await using world = await openWorld();
  const { git } = world;
  write(world.root, '.gitattributes', '*.txt filter=slow\n');
  write(world.root, 'big.txt', 'big\n');
  world.user('add', '--all');
  world.user('commit', '--quiet', '-m', 'big');
  const branch = await git.createBranch('drover/a', 'HEAD');
  const mark = join(world.home, 'mark');
  const slow = `filter.slow.smudge=touch '${mark}'; sleep 60`;
  const child = spawn('git', ['-c', slow, 'worktree', 'add', world.at('a'), branch], {
    cwd: world.root,
    env: world.env,
    detached: true,
    stdio: 'ignore',
  });
  await vi.waitUntil(() => existsSync(mark));
  process.kill(-child.pid!, 'SIGKILL');
  await once(child, 'exit');
  expect(existsSync(join(world.at('a'), '.git'))).toBe(true);
  await git.addWorktree(world.at('a'), { branch });
  expect(await git.worktreeState(world.at('a'))).toMatchObject({ branch, dirty: [] });
  expect(readFileSync(join(world.at('a'), 'big.txt'), 'utf8')).toBe('big\n');
  expect([registered(world), readdirSync(join(world.home, 'worktrees'))]).toEqual([['a'], ['a']]);
});

test.each([
  {
    when: 'before git wrote down where it is',
    spoil: (admin: string) => rmSync(join(admin, 'gitdir')),
    lock: 'drover: being made',
  },
  {
    when: 'before git wrote down what it shares',
    spoil: (admin: string) => rmSync(join(admin, 'commondir')),
    lock: 'initializing',
  },
  {
    when: 'while its files were written',
    spoil: (admin: string) => renameSync(join(admin, 'index'), join(admin, 'index.lock')),
    lock: 'drover: being made',
  },
])('[GIT-10] a worktree whose making was killed $when is made anew', async ({ spoil, lock }) => {
  await using world = await openWorld();
  const branch = await world.git.createBranch('drover/a', world.first);
  await world.git.addWorktree(world.at('a'), { branch });
  const admin = join(world.root, '.git/worktrees/a');
  writeFileSync(join(admin, 'locked'), lock);
  spoil(admin);
  rmSync(join(world.at('a'), 'readme.md'));
  // What was killed that early had not written anything into the folder.
  if (!existsSync(join(admin, 'gitdir'))) rmSync(world.at('a'), { recursive: true });
  await world.git.addWorktree(world.at('a'), { branch });
  expect(await world.git.worktreeState(world.at('a'))).toEqual({ branch, head: world.first, dirty: [] });
  expect(registered(world)).toEqual(['a']);
});

test('a worktree whose files cannot be written leaves nothing behind', async () => {
  await using world = await openWorld();
  write(world.root, '.gitattributes', '*.txt filter=broken\n');
  write(world.root, 'big.txt', 'big\n');
  world.user('add', '--all');
  world.user('commit', '--quiet', '-m', 'big');
  const branch = await world.git.createBranch('drover/a', 'HEAD');
  world.user('config', 'filter.broken.smudge', 'kill -9 $PPID');
  await expect(world.git.addWorktree(world.at('a'), { branch })).rejects.toMatchObject({ code: 'git/failed' });
  expect([registered(world), readdirSync(join(world.home, 'worktrees'))]).toEqual([[], []]);
  world.user('config', '--unset', 'filter.broken.smudge');
  await world.git.addWorktree(world.at('a'), { branch });
  expect((await world.git.worktreeState(world.at('a'))).dirty).toEqual([]);
});

test('removing takes the folder and the registration away, keeps the branch, and is harmless when repeated', async () => {
  await using world = await openWorld();
  const { git } = world;
  const branch = await git.createBranch('drover/a', world.first);
  await git.addWorktree(world.at('a'), { branch });
  write(world.at('a'), 'node_modules/x/y', 'z');
  // In a container the next process may well have the number of the one before.
  for (const older of ['0', process.pid])
    mkdirSync(join(world.home, `worktrees/.drover-trash-${older}-older`), { recursive: true });
  await Promise.all([git.removeWorktree(world.at('a')), git.removeWorktree(world.at('a'))]);
  await git.removeWorktree(world.at('a'));
  expect([registered(world), readdirSync(join(world.home, 'worktrees'))]).toEqual([[], []]);
  expect(await git.resolve(branch)).toBe(world.first);
});

test('removing also clears what is half made, or registered without a folder', async () => {
  await using world = await openWorld();
  const { git } = world;
  for (const id of ['half', 'gone'])
    await git.addWorktree(world.at(id), { branch: await git.createBranch(`drover/${id}`, world.first) });
  writeFileSync(join(world.root, '.git/worktrees/half/locked'), 'initializing');
  rmSync(world.at('gone'), { recursive: true });
  await git.removeWorktree(world.at('half'));
  await git.removeWorktree(world.at('gone'));
  expect([registered(world), readdirSync(join(world.home, 'worktrees'))]).toEqual([[], []]);
});

test('the user’s checkout, a foreign folder and a locked worktree are not removed', async () => {
  await using world = await openWorld();
  const { git } = world;
  write(world.at('foreign'), 'precious', 'x');
  await git.addWorktree(world.at('locked'), { commit: world.first });
  await git.addWorktree(world.at('silent'), { commit: world.first });
  world.user('worktree', 'lock', '--reason', 'I need it', world.at('locked'));
  world.user('worktree', 'lock', world.at('silent'));
  for (const path of [world.root, world.at('foreign')])
    await expect(git.removeWorktree(path)).rejects.toMatchObject({ code: 'git/not-ours' });
  for (const [id, message] of [
    ['locked', `the worktree "${world.at('locked')}" is locked: I need it`],
    ['silent', `the worktree "${world.at('silent')}" is locked`],
  ] as const)
    await expect(git.removeWorktree(world.at(id))).rejects.toMatchObject({ code: 'git/locked', exit: 6, message });
  expect(existsSync(join(world.at('foreign'), 'precious'))).toBe(true);
});

test('a worktree of the user whose disk is not mounted is not forgotten', async () => {
  await using world = await openWorld();
  world.user('worktree', 'add', '--quiet', join(world.home, 'usb'));
  rmSync(join(world.home, 'usb'), { recursive: true });
  await world.git.addWorktree(world.at('a'), { commit: world.first });
  await world.git.removeWorktree(world.at('a'));
  expect(registered(world)).toEqual(['usb']);
});

test('a worktree is known by its real path, however it is spelled', async () => {
  await using world = await openWorld();
  mkdirSync(join(world.home, 'real'));
  symlinkSync(join(world.home, 'real'), join(world.home, 'link'));
  await world.git.addWorktree(join(world.home, 'link/a'), { commit: world.first });
  await world.git.addWorktree(join(world.home, 'real/../real/a'), { commit: world.first });
  expect((await world.git.worktrees()).at(-1)).toMatchObject({ path: join(world.home, 'real/a'), branch: null });
});

test('a worktree that lost its index keeps its work when it is added again', async () => {
  await using world = await openWorld();
  const branch = await world.git.createBranch('drover/a', world.first);
  await world.git.addWorktree(world.at('a'), { branch });
  write(world.at('a'), 'work', 'in progress');
  rmSync(join(world.root, '.git/worktrees/a/index'));
  await world.git.addWorktree(world.at('a'), { branch });
  expect(readFileSync(join(world.at('a'), 'work'), 'utf8')).toBe('in progress');
});

test('a worktree that is locked and whose folder is not there is left to the one who locked it', async () => {
  await using world = await openWorld();
  await world.git.addWorktree(world.at('a'), { commit: world.first });
  world.user('worktree', 'lock', world.at('a'));
  rmSync(world.at('a'), { recursive: true });
  await expect(world.git.addWorktree(world.at('a'), { commit: world.first })).rejects.toMatchObject({
    code: 'git/locked',
  });
});
