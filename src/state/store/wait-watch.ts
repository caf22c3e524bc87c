/** Longer than a disk that is well takes to keep something, in milliseconds. */
export const SLOW_MS = 2000;

export type WaitWatch = {
  /** The same work, with its time taken. */
  time<I, O>(work: (item: I) => Promise<O>): (item: I) => Promise<O>;
  /** How long what is under way has waited by now, in milliseconds; 0 when nothing is. */
  waitedMs(): number;
};

/** Takes the time of one piece of work after the other; `tell` hears of each that took long, in milliseconds. */
export const makeWaitWatch = (tell: (ms: number) => void, now: () => number = () => performance.now()): WaitWatch => {
  let since: number | undefined;
  const waitedMs = (): number => (since === undefined ? 0 : Math.max(0, now() - since));
  return {
    time: (work) => async (item) => {
      since = now();
      try {
        return await work(item);
      } finally {
        const ms = waitedMs();
        since = undefined;
        if (ms >= SLOW_MS) tell(ms);
      }
    },
    waitedMs,
  };
};
