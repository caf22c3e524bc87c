import { setTimeout as pause } from 'node:timers/promises';
import { asSentence, messageOf } from '../../lib/errors.ts';
import type { Health, Reflective } from '../../ports/reflective.ts';
import { untilBeat } from './beat.ts';

/** A part that works by itself until the daemon ends. */
export type Service = Reflective & {
  /** Resolves when the daemon ends and the last of the work is done. */
  readonly done: Promise<void>;
};

/** A round that takes this many times as long as the pause between two, and at least so many milliseconds, hangs. */
const HANGING_PAUSES = 10;
const HANGING_MS = 30_000;

export type RoundsOptions = {
  /** The words before the reason when a round fails, in the daemon's log; without any the reason stands alone. */
  readonly complaint?: string;
  /** What the log is told of a failure; its message, if nothing else is said. */
  readonly wordsOf?: (error: unknown) => string;
  /** The longest pause between two rounds, in milliseconds. */
  readonly everyMs: number;
  readonly log: (line: string) => void;
  /** What fails after the daemon has begun to end is no failure. */
  readonly signal: AbortSignal;
};

export type Rounds = {
  /** Works a round; never rejects. A failure is told in the log when it is not the one of the round before. */
  work(round: () => Promise<unknown> | undefined): Promise<void>;
  /** Degraded from a round that failed to the next one that does not, failed while one hangs. */
  health(): Health;
};

/** Knows how the rounds of a part went that does the same again and again. */
export const makeRounds = ({ complaint, wordsOf = messageOf, everyMs, log, signal }: RoundsOptions): Rounds => {
  let rounds = 0;
  let failures = 0;
  let failure: string | null = null;
  let begun: number | undefined;
  let ended: number | undefined;
  const noteFailure = (error: unknown): void => {
    if (signal.aborted) return;
    const why = messageOf(error);
    if (why !== failure) log(`${complaint === undefined ? '' : `${complaint}: `}${wordsOf(error)}`);
    failure = why;
    failures += 1;
  };
  return {
    work: async (round) => {
      begun = performance.now();
      try {
        await round();
        failure = null;
      } catch (error) {
        noteFailure(error);
      }
      begun = undefined;
      ended = performance.now();
      rounds += 1;
    },
    health: () => {
      const now = performance.now();
      const lastAgo = ended === undefined ? null : Math.round(now - ended);
      const indicators = { rounds, failures, last_round_ms_ago: lastAgo };
      const since = begun === undefined ? 0 : now - begun;
      if (since > Math.max(HANGING_MS, HANGING_PAUSES * everyMs))
        return { state: 'failed', why: `A round has not ended for ${Math.round(since / 1000)} s.`, indicators };
      return { state: failure === null ? 'ok' : 'degraded', why: failure && asSentence(failure), indicators };
    },
  };
};

type Repeated = Omit<RoundsOptions, 'everyMs'> &
  Pick<Reflective, 'name' | 'capabilities'> & {
    readonly everyMs: number;
    /** How long the pause is now, where that changes. */
    readonly pauseMs?: () => number;
  };

/** Does the same again and again, at a beat that all have in common, until the daemon ends. */
export const repeatRounds = (options: Repeated, round: () => Promise<unknown> | undefined): Service => {
  const { name, capabilities, everyMs, pauseMs = () => everyMs, signal } = options;
  const rounds = makeRounds(options);
  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      const begun = performance.now();
      await rounds.work(round);
      const ms = pauseMs();
      // What takes long has its rest all the same.
      const isLong = performance.now() - begun > ms / 2;
      await pause(isLong ? ms : untilBeat(ms), undefined, { signal, ref: false }).catch(() => undefined);
    }
  };
  return { name, capabilities, health: rounds.health, done: run() };
};
