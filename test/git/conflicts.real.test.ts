import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findRepository, openGit } from '../../src/git/open.ts';
import { openWorld, write } from './world.ts';

/** A repository with two branches that differ in a file, and their commits. */
const openTwo = async (file: string, texts: { base: string; ours: string; theirs: string }) => {
  const world = await openWorld();
  const commitOf = (text: string, message: string) => {
    write(world.root, file, text);
    world.user('add', '-A');
    world.user('commit', '-q', '-m', message);
    return world.user('rev-parse', 'HEAD').trim();
  };
  commitOf(texts.base, 'base');
  world.user('checkout', '-q', '-b', 'theirs');
  const theirs = commitOf(texts.theirs, 'theirs');
  world.user('checkout', '-q', 'main');
  const ours = commitOf(texts.ours, 'ours');
  return { world, ours, theirs };
};

const TEXTS = { base: 'a\nb\nc\n', ours: 'a\nx\nc\n', theirs: 'a\ny\nc\n' };

test('the sides of a file that conflicts are told, and a tree is made of what resolves it', async () => {
  const { world, ours, theirs } = await openTwo('src/a b.txt', TEXTS);
  await using _ = world;
  const { git } = world;
  const { tree, files } = await git.conflicts(ours, theirs);
  expect(files).toMatchObject([
    { path: 'src/a b.txt', base: { text: TEXTS.base }, ours: { text: TEXTS.ours }, theirs: { text: TEXTS.theirs } },
  ]);
  const made = await git.editTree(tree, [{ path: 'src/a b.txt', content: 'resolved\n' }]);
  expect(world.user('show', `${made}:src/a b.txt`)).toBe('resolved\n');
  const gone = await git.editTree(tree, [{ path: 'src/a b.txt', blob: null }]);
  expect(world.user('ls-tree', '-r', '--name-only', gone)).not.toContain('src/a b.txt');
  expect(await git.changing(theirs, ours, ['src/a b.txt'])).toEqual([ours]);
  expect(await git.changing(theirs, ours, ['readme.md'])).toEqual([]);
});

test('a file is taken out of a tree also where ids are longer', async () => {
  await using world = await openWorld({ ids: 'sha256' });
  const made = await world.git.editTree(`${world.first}^{tree}`, [
    { path: 'readme.md', blob: null },
    { path: 'new.md', content: 'new\n' },
  ]);
  expect(world.user('ls-tree', '-r', '--name-only', made)).toBe('new.md\n');
});

test('many files are taken out of a tree with no more programs than one', async () => {
  await using world = await openWorld();
  const { env, first, processes, root } = world;
  const place = await findRepository(root, processes, env);
  let programs = 0;
  const run: typeof processes.run = async (request) => {
    programs += 1;
    return processes.run(request);
  };
  const git = openGit({ ...place, env, processes: { ...processes, run } });
  const programsFor = async (count: number): Promise<number> => {
    const before = programs;
    const edits = Array.from({ length: count }, (_, n) => ({ path: n === 0 ? 'readme.md' : `gone-${n}`, blob: null }));
    await git.editTree(`${first}^{tree}`, edits);
    return programs - before;
  };
  expect(await programsFor(20)).toBe(await programsFor(1));
});

test('no program that the repository’s own configuration names is run for a merge', async () => {
  const { world, ours, theirs } = await openTwo('a.txt', TEXTS);
  await using _ = world;
  const proof = join(world.root, 'proof');
  write(world.root, '.git/info/attributes', 'a.txt merge=evil\n');
  for (const name of ['evil', 'ev=il']) world.user('config', `merge.${name}.driver`, `touch ${proof}; cp %B %A`);
  expect(await world.git.mergeTrees(ours, theirs)).toMatchObject({ kind: 'conflict', files: ['a.txt'] });
  expect((await world.git.conflicts(ours, theirs)).files).toMatchObject([
    { path: 'a.txt', theirs: { text: TEXTS.theirs } },
  ]);
  expect(existsSync(proof)).toBe(false);
});

test('what is about more than the lines of files is left to people', async () => {
  const { world, ours, theirs } = await openTwo('a', TEXTS);
  await using _ = world;
  world.user('checkout', '-q', 'theirs');
  world.user('rm', '-q', 'a');
  write(world.root, 'a/inside', 'x\n');
  world.user('add', '-A');
  world.user('commit', '-q', '-m', 'a folder');
  const folder = world.user('rev-parse', 'HEAD').trim();
  expect((await world.git.conflicts(ours, folder)).files).toBeNull();
  expect((await world.git.conflicts(ours, theirs)).files).toHaveLength(1);
});
