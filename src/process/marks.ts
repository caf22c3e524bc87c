import { existsSync } from 'node:fs';
import type { Processes } from '../ports/index.ts';
import type { TargetProcesses } from '../ports/target.ts';
import { procText, STARTED, statOf } from './proc-files.ts';

const BOOT = '/proc/sys/kernel/random/boot_id';

/** When a process was started; no clock that is set changes that. Empty: it is not there. */
const ticksOf = (pid: number): string => statOf(pid)[STARTED] ?? '';

const PS_LINE = /^\s*(?<pid>\d+)\s+(?<start>\S.*\S)\s*$/u;

/** What `ps -A -o pid=,lstart=` prints. */
export const readPsMarks = (text: string): ReadonlyMap<number, string> =>
  new Map(
    text.split('\n').flatMap((line): [number, string][] => {
      const { pid, start } = PS_LINE.exec(line)?.groups ?? {};
      return pid === undefined || start === undefined ? [] : [[Number(pid), start]];
    }),
  );

/** Tells processes from those that have their ids later: by files of the kernel, where there are none by one call of `ps`. */
export const makeMarks = (
  processes: Processes,
  env: Readonly<Record<string, string>>,
  signal: AbortSignal,
): TargetProcesses['marks'] => {
  if (existsSync('/proc/self/stat')) {
    const boot = procText(BOOT).trim();
    return async (pids) =>
      new Map(
        pids.flatMap((pid): [number, string][] => {
          const ticks = ticksOf(pid);
          return ticks === '' ? [] : [[pid, `${boot} ${ticks}`]];
        }),
      );
  }
  return async (pids) => {
    const args = ['-A', '-o', 'pid=,lstart='];
    const { stdout } = await processes.run(
      { file: 'ps', args, env: { ...env, LC_ALL: 'C' }, timeoutMs: 10_000 },
      signal,
    );
    const wanted = new Set(pids);
    return new Map([...readPsMarks(stdout)].filter(([pid]) => wanted.has(pid)));
  };
};
