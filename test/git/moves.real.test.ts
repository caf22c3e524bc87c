import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openGit } from '../../src/git/open.ts';
import type { Processes } from '../../src/ports/index.ts';
import { openWorld, userGit, type World, write } from './world.ts';

/**
 * A worktree on branch a, beside a branch b that changes one file, adds two and removes one. Whoever checks b out is ended
 * by the last of them, when the others are written.
 */
const stage = async (world: World, signal: 'TERM' | 'NONE' = 'TERM') => {
  const { git, first, commit, user } = world;
  const a = commit(first, { 'changed.txt': 'a\n', 'gone.txt': 'a\n', '.gitattributes': 'z.txt filter=end\n' });
  const b = commit(a, { 'changed.txt': 'b\n', 'added.txt': 'b\n', 'z.txt': 'b\n' });
  await git.createBranch('a', a);
  await git.createBranch('b', b);
  const worktree = world.at('w');
  await git.addWorktree(worktree, { branch: 'a' });
  user('config', 'filter.end.smudge', signal === 'NONE' ? 'cat' : `cat; kill -${signal} $PPID; sleep 1`);
  const inside = userGit(worktree, world.env);
  return {
    ...{ a, b, worktree, inside },
    place: () => [inside('symbolic-ref', '--short', 'HEAD').trim(), inside('status', '--porcelain').trim()],
    notes: () => readdirSync(join(world.root, '.git/drover/advancing')),
    endHarmless: () => user('config', 'filter.end.smudge', 'cat'),
  };
};

/** git of a process that never hears how its checkout ended, as one that was killed. */
const dyingGit = ({ root, env, processes }: World) => {
  const reached = Promise.withResolvers<void>();
  const dying: Processes = {
    ...processes,
    run: async (request, signal) => {
      const exit = await processes.run(request, signal);
      if (!request.args?.some((word) => word === 'switch' || word === 'checkout')) return exit;
      reached.resolve();
      return new Promise(() => undefined);
    },
  };
  return { git: openGit({ root, commonDir: join(root, '.git'), processes: dying, env }), reached: reached.promise };
};

test('[STO-7] what a killed daemon has switched half of does not come onto the branch of the task before', async () => {
  await using world = await openWorld();
  const { a, worktree, inside, place, notes, endHarmless } = await stage(world);
  const dying = dyingGit(world);
  void dying.git.switchTo(worktree, 'b');
  await dying.reached;
  expect([place()[0], existsSync(join(worktree, 'added.txt')), notes().length]).toEqual(['a', true, 1]);
  endHarmless();
  const next = world.open();
  // Whoever comes first: work is saved, a branch is checked out.
  expect(await next.saveWork(worktree, 'WIP')).toBeNull();
  expect([place(), inside('rev-parse', 'a').trim(), notes()]).toEqual([['a', ''], a, []]);
  expect(readFileSync(join(worktree, 'changed.txt'), 'utf8')).toBe('a\n');
  expect(inside('show', 'refs/drover/archive/cut-off:changed.txt')).toBe('b\n');
  await next.switchTo(worktree, 'b');
  expect([place(), notes()]).toEqual([['b', ''], []]);
});

test('[STO-7] half of a checkout in the worktree of batches is taken back when the next daemon starts', async () => {
  await using world = await openWorld();
  const { b, worktree, place, notes, endHarmless } = await stage(world);
  const dying = dyingGit(world);
  void dying.git.checkout(worktree, b);
  await dying.reached;
  endHarmless();
  expect(await world.open().finishAdvances()).toEqual([worktree]);
  expect([place(), notes()]).toEqual([['a', ''], []]);
});

test('[STO-7] a checkout that fails in the middle is taken back at once; what is in its way stays', async () => {
  await using world = await openWorld();
  const { worktree, place, notes, endHarmless } = await stage(world);
  await expect(world.git.switchTo(worktree, 'b')).rejects.toMatchObject({ code: 'git/failed' });
  expect([place(), notes()]).toEqual([['a', ''], []]);
  endHarmless();
  write(world.root, '.git/info/exclude', 'added.txt\n');
  writeFileSync(join(worktree, 'added.txt'), 'mine\n');
  await expect(world.git.switchTo(worktree, 'b')).rejects.toMatchObject({ code: 'git/dirty' });
  expect([place(), notes(), readFileSync(join(worktree, 'added.txt'), 'utf8')]).toEqual([['a', ''], [], 'mine\n']);
});

test('[STO-7] a note of a worktree that is gone holds up no other, and one that cannot be read is nothing', async () => {
  await using world = await openWorld();
  const { a, b, worktree, place, notes } = await stage(world, 'NONE');
  const folder = join(world.root, '.git/drover/advancing');
  mkdirSync(folder, { recursive: true });
  const note = { branch: 'a', from: a, to: b, along: false };
  writeFileSync(join(folder, '0.json'), '{');
  writeFileSync(join(folder, '1.json'), JSON.stringify({ ...note, worktree: world.at('gone') }));
  writeFileSync(join(folder, '2.json'), JSON.stringify({ ...note, worktree }));
  writeFileSync(join(worktree, 'changed.txt'), 'half of');
  await world.git.finishAdvances();
  expect([place(), notes()]).toEqual([['a', ''], []]);
});

test('[STO-7] a worktree whose making was cut off is not there, and is made anew with all of its files', async () => {
  await using world = await openWorld();
  await world.git.createBranch('a', world.first);
  const worktree = world.at('w');
  const half = [
    'worktree',
    'add',
    '--quiet',
    '--no-checkout',
    '--lock',
    '--reason',
    'drover: being made',
    worktree,
    'a',
  ];
  world.user(...half);
  expect(await world.git.hasWorktree(worktree)).toBe(false);
  await world.git.addWorktree(worktree, { branch: 'a' });
  expect(await world.git.hasWorktree(worktree)).toBe(true);
  const inside = userGit(worktree, world.env);
  expect([inside('status', '--porcelain'), existsSync(join(worktree, 'readme.md'))]).toEqual(['', true]);
});

test('[STO-7] a branch that was made for what came to no end is taken back, unless something happened to it', async () => {
  await using world = await openWorld();
  const { git, first, user } = world;
  user('branch', 'task', first);
  expect(await git.createBranch('task', first, 'task t1')).toBe('task-2');
  const [claim] = await git.claims();
  expect(claim).toEqual({ branch: 'task-2', commit: first, owner: 'task t1' });
  // It is not known of the one that a person made at the same commit, whatever a claim says.
  expect(await git.unmakeBranch({ ...claim!, branch: 'task' })).toBe(false);
  expect([await git.unmakeBranch(claim!), await git.resolve('refs/heads/task-2'), await git.claims()]).toEqual([
    true,
    null,
    [],
  ]);
  expect(await git.createBranch('task', first, 'task t1')).toBe('task-2');
  user('branch', '--force', 'task-2', world.commit(first, { x: 'x' }));
  expect([await git.unmakeBranch(claim!), await git.claims()]).toEqual([false, []]);
  expect(await git.resolve('refs/heads/task-2')).not.toBeNull();
  await git.createBranch('other', first, 'task t2');
  await git.dropClaim('other');
  expect([await git.claims(), await git.resolve('refs/heads/other')]).toEqual([[], first]);
});
