import { oneLine } from '../lib/text.ts';
import type { Processes } from '../ports/index.ts';
import {
  exitUnattached,
  noServer,
  socketTooLong,
  targetMissing,
  tmuxFailed,
  tmuxMissing,
  tmuxSilent,
  tooLong,
} from './errors.ts';
import { argumentsOf, type TmuxCommand } from './quote.ts';

/** What an invocation printed. `failure` is null when every command of it succeeded. */
type Answer = {
  readonly stdout: string;
  readonly stderr: string;
  readonly failure: Error | null;
  /** There is no server at all, which is not a failure for those who only look. */
  readonly noServer: boolean;
};

type RunOptions = { readonly input?: string };

/** Runs commands on one server: `ask` tells how it went, `run` rejects when anything failed. */
export type TmuxRunner = {
  ask(commands: readonly TmuxCommand[], options?: RunOptions): Promise<Answer>;
  run(commands: readonly TmuxCommand[], options?: RunOptions): Promise<string>;
  /** What the program itself says about its version, e.g. `tmux 3.3a`. */
  program(): Promise<string>;
};

export type RunnerOptions = {
  readonly processes: Processes;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Name of a server of its own; without one it is the user's default server. */
  readonly socket?: string;
  readonly socketPath?: string;
};

/** A word that is no command of tmux: an invocation ends with it, before anything happened, on a server we refuse. */
export const REFUSED = 'drover-exit-unattached';

// tmux refuses commands beyond 16 KiB, terminators and a header included.
const MAX_BYTES = 16_000;
const TIMEOUT_MS = 15_000;
// A server that is about to end, because its last session did, still takes connections for a moment; one that a person's
// configuration keeps without any session (exit-empty off) does so for good. There is no target on either.
const NO_SERVER =
  /no server running on|server exited|lost server|no current target|error connecting to .*(?:No such file|Connection refused)/u;
const TOO_LONG = /error (?:connecting to|creating) (?<path>.*) \(File name too long\)/u;
const NOT_FOUND = /(?:can't find|no such) (?:pane|session|window)[^:]*: (?<target>.*)/u;

const failureOf = (stderr: string): Error => {
  const target = NOT_FOUND.exec(stderr)?.groups?.['target'];
  if (target !== undefined) return targetMissing({ target: oneLine(target) });
  if (stderr.includes(REFUSED)) return exitUnattached();
  const path = TOO_LONG.exec(stderr)?.groups?.['path'];
  if (path !== undefined) return socketTooLong({ path: oneLine(path) });
  if (NO_SERVER.test(stderr)) return noServer();
  return tmuxFailed({ reason: oneLine(stderr) });
};

// Inside of tmux these would choose that server instead of the default one.
const cleaned = (env: RunnerOptions['env']): Record<string, string> =>
  Object.fromEntries(
    Object.entries(env).flatMap(([key, value]) =>
      value === undefined || key === 'TMUX' || key === 'TMUX_PANE' ? [] : [[key, value]],
    ),
  );

const serverArguments = ({ socket, socketPath }: RunnerOptions): readonly string[] =>
  socketPath !== undefined ? ['-S', socketPath] : socket !== undefined ? ['-L', socket] : [];

/** The one place that starts tmux. */
export const tmuxRunner = (options: RunnerOptions): TmuxRunner => {
  const env = cleaned(options.env);
  const start = async (args: readonly string[], input?: string) => {
    const exit = await options.processes
      .run({ file: 'tmux', args, env, timeoutMs: TIMEOUT_MS, ...(input === undefined ? {} : { input }) })
      .catch((error: unknown) => {
        if (error instanceof Error && 'code' in error && error.code === 'process/missing')
          throw tmuxMissing(undefined, error);
        throw error;
      });
    if (exit.timedOut) throw tmuxSilent();
    return exit;
  };

  const ask: TmuxRunner['ask'] = async (commands, { input } = {}) => {
    const args = argumentsOf(commands);
    const bytes = args.reduce((sum, text) => sum + Buffer.byteLength(text) + 1, 0);
    if (bytes > MAX_BYTES) throw tooLong({ bytes });
    const { code, stdout, stderr } = await start(['-u', ...serverArguments(options), ...args], input);
    return {
      stdout,
      stderr,
      failure: code === 0 ? null : failureOf(stderr),
      noServer: code !== 0 && NO_SERVER.test(stderr),
    };
  };

  return {
    ask,
    run: async (commands, runOptions) => {
      const { stdout, failure } = await ask(commands, runOptions);
      if (failure) throw failure;
      return stdout;
    },
    program: async () => (await start(['-V'])).stdout,
  };
};
