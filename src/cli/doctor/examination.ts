import { readFile } from 'node:fs/promises';
import type { Paths } from '../../lib/paths.ts';
import type { Exit, Processes } from '../../ports/index.ts';
import type { Settings } from '../../state/settings.ts';
import type { Io } from '../io.ts';
import { withDeadline } from '../patience.ts';
import { stringEnv } from '../screen/tui-client.ts';
import type { Finding } from './finding.ts';
import { installCommand } from './install-command.ts';

/** A program or part that takes longer than so many milliseconds is said to be silent, unless `--timeout` says otherwise. */
export const USUAL_PATIENCE_MS = 2000;
/** A part gives up what it waits for after this share of its time, so that it can still tell of that. */
export const PATIENCE_SHARE = 0.75;

/** Everything that an examination looks with. Outside of a repository there is no place. */
export type Examination = {
  readonly io: Io;
  readonly env: Readonly<Record<string, string>>;
  readonly place: Paths | undefined;
  /** Undefined where the configuration has a mistake. */
  readonly settings: Settings | undefined;
  /** Whether some layer of the settings names the agent. */
  readonly isAgentChosen: boolean;
  /** How long any part may take, in milliseconds. */
  readonly patience: number;
  /** Bounded in time, whatever a request asks for. */
  readonly processes: Processes;
  readonly install: (program: string) => string;
  readonly now: number;
};

const SILENT: Exit = { code: null, signal: null, stdout: '', stderr: '', timedOut: true };

/** Starts processes as the other does, but each answer comes within the time. */
export const boundProcesses = (processes: Processes, patience: number): Processes => ({
  get started() {
    return processes.started;
  },
  run: (request, signal) => {
    const most = patience * PATIENCE_SHARE;
    const run = processes.run({ ...request, timeoutMs: Math.min(request.timeoutMs ?? most, most) }, signal);
    run.catch(() => undefined);
    return withDeadline(run, SILENT, patience);
  },
  [Symbol.asyncDispose]: () => processes[Symbol.asyncDispose](),
});

type Known = Pick<Examination, 'io' | 'place' | 'settings' | 'isAgentChosen' | 'patience'>;

export const openExamination = async (known: Known, processes: Processes): Promise<Examination> => {
  const env = stringEnv(known.io.env);
  const release = await readFile('/etc/os-release', 'utf8').catch(() => '');
  return {
    ...known,
    env,
    processes: boundProcesses(processes, known.patience),
    install: (program) => installCommand(program, env['PATH'] ?? '', release),
    now: Date.now(),
  };
};

/** Runs a program and gives what it said; null when it is not installed or cannot be run at all. */
export const ask = (examination: Examination, file: string, args: readonly string[]): Promise<Exit | null> =>
  examination.processes.run({ file, args, env: examination.env, maxBytes: 64 * 1024 }).catch(() => null);

/** Examines one part. An error that it throws becomes a finding: no part keeps the others from speaking. */
export type Probe = (examination: Examination) => Promise<readonly Finding[]>;
