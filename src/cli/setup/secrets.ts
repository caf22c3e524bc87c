import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { locate } from '../../client/locate.ts';
import { badSecretValue } from '../../secrets/errors.ts';
import { secretPlaces } from '../../secrets/places.ts';
import { checkedSecretName, openSecrets } from '../../secrets/store.ts';
import { textOf } from '../follow/lines.ts';
import type { Flags, Io } from '../io.ts';
import { missingWord, readOptions } from '../options.ts';
import { jsonText, printLine } from '../print.ts';
import { sayArguments } from '../say.ts';

/** What is shorter could not be told from any other text, and would not be taken out of what is shown. */
const LEAST = 4;
const MOST = 64 * 1024;

/** Asks for a value at the terminal, which does not show what is typed. */
const askHidden = async (io: Io, name: string): Promise<string> => {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: io.stdin, output: nowhere, terminal: true });
  io.stderr.write(`Value of ${name} (it is not shown): `);
  try {
    return await lines.question('');
  } finally {
    lines.close();
    io.stderr.write('\n');
  }
};

const checkedValue = (name: string, value: string): string => {
  const refuse = (why: string): never => {
    throw badSecretValue({ name, why });
  };
  if (value.length < LEAST) refuse(`is shorter than ${LEAST} characters, which could not be told from other text`);
  if (value.length > MOST) refuse(`is longer than ${MOST} characters`);
  if (/^(?:\s*|true|false|null|none|test|main)$/iu.test(value)) refuse('is no secret: it stands in any text');
  return value.includes('\0') ? refuse('holds a NUL, which no variable can') : value;
};

/** `drover secrets set NAME [-]`: the value comes by standard input, and passes no daemon, log or history. */
const set = async (io: Io, flags: Flags, argv: readonly string[]): Promise<number> => {
  const { words } = readOptions(argv, { words: 2 });
  const [given, from] = words;
  if (given === undefined)
    throw missingWord({ command: 'secrets set', what: 'the name of a secret', example: 'drover secrets set github' });
  const name = checkedSecretName(given);
  if (from !== undefined && from !== '-')
    throw badSecretValue({ name, why: 'is not taken from the command line, which the history and "ps" show' });
  const isAsked = from === undefined && io.stdin.isTTY;
  const text = isAsked ? await askHidden(io, name) : (await textOf(io.stdin)).replace(/\r?\n$/u, '');
  const now = () => new Date().toISOString();
  await openSecrets({ ...secretPlaces(locate(io.cwd, io.env), io.env), now }).set(name, checkedValue(name, text));
  if (flags.json || flags.jsonl) printLine(io.stdout, jsonText({ name }, flags.json ? 2 : 0));
  else if (!flags.quiet)
    printLine(io.stdout, `The secret ${name} is kept. A setting names it: agents.claude.env.TOKEN=secret:${name}`);
  return 0;
};

/** Which there are, and forgetting one, is said to the daemon. */
export const secrets = async (io: Io, flags: Flags, argv: readonly string[]): Promise<number> =>
  argv[0] === 'set' ? set(io, flags, argv.slice(1)) : sayArguments(io, flags, ['secrets', ...argv]);
