import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openWorld, userGit, write } from './world.ts';

const IDENTITY = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org'] as const;
const LOCAL = ['-c', 'protocol.file.allow=always', 'submodule', '--quiet'] as const;

/** A worktree on whose branch a submodule was added and committed, and a branch that has none. */
const openAdded = async () => {
  const world = await openWorld();
  const { git, home, env, first } = world;
  const library = join(home, 'library');
  mkdirSync(library);
  const inLibrary = userGit(library, env);
  inLibrary('init', '--quiet', '--initial-branch=main');
  write(library, 'library.txt', 'one\n');
  write(library, '.gitignore', 'cache\n');
  inLibrary('add', '--all');
  inLibrary(...IDENTITY, 'commit', '--quiet', '-m', 'first');
  const path = world.at('a');
  await git.createBranch('drover/a', first);
  await git.createBranch('drover/b', first);
  await git.addWorktree(path, { branch: 'drover/a' });
  const agent = userGit(path, env);
  agent(...LOCAL, 'add', library, 'deep/sub');
  agent('commit', '--quiet', '-m', 'adds it');
  const sub = join(path, 'deep/sub');
  return { ...world, path, agent, sub, inside: userGit(sub, env) };
};

test('a submodule that a commit has and the next one not goes from the worktree, and is whole where it comes again', async () => {
  await using world = await openAdded();
  const { git, path, agent, sub, inside } = world;
  write(sub, 'new.txt', 'work\n');
  inside('add', '--all');
  inside(...IDENTITY, 'commit', '--quiet', '-m', 'work that nobody else has');
  agent('commit', '--quiet', '--all', '-m', 'names it');
  await git.switchTo(path, 'drover/b');
  expect(await git.moveNestedAside(path)).toBeNull();
  expect([existsSync(sub), existsSync(world.at('.drover-kept')), agent('status', '--porcelain')]).toEqual([
    false,
    false,
    '',
  ]);
  await git.switchTo(path, 'drover/a');
  agent(...LOCAL, 'update');
  expect([readFileSync(join(sub, 'new.txt'), 'utf8'), agent('status', '--porcelain')]).toEqual(['work\n', '']);
});

test('a submodule that the next commit has as well stays, with what is in it', async () => {
  await using world = await openAdded();
  const { git, path, agent, sub } = world;
  write(sub, 'cache', 'ignored\n');
  await git.createBranch('drover/c', agent('rev-parse', 'HEAD').trim());
  await git.switchTo(path, 'drover/c');
  expect(await git.moveNestedAside(path)).toBeNull();
  expect([existsSync(join(sub, 'library.txt')), existsSync(join(sub, 'cache'))]).toEqual([true, true]);
});

test.each([
  ['a changed file', ({ sub }) => write(sub, 'library.txt', 'two\n')],
  ['a new file', ({ sub }) => write(sub, 'new.txt', 'two\n')],
  ['an ignored file', ({ sub }) => write(sub, 'cache', 'two\n')],
  [
    'a changed file that git was told to pass over',
    ({ sub, inside }) => {
      inside('update-index', '--assume-unchanged', 'library.txt');
      write(sub, 'library.txt', 'two\n');
    },
  ],
  ['another repository', ({ sub, inside }) => void inside('init', '--quiet', join(sub, 'other'))],
  [
    'a submodule of its own',
    ({ home, inside }) => {
      inside(...LOCAL, 'add', join(home, 'library'), 'other');
      inside(...IDENTITY, 'commit', '--quiet', '-m', 'more');
    },
  ],
  [
    'a git directory of its own',
    ({ sub, inside, home }) => void inside('init', '--quiet', `--separate-git-dir=${join(home, 'elsewhere')}`, sub),
  ],
] satisfies readonly [string, (world: Awaited<ReturnType<typeof openAdded>>) => void][])(
  'a submodule with %s is kept beside the worktree',
  async (_what, change) => {
    await using world = await openAdded();
    const { git, path, agent, sub } = world;
    change(world);
    await git.switchTo(path, 'drover/b');
    const kept = await git.moveNestedAside(path);
    expect(kept).toEqual({ into: expect.stringContaining(world.at('.drover-kept/a-')), paths: ['deep/sub'] });
    expect([existsSync(sub), existsSync(join(kept!.into, 'deep/sub/library.txt'))]).toEqual([false, true]);
    expect(agent('status', '--porcelain')).toBe('');
  },
);
