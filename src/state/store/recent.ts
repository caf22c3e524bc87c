import type { Since } from '../../ports/index.ts';
import type { AppEvent } from '../index.ts';
import { behind } from './history.ts';
import type { Position } from '../reducer.ts';
import type { Segment, SegmentRef } from './segment.ts';

/** So long after the opening the end of the journal is kept as it was read, in milliseconds. */
const KEPT_MS = 30_000;

/**
 * The end of the journal as it was read when it was opened, and what came since, for a while: clients that come back to a new
 * daemon ask for it, all at once, and none of them has to wait until it is read again.
 */
export const keepRecent = (last: Segment | null) => {
  let kept = last;
  let news: AppEvent[] = [];
  const letGo = (): void => {
    kept = null;
    news = [];
  };
  const timer = setTimeout(letGo, KEPT_MS).unref();
  return {
    note: (events: readonly AppEvent[]): void => {
      if (kept) news.push(...events);
    },
    /** A segment, if nothing is wanted of it that came after the opening; undefined where it has to be read. */
    segment: ({ first }: SegmentRef, until: number): Segment | undefined =>
      kept?.first === first && until <= kept.end.seq ? kept : undefined,
    /** As `Store.since`, with where the journal ends now; undefined where it has to be read. */
    since: (after: Position, end: Position): Since | undefined => {
      const missed = kept && behind(kept, after, kept.end.seq);
      return missed ? { events: [...missed.events, ...news], position: end } : undefined;
    },
    close: (): void => {
      clearTimeout(timer);
      letGo();
    },
  };
};
