import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { daemonGone, pidOfHolder } from '../../src/client/gone.ts';
import type { Paths } from '../../src/lib/paths.ts';
import { alive, daemonRepository } from '../helpers/daemon.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { runMain, testIo } from '../helpers/io.ts';

/** Whether a program with this command line, whose number was left beside a lock, is waited for as its holder. */
const isWaitedFor = async (folder: string, args: (lock: string) => readonly string[]): Promise<boolean> => {
  const lock = join(folder, 'lock.db');
  const shell = spawn('sh', ['-c', 'echo up; read -r word; exit 0', 'sh', ...args(lock)], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  await once(shell.stdout, 'data');
  writeFileSync(`${lock}.pid`, `${shell.pid}\n`);
  const found = await pidOfHolder({ lock } as Paths);
  shell.stdin.end('\n');
  await once(shell, 'exit');
  return found !== undefined;
};

const born = (lock: string): string => JSON.stringify({ paths: { lock }, version: '1.0.0' });

test('a number that was left beside the lock is waited for only where it is the daemon of that very repository', async () => {
  using folder = temporaryFolder('gone');
  const { path } = folder;
  expect(await isWaitedFor(path, (lock) => ['/d/dist/daemon/main.js', '/r', born(lock)])).toBe(true);
  expect(await isWaitedFor(path, () => ['/d/dist/daemon/main.js', '/other', born('/other/lock.db')])).toBe(false);
  expect(await isWaitedFor(path, () => ['an', 'editor'])).toBe(false);
  // Nobody knows how a later version is started.
  expect(await isWaitedFor(path, () => ['/d/dist/daemon/main.js', '--later'])).toBe(true);
});

test('[CLI-8] whoever waits for the end of a daemon does not wait for the next one, which somebody else has started', async () => {
  using folder = temporaryFolder('gone');
  const lock = join(folder.path, 'lock.db');
  const paths = { lock } as Paths;
  const next = spawn('sh', ['-c', 'echo up; read -r word; exit 0'], { stdio: ['pipe', 'pipe', 'ignore'] });
  await once(next.stdout, 'data');
  const ended = once(next, 'exit');
  const took: number[] = [];
  // The next one is there before the first look, or comes in the middle of waiting.
  for (const first of [next.pid!, process.pid]) {
    writeFileSync(`${lock}.pid`, `${first}\n`);
    const began = performance.now();
    const gone = daemonGone(paths, process.pid).then(() => took.push(performance.now() - began));
    if (first === process.pid) writeFileSync(`${lock}.pid`, `${next.pid}\n`);
    await gone;
  }
  for (const ms of took) expect(ms).toBeLessThan(10_000);
  next.stdin.end('\n');
  await ended;
});

test('"daemon stop" and "daemon restart" end one that takes connections and says nothing', async () => {
  await using repository = daemonRepository();
  const at = { cwd: repository.root, env: repository.env };
  const { io, text } = testIo(at);
  // Less than usual, and as long as the next one may take to begin on a busy machine.
  const impatient = { ...io, patience: { noticeMs: 0, giveUpMs: 12_000 } };
  for (const verb of ['restart', 'stop']) {
    await runMain(['daemon', 'start'], at);
    const pid = repository.pid()!;
    process.kill(pid, 'SIGSTOP');
    const exit = await main(['daemon', verb], impatient);
    expect([verb, exit, text.stderr.includes(`process ${pid}`)]).toEqual([verb, 0, true]);
    await vi.waitUntil(() => !alive(pid));
  }
  expect(text.stdout).toContain('could not be reached, did not end by itself and was killed; the agents go on.');
  expect(repository.pid()).toBeUndefined();
}, 120_000);

test('a daemon that has the state and no socket is told of in one way, and "daemon stop" ends it', async () => {
  await using repository = daemonRepository();
  const { paths, env, root } = repository;
  const drover = (...argv: readonly string[]) => runMain(argv, { cwd: root, env });
  await drover('daemon', 'start');
  const pid = repository.pid()!;
  // It waits for ever, as for what never comes.
  process.kill(pid, 'SIGSTOP');
  rmSync(paths.socket);
  const told = `The daemon of this repository (process ${pid}) has the state and cannot be reached`;
  expect(await drover('daemon', 'status')).toMatchObject({ exit: 7, stderr: expect.stringContaining(told) });
  expect(await drover('daemon', 'status', '--json')).toMatchObject({
    stdout: expect.stringContaining(`"pid": ${pid}`),
  });
  const agent = await runMain(['daemon', 'stop'], { cwd: root, env: { ...env, DROVER_TOKEN: 'x' } });
  expect([agent.exit, repository.pid()]).toEqual([7, pid]);
  const stopped = await drover('daemon', 'stop');
  expect([stopped.exit, stopped.stdout]).toEqual([
    0,
    `The daemon (process ${pid}) could not be reached, did not end by itself and was killed; the agents go on.\n`,
  ]);
  await vi.waitUntil(() => repository.pid() === undefined);
  expect(await drover('daemon', 'status')).toMatchObject({
    exit: 7,
    stderr: expect.stringContaining('none is running'),
  });
}, 120_000);
