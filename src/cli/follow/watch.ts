import { randomUUID } from 'node:crypto';
import type { Connection } from '../../client/connection.ts';
import type { DaemonFrame } from '../../client/daemon-frame.ts';
import { locate } from '../../client/locate.ts';
import { understand } from '../../commands/dispatch.ts';
import { defineError } from '../../lib/errors.ts';
import type { Reply } from '../../ports/swarm.ts';
import type { Flags, Io } from '../io.ts';
import { languageAt } from '../language.ts';
import { isFailure, jsonText, printLine, printNote, printReply } from '../print.ts';
import { requestFor } from '../say.ts';
import { openPicture } from './picture.ts';
import { silenceTeller } from './silence.ts';
import { stayConnected } from './stay-connected.ts';

const notReading = defineError('watch/not-reading', 2, (p: { command: string }) => ({
  message: `"${p.command}" changes something, and what is watched is said again and again.`,
  hint: 'Watch a command that only reads, for example: drover watch status',
}));

/** At most four pictures a second. */
const GAP_MS = 250;
/** A number that no event will have: what happened before is of no interest. */
const ONLY_NEW = Number.MAX_SAFE_INTEGER;

type Shower = {
  show(reply: Reply): void;
  close(): void /** Says something beside what is shown. */;
  note(line: string): void;
};

/** Where nobody looks: each answer that differs from the one before it, as a block or as a line of JSON. */
const openBlocks = (io: Io, flags: Flags): Shower => {
  let last: string | undefined;
  const asJson = flags.json || flags.jsonl;
  return {
    show: (reply) => {
      const text = asJson ? jsonText(reply.data) : reply.text;
      if (text === last) return;
      printLine(io.stdout, last === undefined || asJson ? text : `\n${text}`);
      last = text;
    },
    note: (line) => printLine(io.stderr, `drover: ${line}`),
    close: () => undefined,
  };
};

const openScreen = (io: Io, flags: Flags): Shower => {
  const inPlace = io.stdout.isTTY && io.env['TERM'] !== 'dumb' && !flags.json && !flags.jsonl;
  if (!inPlace) return openBlocks(io, flags);
  const picture = openPicture(io);
  let last = '';
  return {
    show: (reply) => {
      last = reply.text;
      picture.show(last);
    },
    // Below the picture, which the next answer draws anew.
    note: (line) => picture.show(last === '' ? line : `${last}\n${line}`),
    close: picture.close,
  };
};

const ENDS = /[qQ\u0003\u0004]/u;

/** Aborts at Ctrl-C, `q`, or when the system asks us to end. `release` gives the terminal back. */
const openEnd = ({ stdin, stdout }: Io) => {
  const stop = new AbortController();
  const end = () => stop.abort();
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, end);
  // Whoever reads us has had enough.
  stdout.on('error', end);
  const keys = stdin.isTTY && stdout.isTTY;
  const onKey = (chunk: Buffer | string): void => {
    if (ENDS.test(chunk.toString())) end();
  };
  if (keys) {
    stdin.setRawMode?.(true);
    stdin.on('data', onKey);
  }
  return {
    end,
    signal: stop.signal,
    release: (): void => {
      for (const signal of signals) process.off(signal, end);
      stdout.off('error', end);
      if (!keys) return;
      stdin.off('data', onKey);
      stdin.setRawMode?.(false);
      stdin.pause();
    },
  };
};

/** Asks at most so often: at once, or as soon as the answer before is there and the pause is over. */
const openAsker = (send: () => boolean) => {
  let waiting = false;
  let again = false;
  let last = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;
  const askNow = (): void => {
    timer = undefined;
    again = false;
    last = performance.now();
    waiting = send();
  };
  const ask = (): void => {
    if (waiting) again = true;
    else timer ??= setTimeout(askNow, Math.max(0, last + GAP_MS - performance.now()));
  };
  return {
    ask,
    /** The answer has come, or will not come any more. */
    answered: (): void => {
      waiting = false;
      if (again) ask();
    },
    close: () => clearTimeout(timer),
  };
};

/** `drover watch status`: any command that reads, said again whenever something has happened, drawn in place. */
export const watch = async (io: Io, flags: Flags, argv: readonly string[]): Promise<number> => {
  const words = argv.length === 0 ? ['status'] : argv;
  const { command, said } = understand(await languageAt(io), { argv: words });
  if (!command.reads) throw notReading({ command: said });
  const paths = locate(io.cwd, io.env);
  const { COLUMNS: _fixed, ...env } = io.env;
  const live = io.stdout.isTTY ? { ...io, env } : io;
  const end = openEnd(io);
  let connection: Connection | undefined;
  let failure: Reply | undefined;
  let screen: Shower | undefined;
  const asker = openAsker(() => {
    connection?.send({ v: 1, kind: 'run', id: randomUUID(), ...requestFor(live, flags, { argv: words }) });
    return connection !== undefined;
  });
  const show = (reply: Reply): void => {
    if (isFailure(reply.data)) {
      failure = reply;
      end.end();
      return;
    }
    screen ??= openScreen(io, flags);
    screen.show(reply);
  };
  const join = (to: Connection) => {
    connection = to;
    asker.answered();
    to.send({ v: 1, kind: 'subscribe', from: ONLY_NEW });
    asker.ask();
    return (frame: DaemonFrame): void => {
      if (frame.kind === 'events') asker.ask();
      if (frame.kind !== 'reply') return;
      show(frame.reply);
      asker.answered();
    };
  };
  const lost = (): void => {
    connection = undefined;
    // It would stand in the middle of the picture.
    if (!io.stdout.isTTY) printNote(io, flags, 'the daemon is gone, waiting for the next');
  };
  const silent = silenceTeller(paths, (line) => {
    screen ??= openScreen(io, flags);
    screen.note(line);
  });
  io.stdout.on('resize', asker.ask);
  const timer = command.refreshMs === undefined ? undefined : setInterval(asker.ask, command.refreshMs);
  try {
    await stayConnected({ paths, env: io.env, signal: end.signal, lost, silent }, join);
  } finally {
    io.stdout.off('resize', asker.ask);
    clearInterval(timer);
    asker.close();
    screen?.close();
    end.release();
  }
  return failure ? printReply(io, failure, flags) : 0;
};
