/** How often a daemon is looked for that nobody may start, because it was told to end or ended too often. */
const LOOK_MS = 250;
/**
 * The pause after a start that failed or a connection that did not last, in milliseconds; it doubles, because each start
 * costs a process, and who lets go of us at once would do so again.
 */
const FIRST_PAUSE_MS = 50;
export const LONGEST_PAUSE_MS = 8000;
/** A connection that was there for so long, in milliseconds, has lasted, whatever pause was due. */
const LASTS_MS = 1000;

type Pauses = {
  /** The pause before the next look where one did not find a daemon; `isStarted` where a daemon is started for it. */
  next(isStarted: boolean): number;
  /** The pause after a connection that was there for so many milliseconds: none after one that outlasted the pause that was due. */
  after(lastedMs: number, isStarted: boolean): number;
};

/**
 * The pauses between two looks for a daemon, longer each time where one is started for it, until a connection lasted. Whose
 * daemon is killed again and again is not kept waiting for it; one that ends by itself again and again is not started before
 * a time (state/lives.ts).
 */
export const makePauses = (): Pauses => {
  let due = FIRST_PAUSE_MS;
  const next: Pauses['next'] = (isStarted) => {
    if (!isStarted) return LOOK_MS;
    const ms = due;
    due = Math.min(2 * due, LONGEST_PAUSE_MS);
    return ms;
  };
  return {
    next,
    after: (lastedMs, isStarted) => {
      if (lastedMs < Math.min(due, LASTS_MS)) return next(isStarted);
      due = FIRST_PAUSE_MS;
      return 0;
    },
  };
};
