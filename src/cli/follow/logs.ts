import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { locate } from '../../client/locate.ts';
import { defineError } from '../../lib/errors.ts';
import { shown, withoutControls } from '../../lib/text.ts';
import { plainText } from '../../logs/plain.ts';
import { readLog } from '../../logs/read.ts';
import { tailLog } from '../../logs/tail.ts';
import { placeSince } from '../../logs/times.ts';
import { momentOf } from '../../text/moment.ts';
import { type Flags, type Io, untilInterrupted } from '../io.ts';
import { readOptions } from '../options.ts';
import { jsonText, printReply } from '../print.ts';
import { redactHere } from '../redact.ts';
import { converse } from '../say.ts';
import { lineFilter } from './line-filter.ts';
import { linesOf } from './lines.ts';

const badLimit = defineError('logs/bad-limit', 2, (p: { value: string }) => ({
  message: `--limit ${p.value} is no number of lines.`,
  hint: 'Say how many of the last lines, for example --limit 50.',
}));

const noLog = defineError('daemon/no-log', 3, (p: { file: string }) => ({
  message: `There is no log at ${p.file}: no daemon has run here yet.`,
  hint: 'Start one with "drover daemon start".',
}));

/** What is asked of a log. */
type Wish = {
  readonly follow: boolean;
  readonly keep: (lines: readonly string[]) => readonly string[];
  readonly filtered: boolean;
  /** Only what was printed since, in milliseconds since the epoch. */
  readonly since: number | undefined;
  readonly limit: number | undefined;
};

const limitOf = (value: string | undefined): number | undefined => {
  if (value === undefined) return undefined;
  if (!/^[1-9]\d{0,8}$/u.test(value)) throw badLimit({ value });
  return Number(value);
};

const readWish = (argv: readonly string[], words: number): { wish: Wish; words: readonly string[] } => {
  const read = readOptions(argv, { values: ['grep', 'since', 'limit'], switches: ['follow'], words });
  const { grep, since, limit } = read.values;
  return {
    wish: {
      follow: read.switches.has('follow'),
      filtered: grep !== undefined,
      keep: grep === undefined ? (lines) => lines : lineFilter(grep),
      since: since === undefined ? undefined : momentOf(since, Date.now()),
      limit: limitOf(limit),
    },
    words: read.words,
  };
};

/** Prints as fast as the reader reads. */
const printLines = async (io: Io, lines: readonly string[]): Promise<void> => {
  if (lines.length === 0 || io.stdout.write(`${lines.join('\n')}\n`)) return;
  // Not `once` of events: that would take the end of the reader for a failure of ours.
  await new Promise<void>((resolve) => void io.stdout.once('drain', resolve));
};

/** The last lines of several that come one after the other. */
const openLast = (limit: number) => {
  let kept: string[] = [];
  return {
    add: (lines: readonly string[]): void => {
      kept.push(...lines);
      if (kept.length > 2 * limit) kept = kept.slice(-limit);
    },
    get lines(): readonly string[] {
      return kept.slice(-limit);
    },
  };
};

/** Prints what is wanted of lines that come in pieces: at once, or the last ones at the end. */
const printWanted = async (
  io: Io,
  pieces: AsyncIterable<readonly string[]>,
  { keep, limit, follow }: Wish,
  shown: (line: string) => string,
): Promise<void> => {
  const last = limit === undefined || follow ? undefined : openLast(limit);
  for await (const piece of pieces) {
    const lines = keep(piece);
    if (last) last.add(lines);
    else await printLines(io, lines.map(shown));
  }
  if (last) await printLines(io, last.lines.map(shown));
};

const TAIL_BYTES = 1024 * 1024;

async function* plainPieces(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<readonly string[]> {
  const plain = plainText();
  for await (const chunk of chunks) yield plain.push(chunk);
  yield plain.end();
}

/** The bytes of a log that are wanted: from a time on, the newest, or all, and those to come. */
const bytesOf = async (dir: string, { follow, since, filtered }: Wish, signal: AbortSignal) => {
  const from = since === undefined ? undefined : await placeSince(dir, since);
  const begin = from ? { from } : {};
  if (follow) return tailLog(dir, { tailBytes: from === null ? 0 : TAIL_BYTES, ...begin, signal });
  if (from === null) return readLog(dir, { tailBytes: 0 });
  return readLog(dir, from || filtered ? begin : { tailBytes: TAIL_BYTES });
};

/**
 * `drover logs ID [-f] [--grep R] [--since T] [--limit N]`: what an agent's terminal showed, as text; with -f also what
 * it shows from now on.
 */
export const logs = async (io: Io, flags: Flags, argv: readonly string[]): Promise<number> => {
  const { wish, words } = readWish(argv, 1);
  const simple = !wish.follow && !wish.filtered && wish.since === undefined;
  const limit = simple ? wish.limit : 1;
  const argument = limit === undefined ? [] : [`limit=${limit}`];
  const reply = await converse(io, flags, { argv: ['show', 'log', ...words, ...argument] });
  if (reply.exit !== 0 || simple) return printReply(io, reply, flags);
  const { instance } = reply.data as { instance: string };
  const chunks = await bytesOf(`${locate(io.cwd, io.env).logs}/${instance}`, wish, untilInterrupted());
  const asJson = flags.json || flags.jsonl;
  const redact = await redactHere(io);
  await printWanted(io, plainPieces(chunks), wish, (text) => {
    const line = redact(text);
    return asJson ? jsonText({ instance, line }) : line;
  });
  return 0;
};

const TIME = /^(?<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) /u;

/** Only the lines since a time; one without a time belongs to the one before it. */
const makeRecentFilter = (since: number | undefined) => {
  let open = since === undefined;
  return (line: string): boolean => {
    const { time } = TIME.exec(line)?.groups ?? {};
    if (time !== undefined) open = since === undefined || Date.parse(time) >= since;
    return open;
  };
};

const DAEMON_LINES = 200;

/** The daemon's own log line by line: what was put aside of it first where more than its end is wanted. */
async function* daemonLines(file: string, { follow, filtered, since, limit }: Wish): AsyncGenerator<readonly string[]> {
  const whole = filtered || since !== undefined || (limit ?? 0) > DAEMON_LINES;
  if (whole) yield (await readFile(`${file}.1`, 'utf8').catch(() => '')).split('\n').filter((line) => line !== '');
  const count = whole ? '+1' : String(limit ?? DAEMON_LINES);
  const tail = spawn('tail', ['-n', count, ...(follow ? ['-F'] : []), '--', file], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  untilInterrupted().addEventListener('abort', () => tail.kill());
  try {
    for await (const line of linesOf(tail.stdout)) yield [shown(withoutControls(line))];
  } finally {
    tail.kill();
  }
}

/** `drover daemon logs [-f] [--grep R] [--since T] [--limit N]`: what the daemon wrote down of its own doings. */
export const daemonLogs = async (io: Io, flags: Flags, argv: readonly string[]): Promise<number> => {
  const { wish } = readWish(argv, 0);
  const { daemonLog } = locate(io.cwd, io.env);
  if (!existsSync(daemonLog)) throw noLog({ file: daemonLog });
  const isRecent = makeRecentFilter(wish.since);
  const keep = (lines: readonly string[]) => wish.keep(lines.filter(isRecent));
  const asJson = flags.json || flags.jsonl;
  const shown = (line: string) => (asJson ? jsonText({ line }) : line);
  await printWanted(io, daemonLines(daemonLog, wish), { ...wish, keep }, shown);
  return 0;
};
