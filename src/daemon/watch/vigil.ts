import { type Clocks, startedBy, wasSet } from '../health/clocks.ts';

/** When looks are so far apart, in milliseconds, the daemon was stopped or the machine asleep in between. */
const GAP_MS = 10_000;
/** What is noted to have happened later than that from now was noted before the clock was set back. */
const AHEAD_MS = 10_000;

/** What a look knows of the time before it, all in milliseconds since 1970. */
export type Vigil = {
  readonly now: number;
  /** Since when no look was missed and the clock was not set; 0 where neither ever was. */
  readonly watchedSince: number;
  /** When the clock was set last; 0 where it never was. */
  readonly setAt: number;
  /** From when on what was noted by a clock that was ahead of this one counts. */
  readonly begun: number;
};

/**
 * Tells at each look since when none was missed and the clock was not set. `startedBefore` says when the machine was started
 * by the clock of the daemon before this one: so it becomes known that the clock was set while none was there.
 */
export const makeVigil = (clocks: Clocks, startedBefore?: number): (() => Vigil) => {
  let started = startedBefore;
  let lastUp = Number.POSITIVE_INFINITY;
  let begun: number | undefined;
  let setAt = 0;
  let watchedSince = 0;
  return () => {
    const moment = clocks();
    const { wall: now, up } = moment;
    const isSet = wasSet(started, startedBy(moment));
    if (isSet) setAt = now;
    if (isSet || up - lastUp > GAP_MS) watchedSince = now;
    begun = isSet ? now : (begun ?? now);
    started = startedBy(moment);
    lastUp = up;
    return { now, watchedSince, setAt, begun };
  };
};

/** When something happened, by the clock as it is now; what a clock that was ahead of it noted counts from when that was over. */
export const settledTime = ({ now, begun }: Vigil, at: number): number => (at > now + AHEAD_MS ? begun : at);

/** For how long something has been so while the looks could see it, in milliseconds. */
export const watchedFor = (vigil: Vigil, since: string): number =>
  vigil.now - Math.max(settledTime(vigil, Date.parse(since)), vigil.watchedSince);

/** For how long something has been so, in milliseconds: what was before the clock was set has all its time once more. */
export const ageBy =
  (vigil: Vigil) =>
  (since: string): number =>
    vigil.now - Math.max(settledTime(vigil, Date.parse(since)), vigil.setAt);
