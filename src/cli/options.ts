import { type AppError, defineError } from '../lib/errors.ts';
import { nearest } from '../lib/text.ts';

const noSuchOption = defineError('cli/unknown-option', 2, (p: { option: string; meant?: string | undefined }) => ({
  message: `There is no option ${p.option} here.`,
  hint: p.meant ? `Did you mean --${p.meant}?` : 'See --help.',
}));

/** The refusal of an option, with the nearest of those there are. */
export const unknownOption = (option: string, known: readonly string[]): AppError => {
  const name = option.replace(/^-+/u, '').split('=', 1)[0]!;
  const begun = name.length > 2 ? known.filter((one) => one.startsWith(name)) : [];
  return noSuchOption({ option, meant: nearest(name, known) ?? (begun.length === 1 ? begun[0] : undefined) });
};

/** A value of each option that takes one. */
export const OPTION_EXAMPLES: Readonly<Record<string, string>> = {
  agent: 'rehearsal',
  cert: 'cert.pem',
  expires: '30d',
  'fail-rate': '0.1',
  file: 'commands.txt',
  from: '1',
  grep: 'error',
  host: '127.0.0.1',
  instances: '5',
  keep: './trial',
  key: 'key.pem',
  limit: '50',
  name: 'laptop',
  policy: 'kiro',
  port: '7070',
  role: 'viewer',
  seed: '1',
  since: '10m',
  'task-ms': '200..800',
  timeout: '30s',
  type: 'run.failed',
};

export const missingValue = defineError('cli/missing-value', 2, (p: { option: string; hint: string }) => ({
  message: `${p.option} needs a value.`,
  hint: p.hint,
}));

/** The refusal of a command that lacks a word; the example is a whole line of a shell. */
export const missingWord = defineError(
  'cli/missing-word',
  2,
  (p: { command: string; what: string } & ({ example: string } | { hint: string })) => ({
    message: `"drover ${p.command}" needs ${p.what}.`,
    hint: 'hint' in p ? p.hint : `For example: ${p.example}`,
  }),
);

/** The refusal of an option without its value, with one that it takes. */
export const missingOption = (name: string): AppError =>
  missingValue({ option: `--${name}`, hint: `For example: --${name}=${OPTION_EXAMPLES[name] ?? '…'}` });

const noValue = defineError('cli/no-value', 2, (p: { option: string; value: string }) => ({
  message: `${p.option} takes no value, and "${p.value}" was given.`,
  hint: `Say ${p.option} alone.`,
}));

export const unknownWord = defineError('cli/unknown-word', 2, (p: { word: string }) => ({
  message: `"${p.word}" is one word too many here.`,
  hint: 'See --help; words with blanks in them need quotes.',
}));

/** What a command takes: options with a value, options without one, and how many words. */
type Accepts = { readonly values?: readonly string[]; readonly switches?: readonly string[]; readonly words?: number };

/** What every command understands; it is taken out before, so only a slip of it arrives here. */
const OTHERS = ['json', 'jsonl', 'yes', 'quiet', 'verbose', 'help', 'config'];

type Options = { values: Readonly<Record<string, string>>; switches: ReadonlySet<string>; words: readonly string[] };

/** `-f` is short for `--follow`, and so on. */
const SHORT: Readonly<Record<string, string>> = { '-f': '--follow', '-n': '--limit' };

/** Reads one option that begins with a dash; a value that does not stand behind `=` is taken from what follows. */
const readOption = (
  said: string,
  following: string[],
  { values: names = [], switches = [] }: Accepts,
): { readonly name: string; readonly value: string | null } => {
  const option = SHORT[said] ?? said;
  const { name = '', value } = /^--(?<name>[^=]+)(?:=(?<value>.*))?$/su.exec(option)?.groups ?? {};
  if (switches.includes(name)) {
    if (value !== undefined) throw noValue({ option: `--${name}`, value });
    return { name, value: null };
  }
  if (!names.includes(name)) throw unknownOption(said, [...names, ...switches, ...OTHERS]);
  const given = value ?? following.shift();
  if (given === undefined) throw missingOption(name);
  return { name, value: given };
};

/** Reads `--name value`, `--name=value`, `--switch` and words; behind `--` all are words. What is not named is an error. */
export const readOptions = (argv: readonly string[], accepts: Accepts): Options => {
  const { words: most = 0 } = accepts;
  const values: Record<string, string> = {};
  const switches = new Set<string>();
  const words: string[] = [];
  const left = [...argv];
  for (let next = left.shift(); next !== undefined; next = left.shift()) {
    if (next === '--') {
      words.push(...left.splice(0));
      break;
    }
    if (!/^-./u.test(next)) {
      words.push(next);
      continue;
    }
    const { name, value } = readOption(next, left, accepts);
    if (value === null) switches.add(name);
    else values[name] = value;
  }
  if (words.length > most) throw unknownWord({ word: words[most]! });
  return { values, switches, words };
};
