import type { View } from '../protocol/frame.ts';

/** What the command line needs of the process, so that a test can be one. */
export type Io = {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  /** False where nobody can be asked although stdin is a terminal. */
  readonly interactive?: boolean;
};

/** Options that every command understands. */
export type Flags = {
  readonly json: boolean;
  readonly jsonl: boolean;
  readonly yes: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly help: boolean;
};

const GLOBAL: Readonly<Record<string, keyof Flags>> = {
  '--json': 'json',
  '--jsonl': 'jsonl',
  '--yes': 'yes',
  '-y': 'yes',
  '--quiet': 'quiet',
  '-q': 'quiet',
  '--verbose': 'verbose',
  '-v': 'verbose',
  '--help': 'help',
  '-h': 'help',
};

/** Takes the global options out of the arguments; behind `--` everything is left as it is. */
export const readFlags = (argv: readonly string[]): { flags: Flags; rest: string[] } => {
  const flags = { json: false, jsonl: false, yes: false, quiet: false, verbose: false, help: false };
  const end = argv.indexOf('--');
  const open = end < 0 ? argv : argv.slice(0, end);
  const rest: string[] = [];
  for (const argument of open) {
    const flag = GLOBAL[argument];
    if (flag) flags[flag] = true;
    else rest.push(argument);
  }
  return { flags, rest: end < 0 ? rest : [...rest, ...argv.slice(end)] };
};

/** How wide the terminal is and whether it takes colours. */
export const viewOf = ({ env, stdout }: Io): View => ({
  columns: stdout.isTTY ? stdout.columns : Number(env['COLUMNS']) || 200,
  color: stdout.isTTY === true && env['NO_COLOR'] === undefined && env['TERM'] !== 'dumb',
});

/** Aborts when the user has had enough: Ctrl-C is the ordinary way to end what follows something, and no failure. */
export const untilInterrupted = (): AbortSignal => {
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  return stop.signal;
};
