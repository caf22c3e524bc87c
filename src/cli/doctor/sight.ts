import { readFile } from 'node:fs/promises';
import type { Paths } from '../../lib/paths.ts';
import type { Exit, Processes } from '../../ports/index.ts';
import type { Settings } from '../../state/settings.ts';
import type { Io } from '../io.ts';
import { stringEnv } from '../screen/tui-client.ts';
import type { Finding } from './finding.ts';
import { installCommand } from './install-command.ts';

/** What takes longer than so many milliseconds is said to be silent. */
export const USUAL_PATIENCE_MS = 2000;
/** What a part waits for is given up a little before the part itself is. */
export const SHARE = 0.75;

/** Everything that the examination looks with. Outside of a repository there is no place. */
export type Sight = {
  readonly io: Io;
  readonly env: Readonly<Record<string, string>>;
  readonly place: Paths | undefined;
  /** Undefined where the configuration has a mistake. */
  readonly settings: Settings | undefined;
  /** How long any part may take, in milliseconds. */
  readonly patience: number;
  /** Bounded in time, whatever a request asks for. */
  readonly processes: Processes;
  readonly install: (program: string) => string;
  readonly now: number;
};

/** The value, or the other one when it does not come in time. The work goes on unseen. */
export const within = async <T, L>(work: Promise<T>, late: L, ms = USUAL_PATIENCE_MS): Promise<T | L> => {
  const { promise, resolve } = Promise.withResolvers<L>();
  const timer = setTimeout(() => resolve(late), ms);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
};

const SILENT: Exit = { code: null, signal: null, stdout: '', stderr: '', timedOut: true };

/** The same, but every answer comes within the time. */
export const bounded = (processes: Processes, patience: number): Processes => ({
  get started() {
    return processes.started;
  },
  run: (request, signal) => {
    const most = patience * SHARE;
    const run = processes.run({ ...request, timeoutMs: Math.min(request.timeoutMs ?? most, most) }, signal);
    run.catch(() => undefined);
    return within(run, SILENT, patience);
  },
  [Symbol.asyncDispose]: () => processes[Symbol.asyncDispose](),
});

type Known = Pick<Sight, 'io' | 'place' | 'settings' | 'patience'>;

export const openSight = async (known: Known, processes: Processes): Promise<Sight> => {
  const env = stringEnv(known.io.env);
  const release = await readFile('/etc/os-release', 'utf8').catch(() => '');
  return {
    ...known,
    env,
    processes: bounded(processes, known.patience),
    install: (program) => installCommand(program, env['PATH'] ?? '', release),
    now: Date.now(),
  };
};

/** What a program said; null when it is not there or cannot be run at all. */
export const ask = (sight: Sight, file: string, args: readonly string[]): Promise<Exit | null> =>
  sight.processes.run({ file, args, env: sight.env, maxBytes: 64 * 1024 }).catch(() => null);

/** A part of the examination. What it throws is a finding too: no part keeps the others from speaking. */
export type Probe = (sight: Sight) => Promise<readonly Finding[]>;
