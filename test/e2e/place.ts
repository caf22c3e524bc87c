import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, vi } from 'vitest';
import { temporaryFolder } from '../helpers/folder.ts';
import { BIN } from './terminal.ts';

/** The plan that rehearsals are tried on. */
export const spec = fileURLToPath(new URL('../fixtures/spec', import.meta.url));

/** Tasks that take next to no time. */
export const FAST = ['--task-ms', '20..60'];

/** A place where everything that a rehearsal makes would be seen: it has the temporary folder for itself. */
export const place = () => {
  const folder = temporaryFolder('rehearse');
  onTestFinished(() => folder[Symbol.dispose]());
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: folder.path,
    LANG: 'C.UTF-8',
    TMPDIR: join(folder.path, 't'),
    // What a git hook would have set: it must not lead to the repository of the hook.
    GIT_DIR: join(folder.path, 'not-this-one'),
  };
  mkdirSync(env.TMPDIR);
  return { path: folder.path, cwd: folder.path, env };
};

type Place = ReturnType<typeof place>;

/** Processes that know of the place, by what the system says of their arguments and folders. */
export const processesOf = ({ path }: Place): string[] =>
  execFileSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(path));

/** Starts the program; what it printed so far, and how it ends. */
export const start = (argv: readonly string[], { cwd, env }: Place) => {
  const child = spawn(process.execPath, [BIN, ...argv], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const printed = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (text: string) => {
      printed[name] += text;
    });
  const ended = once(child, 'close').then(([exit]) => ({ exit: exit as number | null, ...printed }));
  return { child, printed, ended };
};

/** Runs the program to its end. */
export const run = (argv: readonly string[], at: Place) => start(argv, at).ended;

/** Nothing is left but what was there: no folder, no process, no tmux server (it would hold a socket in the folder). */
export const expectNothingLeft = async (at: Place): Promise<void> => {
  expect(readdirSync(at.env.TMPDIR)).toEqual([]);
  await vi.waitUntil(() => processesOf(at).length === 0).catch(() => undefined);
  expect(processesOf(at)).toEqual([]);
};
