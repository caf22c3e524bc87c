import { createInterface } from 'node:readline';
import { locate } from '../../client/locate.ts';
import { languageOf } from '../../commands/language.ts';
import { openReplica, type Replica } from '../../client/replica.ts';
import { AppError, asSentence } from '../../lib/errors.ts';
import { shown } from '../../lib/text.ts';
import type { Reply } from '../../ports/swarm.ts';
import type { State } from '../../state/index.ts';
import { asciiGlyph } from '../../tui/compositor/ascii.ts';
import { isPlainLocale } from '../../tui/theme/looks.ts';
import type { Paths } from '../../lib/paths.ts';
import { silenceTeller } from '../follow/silence.ts';
import { type Io, viewOf } from '../io.ts';
import { waitForAnswer } from '../patience.ts';
import { openLiveSettings } from './live-settings.ts';
import { plainChanges, plainStatus, type Reader } from './plain-lines.ts';
import { lookoutOf } from './surroundings.ts';
import { reader } from './tui-client.ts';

/** What ends a program from outside, with the exit code that says so. */
const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
const NOBODY_READS = 141;
/** Changes within this time, in milliseconds, are told in one go. */
const GATHER_MS = 200;
const LEAVE = new Set(['q', 'quit', 'exit']);

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Prints lines, each with the time of the day; in plain characters where the terminal has no others. */
const openPrinter = ({ env, stdout }: Pick<Io, 'env' | 'stdout'>) => {
  const plain = isPlainLocale(env);
  const printable = (text: string): string =>
    plain
      ? [...graphemes.segment(text)].map(({ segment }) => (segment === '\n' ? '\n' : asciiGlyph(segment))).join('')
      : text;
  const clock = (): string => new Date().toTimeString().slice(0, 8);
  return {
    say: (text: string): void => void stdout.write(`${printable(shown(text))}\n`),
    tell: (lines: readonly string[]): void => {
      for (const line of lines) stdout.write(`${clock()} ${printable(shown(line))}\n`);
    },
  };
};

type Printer = ReturnType<typeof openPrinter>;

/** Tells what changes, and when the daemon comes and goes. */
const followChanges = (replica: Replica, paths: Paths, { tell }: Printer, reads: () => Reader): (() => void) => {
  let told: State = replica.state;
  let connected = true;
  let silentSince: number | null = null;
  const tellSilence = silenceTeller(paths, (line) => tell([line]));
  let timer: NodeJS.Timeout | undefined;
  const look = (): void => {
    timer = undefined;
    if (replica.connected !== connected) {
      connected = replica.connected;
      tell([
        connected
          ? 'connected to the daemon again'
          : 'no connection to the daemon; what follows is told when it is back',
      ]);
    }
    if ((replica.silentSince === null) !== (silentSince === null)) {
      silentSince = replica.silentSince;
      if (silentSince !== null || connected) tellSilence(silentSince);
    }
    const before = told;
    told = replica.state;
    tell(plainChanges(before, told, reads()));
  };
  const unsubscribe = replica.subscribe(() => {
    timer ??= setTimeout(look, GATHER_MS);
  });
  return () => {
    clearTimeout(timer);
    unsubscribe();
  };
};

type Asked = { readonly command: string; readonly token: string };

/** Carries out typed lines, one after the other; a command that destroys something is asked about first. */
const makeCommander = (replica: Replica, { say }: Printer) => {
  let asked: Asked | undefined;
  const answer = (command: string, { exit, text, message, hint, confirm }: Reply): void => {
    if (confirm) {
      asked = { command, token: confirm.token };
      say([`${command}: ${confirm.loses}`, ...confirm.targets.map((target) => `- ${target}`)].join('\n'));
      say('Type yes to do it, anything else not to.');
    } else if (exit === 0) say(text);
    else say(`${asSentence(message)}${hint === null ? '' : ` ${hint}`}`);
  };
  /** The command that a line runs; undefined where it is empty, or says No to what was asked. */
  const commandIn = (line: string): { text: string; options: { confirm?: string } } | undefined => {
    const question = asked;
    asked = undefined;
    if (!question) return line === '' ? undefined : { text: line, options: {} };
    if (line === 'yes') return { text: question.command, options: { confirm: question.token } };
    say(`Not done: ${question.command}`);
    return undefined;
  };
  return async (line: string): Promise<void> => {
    const command = commandIn(line);
    if (!command) return;
    try {
      answer(command.text, await replica.run(command.text, command.options));
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      say(`${asSentence(error.message)} ${error.hint}`);
    }
  };
};

/** Resolves with the exit code when the person, the system or the end of the input ends it. */
const waitUntilLeft = async ({ stdin, stdout }: Io, run: (line: string) => Promise<void>): Promise<number> => {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const listeners = Object.entries(SIGNALS).map(([signal, code]) => [signal, () => resolve(code)] as const);
  const unread = (): void => resolve(NOBODY_READS);
  const lines = createInterface({ input: stdin, terminal: false });
  let last: Promise<unknown> = Promise.resolve();
  for (const [signal, listener] of listeners) process.on(signal, listener);
  stdout.on('error', unread);
  lines.on('line', (line) => {
    const text = line.trim();
    last = last.then(() => (LEAVE.has(text) ? resolve(0) : run(text))).catch(reject);
  });
  lines.on('close', () => void last.then(() => resolve(0)));
  try {
    return await promise;
  } finally {
    for (const [signal, listener] of listeners) process.off(signal, listener);
    stdout.off('error', unread);
    lines.close();
  }
};

/** `drover` on a terminal that cannot move its cursor: what happens is told line by line, and commands can be typed. */
export const openPlainView = async (io: Io): Promise<number> => {
  const paths = locate(io.cwd, io.env);
  const printer = openPrinter(io);
  const options = { paths, env: io.env, view: () => viewOf(io), actor: 'tui', tell: printer.say };
  const replica = await waitForAnswer(io, paths, (signal) => openReplica({ ...options, signal }));
  const live = await openLiveSettings(paths, io.env);
  const maySay = reader(replica, () => languageOf(live.settings, live.layers));
  const surroundings = await lookoutOf(replica, paths.root, live, io.env['PATH'] ?? '');
  const reads = (): Reader => ({
    ...{ maySay: maySay(), surroundings: surroundings() },
    now: new Date().toISOString(),
  });
  try {
    printer.say((await replica.run('status swarm')).message);
    printer.tell(plainStatus(replica.state, reads()));
    printer.say('Type a command, or q to leave; the agents go on.');
    const stop = followChanges(replica, paths, printer, reads);
    try {
      return await waitUntilLeft(io, makeCommander(replica, printer));
    } finally {
      stop();
    }
  } finally {
    live.close();
    replica.close();
  }
};
