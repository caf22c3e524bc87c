import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { sweepRefNotes } from '../../src/git/ref-notes.ts';
import { openStaleLocks, STALE_LOCKS } from '../../src/git/stale-locks.ts';
import { openSwarm } from '../helpers/swarm.ts';
import { openWorld, type World, write } from './world.ts';

/** Every lock is old enough, and each look follows at once. */
const AT_ONCE = { ...STALE_LOCKS, ageMs: -1, lookMs: 1 };
const REF = 'refs/heads/drover/a';

const openLocks = ({ git }: World, limits = AT_ONCE) =>
  openStaleLocks({ root: git.root, commonDir: git.commonDir }, limits);

/** A git of the user's that holds the lock of the branch until it is told to commit. */
const holdBranch = async (world: World, { cwd = world.root, env = {} } = {}) => {
  const git = spawn('git', ['update-ref', '--stdin'], {
    cwd,
    env: { ...world.env, ...env },
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const ended = once(git, 'exit');
  git.stdin.write(`start\nupdate ${REF} ${world.commit(world.first, { a: 'a' })} ${world.first}\nprepare\n`);
  await expect.poll(() => existsSync(join(world.root, `.git/${REF}.lock`))).toBe(true);
  return { git, ended };
};

/** A process of ours that is killed while it changes the branch. */
const killInMove = ({ git }: World, moved = REF): void => {
  const notes = new URL('../../src/git/ref-notes.ts', import.meta.url).href;
  const [folder, ref] = [JSON.stringify(git.commonDir), JSON.stringify(moved)];
  const script = `(await import('${notes}')).withRefNote(${folder}, ${ref}, () => process.kill(process.pid, 'SIGKILL'))`;
  expect(spawnSync(process.execPath, ['--input-type=module', '-e', script]).signal).toBe('SIGKILL');
};

const openBranch = async (): Promise<World> => {
  const world = await openWorld();
  await world.git.createBranch('drover/a', world.first);
  await world.git.addWorktree(world.at('a'), { branch: 'drover/a' });
  return world;
};

const busyWith = (path: string) => ({ code: 'git/busy', exit: 6, message: expect.stringContaining(path) });

test('a lock that nobody holds and no note explains goes where the branch was made for a worktree in which nothing runs', async () => {
  await using world = await openBranch();
  const lock = join(world.root, `.git/${REF}.lock`);
  writeFileSync(lock, '');
  const locks = openLocks(world);
  await expect(locks.unlock(world.at('a'), 'drover/a')).rejects.toMatchObject(busyWith(lock));
  expect([await locks.unlock(world.at('a'), 'drover/a', true), existsSync(lock)]).toEqual([true, false]);
  expect(await locks.unlock(world.at('a'), 'drover/a', true)).toBe(false);
  const { git, ended } = await holdBranch(world);
  await expect(locks.unlock(world.at('a'), 'drover/a', true)).rejects.toMatchObject(busyWith(lock));
  git.stdin.end('commit\n');
  expect(await ended).toEqual([0, null]);
});

test.each([false, true])(
  'the lock of a git that lives is left to it, also after a move that was cut off: %s',
  async (cutOff) => {
    await using world = await openBranch();
    if (cutOff) killInMove(world);
    const { git, ended } = await holdBranch(world);
    await expect(openLocks(world).unlock(world.at('a'), 'drover/a')).rejects.toMatchObject(busyWith(`${REF}.lock`));
    git.stdin.end('commit\n');
    expect(await ended).toEqual([0, null]);
    expect(await openLocks(world).unlock(world.at('a'), 'drover/a')).toBe(false);
  },
);

test('the lock of a branch whose git was killed is removed only when a process of ours was changing that branch', async () => {
  await using world = await openBranch();
  const lock = join(world.root, `.git/${REF}.lock`);
  write(world.root, `.git/${REF}.lock`, '');
  await expect(openLocks(world).unlock(world.at('a'), 'drover/a')).rejects.toMatchObject(busyWith(lock));
  killInMove(world);
  // It was there before.
  await expect(openLocks(world).unlock(world.at('a'), 'drover/a')).rejects.toMatchObject(busyWith(lock));
  write(world.root, `.git/${REF}.lock`, '');
  expect([await openLocks(world).unlock(world.at('a'), 'drover/a'), existsSync(lock)]).toEqual([true, false]);
});

test('the note of a move whose text a power cut has taken stays for as long as the lock that it tells of', async () => {
  await using world = await openBranch();
  killInMove(world);
  const { commonDir } = world.git;
  const notes = () => readdirSync(join(commonDir, 'drover')).filter((name) => name.startsWith('moving-'));
  for (const name of notes()) truncateSync(join(commonDir, 'drover', name));
  write(world.root, `.git/${REF}.lock`, '');
  await sweepRefNotes(commonDir);
  expect(await openLocks(world).unlock(world.at('a'), 'drover/a')).toBe(true);
  await sweepRefNotes(commonDir);
  expect(notes()).toEqual([]);
});

test('the lock of a ref that nobody changes again goes where what was cut off is ended', async () => {
  await using world = await openWorld();
  const [ref, { commonDir }] = ['refs/drover/archive/a', world.git];
  const left = () => [existsSync(join(commonDir, `${ref}.lock`)), readdirSync(join(commonDir, 'drover'))];
  killInMove(world, ref);
  write(world.root, `.git/${ref}.lock`, '');
  const [note] = readdirSync(join(commonDir, 'drover'));
  const before = Date.now() / 1000 - 60;
  for (const file of [`drover/${note}`, `${ref}.lock`]) utimesSync(join(commonDir, file), before, before);
  expect(() => world.user('update-ref', ref, world.first)).toThrow('File exists');
  await world.open().finishAdvances();
  expect(left()).toEqual([false, []]);
});

test('the lock of a worktree is left to a git that is at work in the repository, and to whoever has it open', async () => {
  await using world = await openBranch();
  const lock = join(world.root, '.git/worktrees/a/index.lock');
  const { git, ended } = await holdBranch(world);
  write(world.root, '.git/worktrees/a/index.lock', '');
  const unlock = () => openLocks(world).unlock(world.at('a'), 'drover/b');
  await expect(unlock()).rejects.toMatchObject(busyWith(lock));
  git.stdin.end();
  await ended;
  const other = spawn('sh', ['-c', 'exec 3>>"$0"; echo open; read line', lock], { stdio: ['pipe', 'pipe', 'ignore'] });
  await once(other.stdout, 'data');
  await expect(unlock()).rejects.toMatchObject(busyWith(lock));
  const gone = once(other, 'exit');
  other.stdin.end();
  await gone;
  expect(await unlock()).toBe(true);
});

test('a lock is left to a git elsewhere that was told of the repository, and to none that was told of another one', async () => {
  await using world = await openBranch();
  await using other = await openBranch();
  const lock = join(world.root, '.git/worktrees/a/index.lock');
  const limits = { ...AT_ONCE, looks: 2 };
  for (const GIT_DIR of [world.git.commonDir, relative(other.home, join(world.root, '.git/worktrees/a'))]) {
    const { git, ended } = await holdBranch(world, { cwd: other.home, env: { GIT_DIR } });
    writeFileSync(lock, '');
    await expect(openLocks(world, limits).unlock(world.at('a'), null)).rejects.toMatchObject({ code: 'git/busy' });
    git.kill('SIGKILL');
    await ended;
    rmSync(join(world.root, `.git/${REF}.lock`));
  }
  const { git, ended } = await holdBranch(other, { env: { GIT_DIR: other.git.commonDir } });
  expect([await openLocks(world, limits).unlock(world.at('a'), null), existsSync(lock)]).toEqual([true, false]);
  git.kill('SIGKILL');
  await ended;
});

test('where processes cannot be seen a lock has to be an hour old', async () => {
  await using world = await openBranch();
  const lock = join(world.root, '.git/worktrees/a/index.lock');
  write(world.root, '.git/worktrees/a/index.lock', '');
  const unlock = () => openLocks(world, { ...AT_ONCE, proc: world.at('none') }).unlock(world.at('a'), 'drover/a');
  await expect(unlock()).rejects.toMatchObject(busyWith(lock));
  const past = new Date(Date.now() - 2 * STALE_LOCKS.unseenAgeMs);
  utimesSync(lock, past, past);
  expect(await unlock()).toBe(true);
});

test('a lock of tomorrow, as one is after the clock was set back, is looked at like an old one', async () => {
  await using world = await openBranch();
  const lock = join(world.root, '.git/worktrees/a/index.lock');
  write(world.root, '.git/worktrees/a/index.lock', '');
  const tomorrow = Date.now() / 1000 + 86_400;
  utimesSync(lock, tomorrow, tomorrow);
  const limits = { ...STALE_LOCKS, ageMs: 50, lookMs: 1 };
  expect([await openLocks(world, limits).unlock(world.at('a'), 'drover/a'), existsSync(lock)]).toEqual([true, false]);
});

test('a lock that a killed git left in a worktree does not keep its instance from the next task', async () => {
  await using swarm = await openSwarm();
  await swarm.say('launch 1 instance');
  const lock = join(swarm.root, '.git', 'worktrees', 'rehearsal-1', 'index.lock');
  writeFileSync(lock, '');
  const past = new Date(Date.now() - 60_000);
  utimesSync(lock, past, past);
  await swarm.say('create task "After all" id=later-1');
  const done = await swarm.say('run task later-1 wait=true');
  expect([done.exit, existsSync(lock)]).toEqual([0, false]);
});

test('a lock of the user’s own checkout is left to the user', async () => {
  await using swarm = await openSwarm();
  const lock = join(swarm.root, '.git', 'index.lock');
  writeFileSync(lock, '');
  await swarm.say('create task "Beside" id=beside-1');
  const done = await swarm.say('run task beside-1 wait=true');
  expect([done.exit, existsSync(lock)]).toEqual([0, true]);
});

test.each(['refs/heads/drover/b.lock', 'packed-refs.lock'])(
  'a branch or an archive over whose change git was killed together with us is changed all the same: %s',
  async (name) => {
    await using world = await openWorld();
    const { git, first, root, user } = world;
    const lock = join(root, '.git', name);
    /** What a process of ours and its git leave that were killed over a ref a minute ago. */
    const leave = (ref: string, path: string): void => {
      killInMove(world, ref);
      writeFileSync(path, '');
      const past = new Date(Date.now() - 60_000);
      const names = readdirSync(join(root, '.git/drover')).filter((one) => one.startsWith('moving-'));
      for (const one of [path, ...names.map((note) => join(root, '.git/drover', note))]) utimesSync(one, past, past);
    };
    await git.createBranch('drover/b', first);
    const to = world.commit(first, { a: 'a' });
    leave('refs/heads/drover/b', lock);
    expect([await git.moveBranch('drover/b', first, to), existsSync(lock)]).toEqual([true, false]);
    leave('refs/heads/drover/b', lock);
    expect([await git.removeBranch('drover/b', to), existsSync(lock)]).toEqual([true, false]);
    mkdirSync(join(root, '.git/refs/drover/archive'), { recursive: true });
    leave('refs/drover/archive/b', join(root, '.git/refs/drover/archive/b.lock'));
    expect(await git.archive('b', to)).toBe('refs/drover/archive/b');
    expect(user('rev-parse', 'refs/drover/archive/b').trim()).toBe(to);
    // What none of ours was at is left to whoever has it.
    writeFileSync(join(root, '.git/refs/heads/main.lock'), '');
    await expect(git.archive('c', to)).resolves.toBe('refs/drover/archive/c');
    expect(existsSync(join(root, '.git/refs/heads/main.lock'))).toBe(true);
  },
);
