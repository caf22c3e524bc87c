import type { EventPoint } from '../../ports/history.ts';

/** `12` or `12 (2026-11-20T14:30:00Z)`: an event by its number, and when it happened where that is known. */
export const pointText = ({ seq, at }: EventPoint): string => (at === null ? `${seq}` : `${seq} (${at.slice(0, 19)}Z)`);

/** What is to be known beside a list out of the journal where the oldest events are not kept; undefined where all are. */
export const beginHint = (begin: EventPoint | null): string | undefined =>
  begin === null || begin.seq === 1
    ? undefined
    : `The journal begins with event ${pointText(begin)}: what happened before is not kept.`;
