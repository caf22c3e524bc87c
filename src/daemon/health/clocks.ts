import { uptime } from 'node:os';

/**
 * One moment by three clocks, in milliseconds: the one of the wall, which somebody may set; one that goes evenly and stands
 * still while the machine sleeps; and the time since the machine was started, its sleep included.
 */
export type Moment = { readonly wall: number; readonly steady: number; readonly up: number };
export type Clocks = () => Moment;

export const CLOCKS: Clocks = () => ({ wall: Date.now(), steady: performance.now(), up: uptime() * 1000 });

/** Clocks that are corrected as they go drift by less than this, in milliseconds. */
const DRIFT_MS = 10_000;

/** When the machine was started, by the clock of the wall as it is now, in milliseconds since 1970. */
export const startedBy = ({ wall, up }: Pick<Moment, 'wall' | 'up'>): number => Math.round(wall - up);

/** Whether the clock of the wall was set between two such times, or the machine started anew. */
export const wasSet = (before: number | undefined, now: number): boolean =>
  before !== undefined && Math.abs(now - before) > DRIFT_MS;
