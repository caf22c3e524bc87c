import { existsSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openGit } from '../../src/git/open.ts';
import type { Processes } from '../../src/ports/index.ts';
import { dyingAt } from './dying.ts';
import { openWorld, type World, write } from './world.ts';

/** A removed worktree with work in it, and a call that restores it and is cut off at a word. */
const stage = async (world: World, word: string) => {
  const place = world.at('a');
  const branch = await world.git.createBranch('drover/a', world.first);
  await world.git.addWorktree(place, { branch });
  write(place, '.env', 'mine');
  write(place, 'readme.md', 'mine\n');
  const kept = (await world.git.removeWorktree(place, join(world.home, 'trash/a')))!;
  const dying = dyingAt(world, word);
  void dying.git.restoreWorktree(place, kept, { branch }, null);
  await dying.reached;
  const files = (folder: string) => ['.env', 'readme.md'].map((name) => readFileSync(join(folder, name), 'utf8'));
  return { place, branch, kept, files, mine: ['mine', 'mine\n'] };
};

test.each(['reset', 'unlock', 'update-index'])('a restoring that was killed at its %s is repeated', async (word) => {
  await using world = await openWorld();
  const { place, branch, kept, files, mine } = await stage(world, word);
  const next = world.open();
  await next.restoreWorktree(place, kept, { branch }, null);
  expect([files(place), existsSync(kept)]).toEqual([mine, false]);
  expect(await next.worktreeState(place)).toMatchObject({ branch, dirty: ['readme.md', '.env'] });
  expect([await next.hasWorktree(place), await next.lockOf(place)]).toEqual([true, null]);
});

test.each(['reset', 'unlock', 'update-index'])(
  'a worktree that is added where a restoring was killed at its %s takes nothing away',
  async (word) => {
    await using world = await openWorld();
    const { place, branch, kept, files, mine } = await stage(world, word);
    const next = world.open();
    await next.addWorktree(place, { branch });
    expect(files(existsSync(kept) ? kept : place)).toEqual(mine);
    expect(await next.hasWorktree(place)).toBe(true);
  },
);

test('a restoring that fails leaves the folder where it was kept, and can be repeated', async () => {
  await using world = await openWorld();
  const { place, branch, kept, files, mine } = await stage(world, 'reset');
  const failing: Processes = {
    ...world.processes,
    run: (request, signal) =>
      request.args?.includes('unlock') ? Promise.reject(new Error('no')) : world.processes.run(request, signal),
  };
  const { root, env } = world;
  const git = openGit({ root, commonDir: join(root, '.git'), processes: failing, env });
  await expect(git.restoreWorktree(place, kept, { branch }, null)).rejects.toThrow('no');
  expect([files(kept), existsSync(place), existsSync(join(kept, '.git'))]).toEqual([mine, false, false]);
  await world.open().restoreWorktree(place, kept, { branch }, null);
  expect(files(place)).toEqual(mine);
});

test('what was kept and is gone is not restored, and what is in its place stays', async () => {
  await using world = await openWorld();
  const { git } = world;
  const place = world.at('a');
  const branch = await git.createBranch('drover/a', world.first);
  await git.addWorktree(place, { branch });
  const kept = (await git.removeWorktree(place, join(world.home, 'trash/a')))!;
  rmSync(kept, { recursive: true });
  const gone = { code: 'git/kept-gone', exit: 3 };
  await expect(git.restoreWorktree(place, kept, { branch }, null)).rejects.toMatchObject(gone);
  expect([existsSync(place), (await git.worktrees()).length]).toEqual([false, 1]);
  await git.addWorktree(place, { branch });
  write(place, 'readme.md', 'new\n');
  await expect(git.restoreWorktree(place, kept, { branch }, null)).rejects.toMatchObject(gone);
  expect(await git.worktreeState(place)).toEqual({ branch, head: world.first, dirty: ['readme.md'] });
});

test('a worktree that somebody has locked on a disk that is away keeps its place', async () => {
  await using world = await openWorld();
  const { place, branch, kept, files, mine } = await stage(world, 'reset');
  await world.open().removeWorktree(place);
  await world.git.addWorktree(place, { branch });
  await world.git.lockWorktree(place, 'on a disk');
  rmSync(place, { recursive: true });
  const locked = { code: 'git/locked' };
  await expect(world.open().restoreWorktree(place, kept, { branch }, null)).rejects.toMatchObject(locked);
  expect([files(kept), existsSync(join(world.root, '.git/worktrees/a/index'))]).toEqual([mine, true]);
});

type Calls = { world: World; place: string; kept: string; branch: string };

const calls = {
  restores: ({ world, place, kept, branch }: Calls) => world.open().restoreWorktree(place, kept, { branch }, null),
  adds: ({ world, place, branch }: Calls) => world.open().addWorktree(place, { branch }),
  removes: ({ world, place }: Calls) => world.open().removeWorktree(place),
};

test.each(Object.keys(calls).flatMap((does) => ['worktrees/c-11', 'elsewhere/c-1'].map((other) => ({ does, other }))))(
  'who $does c-1 leaves what git keeps of $other, whose path a power cut has emptied',
  async ({ does, other }) => {
    await using world = await openWorld();
    const { git } = world;
    const [place, beside] = [world.at('c-1'), join(world.home, other)];
    const [branch, theirs] = [
      await git.createBranch('c-1', world.first),
      await git.createBranch('theirs', world.first),
    ];
    await git.addWorktree(beside, { branch: theirs });
    write(beside, 'staged', 'theirs\n');
    world.user('-C', beside, 'add', 'staged');
    const admin = world.user('-C', beside, 'rev-parse', '--absolute-git-dir').trim();
    await git.addWorktree(place, { branch });
    const kept = (await git.removeWorktree(place, join(world.home, 'trash/c-1')))!;
    truncateSync(join(admin, 'gitdir'));
    await calls[does as keyof typeof calls]({ world, place, kept, branch });
    expect([existsSync(join(admin, 'HEAD')), existsSync(join(admin, 'index'))]).toEqual([true, true]);
    const next = world.open();
    expect(await next.hasWorktree(beside)).toBe(true);
    expect(world.user('-C', beside, 'status', '--porcelain')).toBe('A  staged\n');
    expect(await next.worktreeState(beside)).toMatchObject({ branch: theirs });
    expect(await next.hasWorktree(place)).toBe(does !== 'removes');
  },
);
