import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Paths } from '../../src/lib/paths.ts';
import { STARTED, statOf } from '../../src/process/proc-files.ts';

/** The words after the program of a daemon with this lock, as it is started. */
export const daemonWords = ({ lock, root }: Pick<Paths, 'lock' | 'root'>): readonly string[] => [
  '/d/dist/daemon/main.js',
  root,
  JSON.stringify({ paths: { lock }, version: '1.0.0' }),
];

/** A program with these words, whose number lies beside a lock; it does nothing, and ends when it is told to. */
export const holdNumber = async ({ lock }: Pick<Paths, 'lock'>, words: readonly string[]) => {
  const program = spawn(process.execPath, ['-e', 'process.stdout.write("up");setInterval(() => {}, 1e6)', ...words], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await once(program.stdout, 'data');
  const pid = program.pid!;
  mkdirSync(dirname(lock), { recursive: true });
  writeFileSync(`${lock}.pid`, `${pid}\n`);
  const ended = once(program, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  return {
    pid,
    started: statOf(pid)[STARTED]!,
    ended,
    [Symbol.asyncDispose]: async (): Promise<void> => {
      program.kill('SIGKILL');
      await ended;
    },
  };
};
