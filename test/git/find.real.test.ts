import { chmodSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findRepository } from '../../src/git/open.ts';
import { openProcesses } from '../../src/process/broker.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { isolated, openWorld, userGit, write } from './world.ts';

/** The error of looking for a repository in a folder that `prepare` has made. */
const errorIn = async (prepare: (folder: string, git: ReturnType<typeof userGit>) => string, path?: string) => {
  using home = temporaryFolder('git');
  await using processes = await openProcesses({ forked: false });
  const env = isolated(home.path);
  const folder = prepare(home.path, userGit(home.path, env));
  const outcome = findRepository(folder, processes, path === undefined ? env : { ...env, PATH: path });
  return { folder, error: await outcome.catch((error: unknown) => error) };
};

/** A folder with a `git` that only says a version. */
const fakeGit = (home: string, version: string): string => {
  write(home, 'bin/git', `#!/bin/sh\necho 'git version ${version}'\n`);
  chmodSync(join(home, 'bin/git'), 0o755);
  return join(home, 'bin');
};

test('outside of a repository the folder is named and "git init" proposed', async () => {
  const { folder, error } = await errorIn((home) => home);
  expect(error).toMatchObject({
    code: 'git/not-a-repository',
    exit: 2,
    message: `"${folder}" is not in a git repository`,
    hint: 'Go to a repository, or make one with "git init".',
  });
});

test('a bare repository, and the inside of a git directory, have no checkout to work in', async () => {
  const { error } = await errorIn((home, git) => {
    git('init', '--quiet', '--bare', 'bare');
    return join(home, 'bare');
  });
  expect(error).toMatchObject({ code: 'git/no-checkout', exit: 2 });
  await using world = await openWorld();
  const inside = findRepository(join(world.root, '.git'), world.processes, world.env);
  await expect(inside).rejects.toMatchObject({ code: 'git/no-checkout' });
});

test('a repository without a commit is told how to get one', async () => {
  const { folder, error } = await errorIn((home, git) => {
    git('init', '--quiet', 'new');
    return join(home, 'new');
  });
  expect(error).toMatchObject({
    code: 'git/no-commit',
    exit: 2,
    message: `the repository "${folder}" has no commit yet`,
    hint: 'Make one: git commit --allow-empty -m "first"',
  });
});

test('a repository whose refs git keeps otherwise is refused in one sentence, whatever git is there', async () => {
  await using world = await openWorld();
  const { env, processes, root, user } = world;
  const refused = { code: 'git/reftable', exit: 2, hint: expect.stringContaining('git refs migrate') };
  mkdirSync(join(root, '.git/reftable'));
  await expect(findRepository(root, processes, env)).rejects.toMatchObject(refused);
  user('config', 'core.repositoryFormatVersion', '1');
  user('config', 'extensions.refStorage', 'reftable');
  await expect(findRepository(root, processes, env)).rejects.toMatchObject(refused);
});

test('a machine without git is told how to install it', async () => {
  const { error } = await errorIn((home) => home, '/no/such/folder');
  expect(error).toMatchObject({ code: 'git/missing', exit: 1 });
  for (const command of ['apt install git', 'dnf install git', 'pacman -S git', 'brew install git'])
    expect((error as { hint: string }).hint).toContain(command);
});

test.each(['2.37.9', '1.9', 'unknown'])('git %s is too old', async (version) => {
  using home = temporaryFolder('git');
  const { error } = await errorIn((folder) => folder, `${fakeGit(home.path, version)}:${process.env['PATH']}`);
  expect(error).toMatchObject({ code: 'git/too-old', exit: 1, hint: expect.stringContaining('apt install git') });
});

test.each(['2.38.0', '2.39.5 (Apple Git-154)', '3.0'])('git %s is new enough', async (version) => {
  using home = temporaryFolder('git');
  const { error } = await errorIn((folder) => folder, `${fakeGit(home.path, version)}:${process.env['PATH']}`);
  expect(error).not.toMatchObject({ code: 'git/too-old' });
});

test('a repository of somebody else is not used before its owner is trusted', async () => {
  using home = temporaryFolder('git');
  write(
    home.path,
    'bin/git',
    '#!/bin/sh\ncase "$*" in *version) echo "git version 2.39.5" ;; *) echo "fatal: detected dubious ownership in repository" >&2; exit 128 ;; esac\n',
  );
  chmodSync(join(home.path, 'bin/git'), 0o755);
  const { error } = await errorIn((folder) => folder, `${join(home.path, 'bin')}:${process.env['PATH']}`);
  expect(error).toMatchObject({ code: 'git/unsafe-owner', exit: 4 });
});

test('any other trouble is told in the words of git', async () => {
  using home = temporaryFolder('git');
  write(
    home.path,
    'bin/git',
    '#!/bin/sh\ncase "$*" in *version) echo "git version 2.39.5" ;; *) echo "fatal: bad config line 1" >&2; exit 128 ;; esac\n',
  );
  chmodSync(join(home.path, 'bin/git'), 0o755);
  const { error } = await errorIn((folder) => folder, `${join(home.path, 'bin')}:${process.env['PATH']}`);
  expect(error).toMatchObject({ code: 'git/failed', message: '"git rev-parse" failed: fatal: bad config line 1' });
});

describe('the repository is found', () => {
  test.each(['with space', `quote"'s`, 'grüße', 'two\nlines', '-dash', '$(id)'])(
    'in a folder called %j',
    async (folder) => {
      await using world = await openWorld({ folder });
      mkdirSync(join(world.root, 'sub'));
      const place = await findRepository(join(world.root, 'sub'), world.processes, world.env);
      expect(place).toEqual({ root: world.root, commonDir: join(world.root, '.git') });
      await world.git.addWorktree(world.at(folder), { commit: world.first });
      expect(await world.git.worktrees()).toMatchObject([
        { path: world.root, branch: 'main' },
        { path: world.at(folder), branch: null },
      ]);
    },
  );

  test('from a linked worktree, with the git directory that all share', async () => {
    await using world = await openWorld();
    world.user('worktree', 'add', '--quiet', world.at('mine'));
    expect(await findRepository(world.at('mine'), world.processes, world.env)).toEqual({
      root: world.at('mine'),
      commonDir: join(world.root, '.git'),
    });
  });

  test('through a symbolic link, under its real name', async () => {
    await using world = await openWorld();
    symlinkSync(world.root, join(world.home, 'link'));
    const place = await findRepository(join(world.home, 'link'), world.processes, world.env);
    expect(place.root).toBe(world.root);
  });

  test('with a GIT_DIR of another repository in the environment, which is ignored', async () => {
    await using other = await openWorld();
    const env = { GIT_DIR: join(other.root, '.git'), GIT_WORK_TREE: other.root, GIT_INDEX_FILE: '/nowhere' };
    await using world = await openWorld({ env });
    expect(world.git.root).toBe(world.root);
    expect(await world.git.createBranch('mine', world.first)).toBe('mine');
    expect(other.user('branch', '--list', 'mine')).toBe('');
  });
});
