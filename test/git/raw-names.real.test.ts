import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openWorld } from './world.ts';

/** A path in a repository by its bytes, in which each character is one. */
const at = (root: string, name: string): Buffer =>
  Buffer.concat([Buffer.from(`${root}/`), Buffer.from(name, 'latin1')]);

/** What git tells, by its bytes. */
const told = (root: string, ...args: readonly string[]): string =>
  execFileSync('git', args, { cwd: root, encoding: 'latin1', stdio: ['ignore', 'pipe', 'pipe'] });

const commitAll = (root: string, message: string): string => {
  execFileSync('git', ['add', '--all'], { cwd: root });
  execFileSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@b', 'commit', '--quiet', '-m', message], { cwd: root });
  return told(root, 'rev-parse', 'HEAD').trim();
};

const openRaw = async () => {
  const world = await openWorld();
  const { git, root, user } = world;
  writeFileSync(at(root, 'was\xe9.txt'), 'was\n');
  const first = commitAll(root, 'names');
  const branch = await git.createBranch('drover/a', first);
  const path = join(world.home, 'a');
  await git.addWorktree(path, { branch });
  return { world, git, root, user, first, path };
};

test('uncommitted files are kept whose names are no UTF-8: changed, new and gone', async () => {
  const { world, git, path } = await openRaw();
  await using _ = world;
  writeFileSync(at(path, 'was\xe9.txt'), 'changed\n');
  writeFileSync(at(path, 'only\xe9 \xff.txt'), 'PRECIOUS');
  const kept = (await git.snapshot(path, 'kept'))!;
  expect(told(path, 'ls-tree', '-z', '--name-only', kept).split('\0')).toEqual(
    expect.arrayContaining(['was\xe9.txt', 'only\xe9 \xff.txt']),
  );
  rmSync(at(path, 'was\xe9.txt'));
  const saved = (await git.saveWork(path, 'saved'))!;
  const names = told(path, 'ls-tree', '-z', '--name-only', saved).split('\0');
  expect([names.includes('only\xe9 \xff.txt'), names.includes('was\xe9.txt')]).toEqual([true, false]);
  expect(told(path, 'status', '--porcelain')).toBe('');
});

test('a file that git takes by no name is told of, and keeps work from being called kept', async () => {
  const { world, git, path } = await openRaw();
  await using _ = world;
  writeFileSync(join(path, 'fine'), 'fine');
  writeFileSync(join(path, 'digits'), 'fine as well');
  mkdirSync(join(path, '.git '));
  writeFileSync(join(path, '.git /x'), 'PRECIOUS');
  symlinkSync('fine', join(path, '.gitmodules'));
  expect((await git.unkept(path)).toSorted((a, b) => (a.path < b.path ? -1 : 1))).toEqual([
    { path: '.git /x', mib: null },
    { path: '.gitmodules', mib: null },
  ]);
  for (const keeping of [git.snapshot(path, 'all'), git.saveWork(path, 'all')])
    await expect(keeping).rejects.toMatchObject({ code: 'git/refused-name' });
  const kept = (await git.snapshot(path, 'as far as it can be', { partly: true }))!;
  expect(told(path, 'ls-tree', '--name-only', kept).split('\n')).toEqual(expect.arrayContaining(['fine', 'digits']));
});

test('a conflict in a file whose name is no UTF-8 is resolved in that file, and nowhere else', async () => {
  const { world, git, root, user, first } = await openRaw();
  await using _ = world;
  const side = (text: string): string => {
    user('checkout', '--quiet', first);
    writeFileSync(at(root, 'was\xe9.txt'), text);
    return commitAll(root, text);
  };
  const { tree, files } = await git.conflicts(side('ours\n'), side('theirs\n'));
  const [file] = files!;
  expect(files).toHaveLength(1);
  const resolved = await git.editTree(tree, [{ path: file!.path, content: 'both\n' }]);
  expect(told(root, 'ls-tree', '-z', '--name-only', resolved).split('\0')).toEqual(['readme.md', 'was\xe9.txt', '']);
  expect(told(root, 'ls-tree', '-r', resolved)).toContain(
    execFileSync('git', ['hash-object', '--stdin'], { cwd: root, input: 'both\n', encoding: 'utf8' }).trim(),
  );
});

test('a delivery over which git was killed is put back, where names are no UTF-8', async () => {
  const { world, git, root, user } = await openRaw();
  await using _ = world;
  const mark = join(world.home, 'once');
  user('config', 'filter.cut.smudge', `if rm '${mark}' 2>/dev/null; then kill -9 $PPID; fi; cat`);
  user('config', 'filter.cut.clean', 'cat');
  writeFileSync(join(root, '.git/info/attributes'), 'zz filter=cut\n');
  for (const name of ['zz', 'gone\xe9']) writeFileSync(at(root, name), 'mine\n');
  const from = commitAll(root, 'mine');
  mkdirSync(at(root, 'new\xe9'));
  for (const name of ['zz', 'was\xe9.txt', 'new\xe9/x', 'a\xe9']) writeFileSync(at(root, name), 'theirs\n');
  rmSync(at(root, 'gone\xe9'));
  const to = commitAll(root, 'theirs');
  user('reset', '--quiet', '--hard', from);
  writeFileSync(mark, '');
  expect(await git.fastForward('main', from, to)).toMatchObject({
    kind: 'refused',
    why: expect.stringMatching(/put back$/u),
  });
  expect(told(root, 'status', '--porcelain')).toBe('');
  expect(readFileSync(at(root, 'was\xe9.txt'), 'utf8')).toBe('was\n');
  expect(await git.fastForward('main', from, to)).toEqual({ kind: 'moved' });
  expect(told(root, 'status', '--porcelain')).toBe('');
});
