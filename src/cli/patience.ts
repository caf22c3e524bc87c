import { silentDaemon } from '../client/errors.ts';
import { pidOfDaemon, pidOfHolder } from '../client/gone.ts';
import { isHeard } from '../client/request.ts';
import type { Paths } from '../lib/paths.ts';
import type { Io } from './io.ts';
import { printLine } from './print.ts';

/** How long a daemon may be silent until that is said, and until it is given up, in milliseconds. */
const USUAL = { noticeMs: 2000, giveUpMs: 30_000 };
/** Who wants to know how the daemon is has its answer sooner. */
const HEALTH_GIVE_UP_MS = 10_000;
/** Whether anybody is there is asked this often until the silence is said. */
const QUESTIONS = 4;

/** Resolves with what the work gives, or with `late` when the time is over; the work itself goes on unseen. */
export const withDeadline = async <T, L>(work: Promise<T>, late: L, ms: number): Promise<T | L> => {
  const { promise, resolve } = Promise.withResolvers<L>();
  const timer = setTimeout(() => resolve(late), ms);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
};

const LATE = Symbol('late');

/** Asks on the side whether the daemon hears anything, one question at a time, and says since when it does not. */
const makeListening = (paths: Paths, signal: AbortSignal) => {
  let heardAt = performance.now();
  let isAsking = false;
  const ask = async (): Promise<void> => {
    isAsking = true;
    // Where nobody listens one is being started, or has just ended: whoever asks it hears that himself.
    await isHeard(paths, signal).catch(() => undefined);
    isAsking = false;
    heardAt = performance.now();
  };
  return {
    ask: (): void => {
      if (!isAsking) void ask();
    },
    silentMs: (): number => performance.now() - heardAt,
  };
};

const tellSilence = async (io: Io, paths: Paths, ms: number): Promise<void> => {
  const pid = await pidOfDaemon(paths);
  printLine(
    io.stderr,
    `drover: Waiting for the daemon (process ${pid ?? 'unknown'}), which has not answered for ${ms / 1000} s; "drover health" says what to do.`,
  );
};

/**
 * Waits for the answer of a daemon, however long it works on it. Whether it is there is asked on the side: one that does not
 * even answer that is named on stderr, and given up when it goes on being silent.
 */
export const waitForAnswer = async <T>(
  io: Io,
  paths: Paths,
  ask: (signal: AbortSignal) => Promise<T>,
  { noticeMs, giveUpMs } = io.patience ?? USUAL,
): Promise<T> => {
  const stop = new AbortController();
  const answer = ask(stop.signal);
  const listening = makeListening(paths, stop.signal);
  let isTold = false;
  try {
    for (;;) {
      const early = await withDeadline(answer, LATE, Math.max(1, noticeMs / QUESTIONS));
      if (early !== LATE) return early;
      listening.ask();
      if (listening.silentMs() >= giveUpMs)
        throw silentDaemon({ pid: await pidOfHolder(paths), seconds: giveUpMs / 1000 });
      if (isTold || listening.silentMs() < noticeMs) continue;
      isTold = true;
      await tellSilence(io, paths, noticeMs);
    }
  } finally {
    stop.abort();
  }
};

/** The same for who wants to know how the daemon is. */
export const waitForHealth: typeof waitForAnswer = (io, paths, ask) =>
  waitForAnswer(io, paths, ask, io.patience ?? { ...USUAL, giveUpMs: HEALTH_GIVE_UP_MS });
