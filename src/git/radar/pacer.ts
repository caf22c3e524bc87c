import { availableParallelism, loadavg } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { makeMutex } from '../../lib/mutex.ts';

/** So much of a core is used in the long run. */
const SHARE = 0.05;
/** So much may be used at once after a rest, in milliseconds: an edit after a quiet time is looked at immediately. */
const BURST_MS = 500;
/** Nothing waits longer for its turn than this after one look, however long that took. */
const LONGEST_WAIT_MS = 2000;

type Turn = {
  readonly signal?: AbortSignal;
  /** It counts as if it took nothing: what is done once, as the first look at a worktree, shall not delay all that follows. */
  readonly isFree?: boolean;
};

/** Lets one piece of work run at a time, and so much of it that all together take no more than their share of a core. */
export type Pacer = <T>(work: () => Promise<T>, turn?: Turn) => Promise<T>;

/** On a busy machine a process runs only part of the time that the clock shows. */
const slowdown = (): number => Math.max(1, loadavg()[0]! / availableParallelism());

export const makePacer = (now: () => number = () => performance.now()): Pacer => {
  const alone = makeMutex();
  let left = BURST_MS;
  let at = now();
  const refill = (): void => {
    const elapsed = now() - at;
    at += elapsed;
    left = Math.min(BURST_MS, left + elapsed * SHARE);
  };
  return (work, { signal, isFree = false } = {}) =>
    alone(async () => {
      refill();
      if (left < 0 && !isFree) await pause(-left / SHARE, undefined, { ref: false, signal }).catch(() => undefined);
      refill();
      const begun = now();
      try {
        return await work();
      } finally {
        refill();
        if (!isFree) left = Math.max(left - (now() - begun) / slowdown(), -LONGEST_WAIT_MS * SHARE);
      }
    });
};
