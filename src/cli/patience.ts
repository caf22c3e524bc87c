import { silentDaemon } from '../client/errors.ts';
import { pidOfDaemon } from '../client/gone.ts';
import type { Paths } from '../lib/paths.ts';
import type { Io } from './io.ts';
import { printLine } from './print.ts';

/** How long a daemon may be silent until that is said, and until who asks for its health gives up, in milliseconds. */
const USUAL = { noticeMs: 5000, giveUpMs: 10_000 };

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

/** Waits for the answer of a daemon to something that only reads; says once on stderr that the daemon is silent. */
export const waitForAnswer = async <T>(io: Io, paths: Paths, answer: Promise<T>): Promise<T> => {
  const { noticeMs } = io.patience ?? USUAL;
  const early = await withDeadline(answer, LATE, noticeMs);
  if (early !== LATE) return early;
  const pid = await pidOfDaemon(paths);
  printLine(
    io.stderr,
    `drover: The daemon (process ${pid ?? 'unknown'}) has not answered for ${noticeMs / 1000} s; "drover health" says what to do.`,
  );
  return answer;
};

/** The same for who wants to know how the daemon is: one that goes on being silent is given up. */
export const waitForHealth = async <T>(io: Io, paths: Paths, answer: Promise<T>): Promise<T> => {
  const { giveUpMs } = io.patience ?? USUAL;
  const found = await withDeadline(waitForAnswer(io, paths, answer), LATE, giveUpMs);
  if (found === LATE) throw silentDaemon({ pid: await pidOfDaemon(paths), seconds: giveUpMs / 1000 });
  return found;
};

/** The words for commands that only read and do not wait for anything. */
const READING: ReadonlySet<string> = new Set(['status', 'list', 'show', 'health']);

/** Whether a command only reads, as its first words say: `status swarm`, `instances list`. */
export const isReading = ({
  argv,
  text = '',
}: {
  argv?: readonly string[] | undefined;
  text?: string | undefined;
}): boolean => (argv ?? text.trim().split(/\s+/u)).slice(0, 2).some((word) => READING.has(word));
