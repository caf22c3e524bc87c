import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { openWorld, userGit, type World, write } from './world.ts';

const NOTE = 'drover/advancing';

const stage = async (world: World) => {
  const { git, root, user } = world;
  for (let n = 0; n < 300; n += 1) write(root, `many/${n}.txt`, `${n}\n`.repeat(200));
  write(root, 'readme.md', 'one\ntwo\nthree\nfour\n');
  user('add', '--all');
  user('commit', '--quiet', '-m', 'many');
  const to = user('rev-parse', 'HEAD').trim();
  user('reset', '--quiet', '--hard', world.first);
  const worktree = world.at('a');
  await git.createBranch('mine', world.first);
  await git.addWorktree(worktree, { branch: 'mine' });
  const inside = userGit(worktree, world.env);
  return { to, worktree, inside, commonDir: join(root, '.git'), move: { branch: 'mine', from: world.first, to } };
};

/** Where the worktree, its branch and its files are; equal ones are wholly at one commit. */
const placeOf = (inside: ReturnType<typeof userGit>) => ({
  head: inside('rev-parse', 'HEAD').trim(),
  branch: inside('rev-parse', 'mine').trim(),
  on: inside('rev-parse', '--abbrev-ref', 'HEAD').trim(),
  dirty: inside('status', '--porcelain').trim(),
});

test('a clean worktree and its branch move together; one with changes, or elsewhere, is refused as it is', async () => {
  await using world = await openWorld();
  const { to, worktree, inside, move } = await stage(world);
  write(worktree, 'new.txt', 'mine\n');
  await expect(world.git.advance(worktree, move)).rejects.toMatchObject({ code: 'git/dirty' });
  rmSync(join(worktree, 'new.txt'));
  expect(await world.git.advance(worktree, move)).toBe(true);
  expect(placeOf(inside)).toEqual({ head: to, branch: to, on: 'mine', dirty: '' });
  await expect(world.git.advance(worktree, move)).rejects.toMatchObject({ code: 'git/branch-elsewhere' });
});

test('a file that git ignores is not overwritten', async () => {
  await using world = await openWorld();
  const { worktree, inside, move } = await stage(world);
  write(world.root, '.git/info/exclude', 'many/\n');
  write(worktree, 'many/7.txt', 'precious\n');
  await expect(world.git.advance(worktree, move)).rejects.toMatchObject({ code: 'git/dirty' });
  expect(readFileSync(join(worktree, 'many/7.txt'), 'utf8')).toBe('precious\n');
  expect(placeOf(inside)).toMatchObject({ head: world.first, branch: world.first, on: 'mine', dirty: '' });
});

/** A git that notes its process and dies with whoever started it, as all do where a machine stops: it has a group of its own. */
const dyingGit = (world: World) => {
  const folder = join(world.home, 'bin');
  const pids = join(folder, 'pids');
  const script = `#!/bin/sh\necho $$ >>'${pids}'\nPATH=\${PATH#*:}\nexec setpriv --pdeathsig KILL git "$@"\n`;
  mkdirSync(folder);
  writeFileSync(join(folder, 'git'), script, { mode: 0o755 });
  const isRunning = (pid: string): boolean => {
    try {
      // What is dead and was not asked after has no arguments any more.
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8') !== '';
    } catch {
      return false;
    }
  };
  return {
    env: { ...world.env, PATH: `${folder}:${world.env['PATH']}` },
    running: () => readFileSync(pids, 'utf8').trim().split('\n').filter(isRunning),
  };
};

test.concurrent.each([0, 8, 16, 24, 32, 48, 64])(
  'killed %i ms after it has begun, an update is brought to an end, or taken back',
  async (ms) => {
    await using world = await openWorld();
    const { to, worktree, inside, commonDir, move } = await stage(world);
    const { processes } = world;
    const dying = dyingGit(world);
    const script = join(world.home, 'advance.ts');
    const here = (path: string) => JSON.stringify(new URL(`../../src/${path}`, import.meta.url).pathname);
    writeFileSync(
      script,
      `import { existsSync } from 'node:fs';
import { findRepository, openGit } from ${here('git/open.ts')};
import { openProcesses } from ${here('process/broker.ts')};
const processes = await openProcesses({ forked: false });
const env = ${JSON.stringify(dying.env)};
const place = await findRepository(${JSON.stringify(world.root)}, processes, env);
const git = openGit({ ...place, processes, env });
const done = git.advance(${JSON.stringify(worktree)}, ${JSON.stringify(move)});
const watch = setInterval(() => {
  if (!existsSync(${JSON.stringify(join(commonDir, NOTE))})) return;
  clearInterval(watch);
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), ${ms});
}, 1);
await done;
setInterval(() => {}, 1000);
`,
    );
    await processes.run({ file: process.execPath, args: [script], env: world.env });
    await vi.waitUntil(() => dying.running().length === 0);
    await world.open().finishAdvances();
    const place = placeOf(inside);
    expect([world.first, to]).toContain(place.head);
    expect(place).toEqual({ head: place.head, branch: place.head, on: 'mine', dirty: '' });
    expect(readdirSync(join(commonDir, NOTE)).filter((name) => name.endsWith('.json'))).toEqual([]);
  },
);

test('half of an update is taken back, and what was written there since is in the archive', async () => {
  await using world = await openWorld();
  const { to, worktree, inside, commonDir, move } = await stage(world);
  mkdirSync(join(commonDir, NOTE), { recursive: true });
  writeFileSync(join(commonDir, NOTE, 'x.json'), JSON.stringify({ worktree, ...move }));
  write(worktree, 'many/1.txt', 'half of');
  write(worktree, 'many/2.txt', inside('show', `${to}:many/2.txt`));
  write(worktree, 'readme.md', 'what somebody wrote since\n');
  write(worktree, 'other.txt', 'not part of it\n');
  expect(await world.git.finishAdvances()).toEqual([worktree]);
  expect(placeOf(inside)).toEqual({ head: world.first, branch: world.first, on: 'mine', dirty: '?? other.txt' });
  expect(inside('show', 'refs/drover/archive/cut-off:readme.md')).toBe('what somebody wrote since\n');
});
