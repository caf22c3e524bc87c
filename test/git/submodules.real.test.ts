import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packSubmodules } from '../../src/git/submodules.ts';
import { openWorld, userGit, write } from './world.ts';

const IDENTITY = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org'] as const;

/** A worktree in whose submodule something was committed that nobody else has. */
const openWithSubmodule = async () => {
  const world = await openWorld();
  const { git, user, home, env } = world;
  const library = join(home, 'library');
  mkdirSync(library);
  const inLibrary = userGit(library, env);
  inLibrary('init', '--quiet', '--initial-branch=main');
  write(library, 'library.txt', 'one\n');
  inLibrary('add', '--all');
  inLibrary(...IDENTITY, 'commit', '--quiet', '-m', 'first');
  const local = ['-c', 'protocol.file.allow=always', 'submodule', '--quiet'] as const;
  user(...local, 'add', library, 'sub');
  user('commit', '--quiet', '-m', 'with a submodule');
  const path = world.at('a');
  await git.createBranch('drover/a', user('rev-parse', 'HEAD').trim());
  await git.addWorktree(path, { branch: 'drover/a' });
  const agent = userGit(path, env);
  agent(...local, 'update', '--init');
  const inside = userGit(join(path, 'sub'), env);
  write(path, 'sub/new.txt', 'work\n');
  inside('add', '--all');
  inside(...IDENTITY, 'commit', '--quiet', '-m', 'work');
  agent('commit', '--quiet', '--all', '-m', 'names it');
  return { ...world, path, agent, inside, work: inside('rev-parse', 'HEAD').trim() };
};

test('what was committed in a submodule of a worktree comes back with it from the trash', async () => {
  await using world = await openWithSubmodule();
  const { git, path, agent, inside, work } = world;
  const kept = await git.removeWorktree(path, world.at('.drover-trash/a-1'));
  await git.restoreWorktree(path, kept!, { branch: 'drover/a' }, null);
  expect([agent('status', '--porcelain'), inside('rev-parse', 'HEAD').trim()]).toEqual(['', work]);
  expect(agent('ls-tree', 'HEAD', 'sub')).toContain(work);
});

test('a worktree that cannot be put into the trash keeps its submodules', async () => {
  await using world = await openWithSubmodule();
  const { git, path, agent, inside, work } = world;
  write(world.home, 'worktrees/no-folder', 'a file\n');
  await expect(git.removeWorktree(path, world.at('no-folder/a-1'))).rejects.toThrow();
  expect([agent('status', '--porcelain'), inside('rev-parse', 'HEAD').trim()]).toEqual(['', work]);
});

test('a worktree over whose removal a daemon was killed has its submodules back before anything is saved there', async () => {
  await using world = await openWithSubmodule();
  const { git, path, agent, inside, work } = world;
  await packSubmodules(agent('rev-parse', '--absolute-git-dir').trim(), path);
  expect(await git.saveWork(path, 'WIP')).toBeNull();
  expect([agent('status', '--porcelain'), inside('rev-parse', 'HEAD').trim()]).toEqual(['', work]);
});

test('what somebody puts in the place of kept submodules is not taken for them, and keeps nobody from keeping them', async () => {
  await using world = await openWithSubmodule();
  const { git, path, agent, inside, work } = world;
  write(path, '.drover-submodules/sub/config', '[core]\n\tfsmonitor = false\n');
  const kept = await git.removeWorktree(path, world.at('.drover-trash/a-1'));
  await git.restoreWorktree(path, kept!, { branch: 'drover/a' }, null);
  expect(inside('rev-parse', 'HEAD').trim()).toBe(work);
  expect(existsSync(join(agent('rev-parse', '--absolute-git-dir').trim(), 'modules/sub/HEAD'))).toBe(true);
});

test('what is not committed in a submodule, or in a repository that somebody made, is kept before a worktree goes', async () => {
  await using world = await openWithSubmodule();
  const { git, home, path, user, env } = world;
  const kept = () =>
    user('for-each-ref', '--format=%(refname)', 'refs/drover/archive').trim().split('\n').filter(Boolean);
  await git.removeWorktree(path, world.at('.drover-trash/a-1'));
  expect(kept()).toEqual([]);
  await git.restoreWorktree(path, world.at('.drover-trash/a-1'), { branch: 'drover/a' }, null);
  write(path, 'sub/library.txt', 'changed\n');
  write(path, 'sub/deep/new.txt', 'not added\n');
  userGit(path, env)('init', '--quiet', 'made');
  write(path, 'made/file', 'of a repository\n');
  // What its configuration names is not run.
  userGit(join(path, 'made'), env)('config', 'core.fsmonitor', `touch ${home}/ran`);
  userGit(join(path, 'sub'), env)('config', 'core.fsmonitor', `touch ${home}/ran`);
  await git.removeWorktree(path);
  const texts = kept().map((ref) => [
    ref.slice('refs/drover/archive/'.length),
    user('ls-tree', '-r', '--name-only', ref).trim().split('\n'),
    user('show', `${ref}^{tree}:${ref.endsWith('made') ? 'file' : 'library.txt'}`),
  ]);
  expect(texts).toEqual([
    ['a-in-made', ['file'], 'of a repository\n'],
    ['a-in-sub', ['deep/new.txt', 'library.txt'], 'changed\n'],
  ]);
  expect([existsSync(path), existsSync(join(home, 'ran'))]).toEqual([false, false]);
});
