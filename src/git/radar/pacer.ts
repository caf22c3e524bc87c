import { setTimeout as pause } from 'node:timers/promises';
import { makeMutex } from '../../lib/mutex.ts';

/** So much of a core is used in the long run. */
const SHARE = 0.05;
/** So much may be used at once after a rest, in milliseconds: an edit after a quiet time is looked at immediately. */
const BURST_MS = 500;
/** Nothing waits longer for its turn than this after one look, however long that took. */
const LONGEST_WAIT_MS = 2000;

/** Lets one piece of work run at a time, and so much of it that all together take no more than their share of a core. */
export type Pacer = <T>(work: () => Promise<T>, signal?: AbortSignal) => Promise<T>;

export const makePacer = (now: () => number = () => performance.now()): Pacer => {
  const alone = makeMutex();
  let left = BURST_MS;
  let at = now();
  const refill = (): void => {
    const elapsed = now() - at;
    at += elapsed;
    left = Math.min(BURST_MS, left + elapsed * SHARE);
  };
  return (work, signal) =>
    alone(async () => {
      refill();
      if (left < 0) await pause(-left / SHARE, undefined, { ref: false, signal }).catch(() => undefined);
      refill();
      const begun = now();
      try {
        return await work();
      } finally {
        refill();
        // The wall's time stands for the processor's: on a busy machine that leaves more of it to others.
        left = Math.max(left - (now() - begun), -LONGEST_WAIT_MS * SHARE);
      }
    });
};
