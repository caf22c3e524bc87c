import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import type { Swarm } from '../helpers/swarm.ts';

export type Process = {
  readonly pid: number;
  readonly parent: number;
  /** `T` is stopped. */
  readonly state: string;
  readonly args: string;
};

/** All processes that are not only waiting to be buried. */
export const processes = (): readonly Process[] =>
  execFileSync('ps', ['-A', '-ww', '-o', 'pid=,ppid=,stat=,args='], { encoding: 'utf8', env: process.env })
    .split('\n')
    .flatMap((line): Process[] => {
      const {
        pid,
        parent,
        state = '',
        args = '',
      } = /^\s*(?<pid>\d+)\s+(?<parent>\d+)\s+(?<state>\w)\S*\s+(?<args>.*)$/u.exec(line)?.groups ?? {};
      return pid === undefined || state === 'Z' ? [] : [{ pid: Number(pid), parent: Number(parent), state, args }];
    });

/** What runs below a process. */
export const below = (root: number): readonly Process[] => {
  const all = processes();
  const found = all.filter((one) => one.parent === root);
  for (const one of found) found.push(...all.filter((other) => other.parent === one.pid));
  return found;
};

/** Programs whose command line has these words. */
export const withWords = (words: string): readonly Process[] => processes().filter((one) => one.args.includes(words));

/** The letters of the states that occur, each once. */
export const statesOf = (list: readonly Process[]): string =>
  [...new Set(list.map((one) => one.state))].toSorted().join('');

/** A script that writes into `ticks` until a file `go` lies beside it. It is told its folder. */
export const TICKING = 'while [ ! -e "$1/go" ]; do echo tick >>"$1/ticks"; sleep 0.01; done\n';

export const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

/** A task whose check, once the agent is at it, writes into `ticks` until there is a file `go`. */
export const tickingTask = (swarm: Swarm, id: string, folder: string): Promise<unknown> =>
  swarm.say(`create task "Tick ${id}" id=${id} check="sh ticking.sh ${folder}"`);
