import { existsSync } from 'node:fs';
import type { Processes } from '../ports/index.ts';
import type { ProcessUse, TargetProcesses } from '../ports/target.ts';
import { makeEndWatch } from './ends.ts';
import { freePorts } from './free-ports.ts';
import { programIn } from './in-path.ts';
import { isRunning } from './is-running.ts';
import { makeLineages } from './lineage.ts';
import { livingIn } from './living-in.ts';
import { endForwarder, lostForwarders } from './lost-forwarders.ts';
import { makeMarks } from './marks.ts';
import { askPs, haltedIn, type Measured, readProc, treesOf } from './measure.ts';
import { makeOwnPrograms } from './own-program.ts';

const SIGNALS = { stop: 'SIGSTOP', continue: 'SIGCONT', kill: 'SIGKILL' } as const;

/** False when the process is not ours to signal; one that has ended needs no signal. */
const sendSignal = (pid: number, signal: NodeJS.Signals): boolean => {
  try {
    process.kill(pid, signal);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'EPERM';
  }
};

/** What each of the processes takes with all that it started. */
export const usesOf = (table: readonly Measured[], pids: readonly number[]): ReadonlyMap<number, ProcessUse> =>
  new Map(
    [...treesOf(table, new Map(pids.map((pid) => [pid, pid])))].map(([pid, tree]) => [
      pid,
      {
        cpuMs: tree.reduce((sum, one) => sum + one.cpuMs, 0),
        memory: tree.reduce((sum, one) => sum + one.memory, 0),
        processes: tree.length,
        foreground: tree.filter((one) => one.foreground).map((one) => one.pid),
        halted: tree.filter((one) => one.halted).map((one) => one.pid),
      },
    ]),
  );

type Options = {
  readonly processes: Processes;
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
};

/** The processes of this very machine. */
export const openTargetProcesses = ({ processes, env, signal }: Options): TargetProcesses => {
  const hasFiles = existsSync('/proc/self/stat');
  const measureAll = hasFiles ? () => readProc() : () => askPs(processes, env, signal);
  return {
    run: processes.run,
    find: async (program) => programIn(env['PATH'] ?? '', program) ?? null,
    freePorts,
    livingIn,
    lostForwarders: async (folders) => lostForwarders(folders),
    endForwarder: async (forwarder) => endForwarder(forwarder),
    running: async (pids) => new Set(pids.filter(isRunning)),
    ended: makeEndWatch(),
    ...makeOwnPrograms(processes, env, signal),
    signal: async (pids, what) => pids.filter((pid) => !sendSignal(pid, SIGNALS[what])),
    halted: async (pids) => (hasFiles ? haltedIn(pids) : null),
    lineages: makeLineages(processes, env, signal),
    marks: makeMarks(processes, env, signal),
    measure: async (pids) => usesOf(await measureAll(), pids),
  };
};
