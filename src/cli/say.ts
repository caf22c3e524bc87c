import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { locate } from '../client/locate.ts';
import { type Ask, ask } from '../client/request.ts';
import { tryConnect } from '../client/start.ts';
import { defineError } from '../lib/errors.ts';
import type { Paths } from '../lib/paths.ts';
import { nearest, shown } from '../lib/text.ts';
import type { Reply } from '../ports/swarm.ts';
import { linesOf, textOf } from './follow/lines.ts';
import { type Flags, GLOBAL_NAMES, type Io, settingsFor, viewOf } from './io.ts';
import { missingOption } from './options.ts';
import { waitForAnswer } from './patience.ts';
import { printLine, printNote, printReply } from './print.ts';
import type { ScriptCommand } from './script.ts';

/** An agent that calls us proves by its token which one it is. */
export const speaker = (env: NodeJS.ProcessEnv): Pick<Ask, 'actor' | 'token'> => {
  const { DROVER_INSTANCE: instance, DROVER_TOKEN: token } = env;
  return instance && token ? { actor: instance, token } : { actor: 'cli' };
};

/** Asks a yes-or-no question on the terminal; no is the default, and the end of the input is a no. */
const askToConfirm = async (io: Io, question: string): Promise<boolean> => {
  // The terminal edits the line by itself, and Ctrl-C stays what it is everywhere.
  const lines = createInterface({ input: io.stdin, output: io.stderr, terminal: false });
  const { promise, resolve } = Promise.withResolvers<string>();
  lines.question(`${question}\nGo on? [y/N] `, resolve);
  void once(lines, 'close').then(() => resolve(''));
  const answer = await promise;
  lines.close();
  return /^y(?:es)?$/iu.test(answer.trim());
};

/** Says on the side whom we talk to. */
const tellDaemon = async (io: Io, flags: Flags, paths: Paths): Promise<void> => {
  if (!flags.verbose) return;
  const running = await tryConnect(paths);
  running?.close();
  printNote(
    io,
    flags,
    running ? `the daemon listens on ${paths.socket}` : `no daemon runs for ${paths.root}: starting one`,
  );
};

/** Says a sentence to the person on the side of what a command prints. */
export const teller =
  (io: Pick<Io, 'stderr'>) =>
  (sentence: string): void =>
    printLine(io.stderr, `drover: ${shown(sentence)}`);

/** What is said to the daemon for one command of this invocation. */
export const requestFor = (io: Io, flags: Flags, what: Pick<Ask, 'text' | 'argv' | 'input'>): Ask => ({
  ...what,
  ...speaker(io.env),
  ...settingsFor(io, flags),
  view: viewOf(io),
  cwd: io.cwd,
  said_at: new Date(io.startedAt ?? Date.now()).toISOString(),
  ...(flags.yes ? { yes: true } : {}),
});

/** Says a command to the daemon; asks on a terminal what has to be confirmed. */
export const converse = async (io: Io, flags: Flags, what: Pick<Ask, 'text' | 'argv' | 'input'>): Promise<Reply> => {
  const paths = locate(io.cwd, io.env);
  await tellDaemon(io, flags, paths);
  const request = requestFor(io, flags, what);
  const say = (frame: Ask): Promise<Reply> =>
    waitForAnswer(io, paths, (signal) => ask(paths, io.env, frame, { signal, tell: teller(io) }));
  const reply = await say(request);
  if (!reply.confirm || io.interactive === false || !io.stdin.isTTY || !(await askToConfirm(io, reply.confirm.loses)))
    return reply;
  return say({ ...request, confirm: reply.confirm.token });
};

const splitAtEnd = (argv: readonly string[]): { open: readonly string[]; literal: readonly string[] } => {
  const end = argv.indexOf('--');
  return end < 0 ? { open: argv, literal: [] } : { open: argv.slice(0, end), literal: argv.slice(end + 1) };
};

/** Where a text is taken, `-` stands for what stdin holds: `drover tell kiro-1 -`, `… --description -`. */
const withStdin = async (io: Io, argv: readonly string[]): Promise<readonly string[]> => {
  const { open, literal } = splitAtEnd(argv);
  const at = open.indexOf('-');
  // What is imported goes beside the words, for it is no part of them.
  if (at < 0 || open.includes('import')) return argv;
  const text = (await textOf(io.stdin)).replace(/\r?\n$/u, '');
  const before = open[at - 1] ?? '';
  const rest = open.slice(at + 1);
  const behind = literal.length > 0 ? ['--', ...literal] : [];
  if (/^--[^=]+$/u.test(before)) return [...open.slice(0, at - 1), `${before}=${text}`, ...rest, ...behind];
  return [...open.slice(0, at), ...rest, '--', ...literal, text];
};

const tooMuch = defineError('cli/too-much-input', 2, (p: { characters: number }) => ({
  message: `The standard input has ${p.characters} characters, which is more than is taken from there.`,
  hint: 'Write it to a file and name that.',
}));

const MOST_INPUT = 3_000_000;

/** `drover tasks import -`: what stdin holds is given along. */
const stdinToImport = async (io: Io, argv: readonly string[]): Promise<Pick<Ask, 'input'>> => {
  const { open } = splitAtEnd(argv);
  if (!open.includes('import') || !open.includes('-')) return {};
  const input = await textOf(io.stdin);
  if (input.length > MOST_INPUT) throw tooMuch({ characters: input.length });
  return { input };
};

/** The language knows no options of the shell: a slip of one of them is named here. */
const withNearestOption = (argv: readonly string[], reply: Reply): Reply => {
  if (reply.exit !== 2 || reply.hint?.includes('Did you mean')) return reply;
  const slip = splitAtEnd(argv).open.find((word) => word.startsWith('--') && reply.message.includes(word));
  const meant = slip === undefined ? undefined : nearest(slip.slice(2).split('=', 1)[0]!, GLOBAL_NAMES);
  return meant === undefined ? reply : { ...reply, hint: `Did you mean --${meant}?` };
};

/** A command in the words of the shell: `instances list --json`. */
export const sayArguments = async (io: Io, flags: Flags, argv: readonly string[]): Promise<number> => {
  const what = { argv: await withStdin(io, argv), ...(await stdinToImport(io, argv)) };
  const reply = await converse(io, flags, what);
  return printReply(io, withNearestOption(argv, reply), flags);
};

/** The commands of a script, each said when it was read. Nobody is there to be asked, and what fails says where it stands. */
const sayScript = async (
  io: Io,
  flags: Flags,
  commands: AsyncIterable<ScriptCommand> | Iterable<ScriptCommand>,
  stop: boolean,
): Promise<number> => {
  const quiet = { ...io, interactive: false };
  const each = { ...flags, json: false, jsonl: flags.jsonl || flags.json };
  let first = 0;
  for await (const { place, text } of commands) {
    printNote(io, flags, `${place}: ${text}`);
    const reply = await converse({ ...quiet, startedAt: Date.now() }, each, { text });
    const exit = printReply(io, reply, each, { whole: true, place: `${place}: ` });
    first ||= exit;
    if (stop && exit !== 0) return exit;
  }
  return first;
};

/** `drover agents list`: in the shell agents are programs that can be launched; in words an agent is an instance. */
export const sayOfAgents = (io: Io, flags: Flags, argv: readonly string[]): Promise<number> =>
  sayArguments(io, flags, [
    argv.length === 0 || argv[0] === 'list' ? 'adapters' : 'agents',
    ...(argv.length === 0 ? ['list'] : argv),
  ]);

/** `drover sessions`: what another user shares is joined by its path; all else the daemon is asked. */
export const sayOfSessions = async (io: Io, flags: Flags, argv: readonly string[]): Promise<number> => {
  const [verb, path = '/'] = argv;
  if (verb !== 'join' || !path.startsWith('/')) return sayArguments(io, flags, ['sessions', ...argv]);
  const { join } = await import('./share/join.ts');
  return join(io, flags, argv.slice(1));
};

/** `drover timeline`: who did what when. */
export const sayTimeline = (io: Io, flags: Flags, argv: readonly string[]): Promise<number> =>
  sayArguments(io, flags, ['timeline', 'show', ...argv]);

/** The file that `--file=PATH` or `--file PATH` names, where nothing else is said. */
const fileOf = ([first, second, ...others]: readonly string[]): string | undefined => {
  if (others.length > 0) return undefined;
  return first === '--file'
    ? second
    : second === undefined
      ? /^--file=(?<file>.+)$/su.exec(first ?? '')?.groups?.['file']
      : undefined;
};

/**
 * `drover do "<text>"`, or a script: a text of several lines, `--file=PATH`, or `drover do -` from stdin. One command a
 * line or between `;`, `#` begins a comment. A script goes on after a failure, unless `--stop` is said; its exit code is
 * that of the first one.
 */
export const sayText = async (io: Io, flags: Flags, words: readonly string[]): Promise<number> => {
  const text = words[0] === '--' ? words.slice(1).join(' ') : words.join(' ');
  const script = words.filter((word) => word !== '--stop');
  const stop = script.length < words.length;
  const file = fileOf(script);
  if (file === undefined && script.length === 1 && /^--file=?$/u.test(script[0]!)) throw missingOption('file');
  if (file !== undefined || (script.length === 1 && script[0] === '-')) {
    const { commandsIn, linesOfFile } = await import('./script.ts');
    return sayScript(io, flags, commandsIn(file === undefined ? linesOf(io.stdin) : await linesOfFile(io, file)), stop);
  }
  if (text === '') {
    printLine(io.stderr, 'drover: do needs a command in words, for example: drover do "status swarm"');
    return 2;
  }
  const said =
    script.length === 1 && script[0]!.trim().includes('\n')
      ? await (await import('./script.ts')).commandsOfText(io, script[0]!)
      : text;
  if (typeof said !== 'string') return sayScript(io, flags, said, stop);
  return printReply(io, await converse(io, flags, { text: said }), flags, { whole: true });
};
