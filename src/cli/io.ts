import { entryOf } from '../lib/entry.ts';
import type { OutputFormat, RequestSettings } from '../protocol/frame.ts';
import { missingValue, unknownOption } from './options.ts';

/** What the command line needs of the process, so that a test can be one. */
export type Io = {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  /** When the command was typed, in milliseconds since 1970, where that is not now. */
  readonly startedAt?: number;
  /** False where nobody can be asked although stdin is a terminal. */
  readonly interactive?: boolean;
  /** How long a silent daemon is waited for, in milliseconds, where it is not as long as usual. */
  readonly patience?: { readonly noticeMs: number; readonly giveUpMs: number };
};

/** Options that every command understands. */
export type Flags = {
  readonly json: boolean;
  readonly jsonl: boolean;
  readonly yes: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly help: boolean;
  /** `key=value` pairs that hold for this invocation only. */
  readonly settings: readonly string[];
  /** What of the repository's file is trusted before the command is said, by its hash. */
  readonly trust?: string;
};

type Switch = Exclude<keyof Flags, 'settings' | 'trust'>;

const GLOBAL: Readonly<Record<string, Switch>> = {
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

/** The long names of the options that every command understands, without their dashes. */
export const GLOBAL_NAMES: readonly string[] = [
  ...Object.keys(GLOBAL)
    .filter((name) => name.startsWith('--'))
    .map((name) => name.slice(2)),
  'config',
  'trust',
  'version',
];

const SETTING = /^(?:-c|--config)(?:=(?<value>.*))?$/su;
const TRUST = /^--trust(?:=(?<value>.*))?$/su;

/** The value of an option, which may be the next argument; undefined for any other argument. */
const takeValue = (option: RegExp, argument: string, following: string[], hint: string): string | undefined => {
  const found = option.exec(argument);
  if (!found) return undefined;
  const value = found.groups?.['value'] ?? following.shift();
  if (value === undefined) throw missingValue({ option: argument, hint });
  return value;
};

/** Takes the global options out of the arguments; behind `--` everything is left as it is. */
export const readFlags = (argv: readonly string[]): { flags: Flags; rest: string[] } => {
  const flags = { json: false, jsonl: false, yes: false, quiet: false, verbose: false, help: false };
  const settings: string[] = [];
  let trust: string | undefined;
  const end = argv.indexOf('--');
  const open = end < 0 ? [...argv] : argv.slice(0, end);
  const rest: string[] = [];
  for (let argument = open.shift(); argument !== undefined; argument = open.shift()) {
    const flag = entryOf(GLOBAL, argument);
    const setting = takeValue(SETTING, argument, open, `For example: ${argument} agent=claude`);
    const hash = takeValue(TRUST, argument, open, 'It is the hash that this shows: drover trust');
    if (flag) flags[flag] = true;
    else if (hash !== undefined) trust = hash;
    else if (setting !== undefined) settings.push(setting);
    else rest.push(argument);
  }
  const [first = ''] = rest;
  if (/^-./u.test(first) && first !== '--version') throw unknownOption(first, GLOBAL_NAMES);
  const given = { ...flags, settings, ...(trust === undefined ? {} : { trust }) };
  return { flags: given, rest: end < 0 ? rest : [...rest, ...argv.slice(end)] };
};

/** Words of our own that are no settings, and what an agent proves itself by. */
const NO_SETTINGS = /^DROVER_(?:INSTANCE|TOKEN|SPOOL|HOOK|REHEARSAL_)/u;

/** The settings that an invocation brings along: its options, and what its environment says. */
export const settingsFor = ({ env }: Pick<Io, 'env'>, flags: Flags): { settings?: RequestSettings } => {
  const own = Object.entries(env).filter(
    (pair): pair is [string, string] =>
      pair[1] !== undefined && /^DROVER_/u.test(pair[0]) && !NO_SETTINGS.test(pair[0]),
  );
  if (own.length === 0 && flags.settings.length === 0) return {};
  return { settings: { flags: flags.settings, env: Object.fromEntries(own) } };
};

/** Where nobody looks nothing is cut: as wide as any line is. */
const UNCUT = 100_000;
const USUAL = 80;

const columnsOf = ({ env, stdout }: Pick<Io, 'env' | 'stdout'>): number => {
  const told = Number(env['COLUMNS']);
  if (Number.isInteger(told) && told > 0) return Math.min(told, UNCUT);
  return stdout.isTTY ? stdout.columns || USUAL : UNCUT;
};

const colorOf = ({ env, stdout }: Pick<Io, 'env' | 'stdout'>): boolean => {
  if (env['NO_COLOR']) return false;
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined && forced !== '') return forced !== '0' && forced !== 'false';
  return stdout.isTTY === true && env['TERM'] !== 'dumb';
};

/** How wide the terminal is and whether it takes colours. */
export const viewOf = (io: Pick<Io, 'env' | 'stdout'>): OutputFormat => ({
  columns: columnsOf(io),
  color: colorOf(io),
});

/** Aborts when the user has had enough: Ctrl-C is the ordinary way to end what follows something, and no failure. */
export const untilInterrupted = (): AbortSignal => {
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  return stop.signal;
};
