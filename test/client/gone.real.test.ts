import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { daemonGone, pidOfHolder } from '../../src/client/gone.ts';
import type { Paths } from '../../src/lib/paths.ts';
import { temporaryFolder } from '../helpers/folder.ts';

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
