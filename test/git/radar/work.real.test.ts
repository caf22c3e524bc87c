import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openRadar } from '../../../src/git/radar/open.ts';
import { gitRunner } from '../../../src/git/run.ts';
import type { WorkLook } from '../../../src/ports/radar.ts';
import { checksum, openWorld, userGit, type World, write } from '../world.ts';

const LONG = { timeout: 30_000 };

/** Follows what a worktree holds until the test ends. */
const follow = (world: World, path: string) => {
  const looks: WorkLook[] = [];
  const stop = new AbortController();
  const done = (async () => {
    for await (const look of world.git.work(path, stop.signal)) looks.push(look);
  })();
  onTestFinished(async () => {
    stop.abort();
    await done.catch(() => undefined);
  });
  return { looks, done, stop };
};

const worktree = async (world: World, name: string): Promise<string> => {
  await world.git.addWorktree(world.at(name), { branch: await world.git.createBranch(name, world.first) });
  return world.at(name);
};

const objectsIn = (root: string): number => {
  const count = (folder: string): number =>
    readdirSync(folder, { withFileTypes: true }).reduce(
      (sum, entry) => sum + (entry.isDirectory() ? count(join(folder, entry.name)) : 1),
      0,
    );
  return count(join(root, '.git', 'objects'));
};

/** What is at a path in the latest look; null when it is not there. */
const textIn = (world: World, look: WorkLook | undefined, path: string): string | null => {
  if (!look) return null;
  const env = {
    ...world.env,
    ...(look.objects === null ? {} : { GIT_ALTERNATE_OBJECT_DIRECTORIES: look.objects }),
  };
  try {
    return execFileSync('git', ['show', `${look.tree ?? look.head}:${path}`], {
      ...{ cwd: world.root, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
    });
  } catch {
    return null;
  }
};

test('[GIT-4] what a worktree holds is told when it changes, and nothing of it is written', async () => {
  await using world = await openWorld();
  const path = await worktree(world, 'a');
  write(path, 'readme.md', 'staged\ntwo\nthree\n');
  const agent = userGit(path, world.env);
  agent('add', 'readme.md');
  write(path, 'readme.md', 'edited\ntwo\nthree\n');
  const index = join(world.root, '.git', 'worktrees', 'a', 'index');
  const before = [checksum(world.root), objectsIn(world.root), readFileSync(index), agent('for-each-ref')];

  const { looks } = follow(world, path);
  await vi.waitUntil(() => looks.length > 0, LONG);
  expect(looks[0]).toMatchObject({ head: world.first, unwatched: null, left_out: 0 });
  expect(textIn(world, looks[0], 'readme.md')).toBe('edited\ntwo\nthree\n');

  write(path, 'src/deep/new.txt', 'new\n');
  await vi.waitUntil(() => textIn(world, looks.at(-1), 'src/deep/new.txt') === 'new\n', LONG);
  // A folder that came later is followed as those that were there.
  write(path, 'src/deep/new.txt', 'newer\n');
  await vi.waitUntil(() => textIn(world, looks.at(-1), 'src/deep/new.txt') === 'newer\n', LONG);
  renameSync(join(path, 'src/deep'), join(path, 'src/other'));
  const places = () => ['src/other/new.txt', 'src/deep/new.txt'].map((name) => textIn(world, looks.at(-1), name));
  await vi.waitFor(() => expect(places()).toEqual(['newer\n', null]), LONG);
  rmSync(join(path, 'readme.md'));
  await vi.waitUntil(() => textIn(world, looks.at(-1), 'readme.md') === null, LONG);

  expect([checksum(world.root), objectsIn(world.root), readFileSync(index), agent('for-each-ref')]).toEqual(before);
  expect(agent('status', '--porcelain')).toBe('MD readme.md\n?? src/\n');
});

test('[GIT-4] what a sparse worktree leaves out is not told as deleted, and what is done there is told', async () => {
  await using world = await openWorld();
  const { git, user } = world;
  for (const name of ['apps/a.txt', 'libs/b.txt', 'libs/c.txt']) write(world.root, name, 'one\n');
  user('add', '--all');
  user('commit', '--quiet', '-m', 'folders');
  const path = world.at('a');
  const head = user('rev-parse', 'HEAD').trim();
  await git.addWorktree(path, { branch: await git.createBranch('a', head) }, ['apps']);
  const { looks } = follow(world, path);
  await vi.waitUntil(() => looks.length > 0, LONG);
  expect(looks[0]).toMatchObject({ head, tree: null, unwatched: null });
  write(path, 'libs/b.txt', 'edited\n');
  write(path, 'libs/new.txt', 'new\n');
  const seen = (...names: string[]) => names.map((name) => textIn(world, looks.at(-1), name));
  const files = ['libs/b.txt', 'libs/new.txt', 'libs/c.txt', 'apps/a.txt'] as const;
  await vi.waitUntil(() => seen('libs/b.txt', 'libs/new.txt').every((text) => text !== 'one\n' && text !== null), LONG);
  expect(seen(...files)).toEqual(['edited\n', 'new\n', 'one\n', 'one\n']);
  // Gone again it is as it is committed, and nobody has deleted it.
  rmSync(join(path, 'libs'), { recursive: true });
  await vi.waitFor(() => expect(seen(...files)).toEqual(['one\n', null, 'one\n', 'one\n']), LONG);
  await vi.waitFor(() => expect(looks.at(-1)).toMatchObject({ head, tree: null }), LONG);
  rmSync(join(path, 'apps/a.txt'));
  await vi.waitUntil(() => seen('apps/a.txt')[0] === null, LONG);
  expect(seen('libs/c.txt')).toEqual(['one\n']);
});

test('a commit moves the head and leaves the tree to it', async () => {
  await using world = await openWorld();
  const path = await worktree(world, 'a');
  const { looks } = follow(world, path);
  await vi.waitUntil(() => looks.length > 0, LONG);
  expect(looks[0]).toMatchObject({ head: world.first, tree: null, objects: null });
  write(path, 'new.txt', 'new\n');
  await vi.waitUntil(() => looks.at(-1)!.tree !== null, LONG);
  const agent = userGit(path, world.env);
  agent('add', '--all');
  agent('commit', '--quiet', '-m', 'work');
  const head = agent('rev-parse', 'HEAD').trim();
  await vi.waitUntil(() => looks.at(-1)!.head === head, LONG);
  expect(looks.at(-1)).toMatchObject({ tree: null, objects: null });
});

test('what git ignores is neither watched nor told, and what is too large is left out and counted', async () => {
  await using world = await openWorld();
  const path = await worktree(world, 'a');
  write(path, '.gitignore', 'out/\n*.log\n');
  mkdirSync(join(path, 'out'));
  const { looks } = follow(world, path);
  await vi.waitUntil(() => textIn(world, looks.at(-1), '.gitignore') !== null, LONG);
  write(path, 'out/made.txt', 'made\n');
  write(path, 'debug.log', 'said\n');
  writeFileSync(join(path, 'dump.bin'), Buffer.alloc(6 * 1024 * 1024));
  symlinkSync('/etc', join(path, 'link'));
  write(path, 'new.txt', 'new\n');
  await vi.waitUntil(() => textIn(world, looks.at(-1), 'new.txt') === 'new\n', LONG);
  const found = ['out/made.txt', 'debug.log', 'dump.bin'].map((name) => textIn(world, looks.at(-1), name));
  expect(found).toEqual([null, null, null]);
  // A link is a link, and nothing is read behind it.
  await vi.waitUntil(() => textIn(world, looks.at(-1), 'link') === '/etc', LONG);
});

test('it ends when the worktree is gone, and refuses one that git was led away from', async () => {
  await using world = await openWorld();
  const path = await worktree(world, 'a');
  const one = follow(world, path);
  await vi.waitUntil(() => one.looks.length > 0, LONG);
  rmSync(path, { recursive: true });
  await one.done;

  const other = await worktree(world, 'b');
  writeFileSync(join(other, '.git'), `gitdir: ${join(world.root, '.git', 'worktrees', 'a')}\n`);
  await expect(follow(world, other).done).rejects.toMatchObject({ code: 'git/tampered' });
  await expect(follow(world, world.root).done).rejects.toMatchObject({ code: 'git/not-ours' });
});

test('where the system watches no more folders changes are found by looks, and it is said why', async () => {
  await using world = await openWorld();
  const path = await worktree(world, 'a');
  const watch = (): never => {
    throw Object.assign(new Error('ENOSPC: System limit for number of file watchers reached'), { code: 'ENOSPC' });
  };
  const run = gitRunner({ processes: world.processes, env: world.env, root: world.root });
  const git = openRadar({ root: world.root, commonDir: join(world.root, '.git'), run }, { watch });
  const { looks } = follow({ ...world, git: { ...world.git, ...git } }, path);
  await vi.waitUntil(() => looks.length > 0, LONG);
  expect(looks[0]!.unwatched).toMatch(/^not every folder can be watched: ENOSPC/u);
  write(path, 'new.txt', 'new\n');
  await vi.waitUntil(() => textIn(world, looks.at(-1), 'new.txt') === 'new\n', LONG);
});
