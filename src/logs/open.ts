import { stat } from 'node:fs/promises';
import type { Logs } from '../ports/target.ts';
import { beginLog } from './begin.ts';
import { readLog } from './read.ts';
import { unlessMissing } from '../lib/missing.ts';
import { type LogPlace, type Segments, seedOf, segmentFile, segmentsOf } from './segments.ts';
import { tailLog } from './tail.ts';
import { readTimedLog } from './timed.ts';
import { boundMarks, endOfLog, hasGrown, markLog, settledAt } from './times.ts';

const grownAt: Logs['grownAt'] = async (folder) => {
  const newest = (await segmentsOf(folder)).logs.at(-1);
  return newest === undefined ? 0 : ((await unlessMissing(stat(segmentFile(folder, newest, 'log'))))?.mtimeMs ?? 0);
};

/** Whether a reader would have much to read, or the wrong size, without a new photograph. */
const needsPhotograph = async (
  folder: string,
  { logs, seeds }: Segments,
  size: { cols: number; rows: number },
): Promise<boolean> => {
  const last = seeds.at(-1);
  if (last === undefined) return logs.length > 1;
  if (logs.filter((segment) => segment > last).length > 0) return true;
  const seed = await seedOf(folder, last);
  return seed === null || seed.cols !== size.cols || seed.rows !== size.rows;
};

/** Of a log whose folder is as it was when it needed none of this size, that is known by one question. */
const makePhotographNotes = (): Logs['photographSegment'] => {
  const noted = new Map<string, { readonly settled: number; readonly size: string }>();
  return async (folder, { cols, rows }) => {
    const size = `${cols}x${rows}`;
    const settled = settledAt(folder);
    const known = noted.get(folder);
    if (known && known.settled === settled && known.size === size) return null;
    noted.delete(folder);
    const segments = await segmentsOf(folder);
    if (await needsPhotograph(folder, segments, { cols, rows })) return (segments.logs.at(-1) ?? 0) + 1;
    if (settled !== null) noted.set(folder, { settled, size });
    return null;
  };
};

/** A log is looked over for marks that are too many once in so many. */
const BOUND_EVERY = 1000;

/** How far a log was when it was looked at last, and when that was, in milliseconds since the epoch. */
type Noted = LogPlace & {
  readonly count: number;
  readonly settled: number | null;
  readonly marked: number;
  readonly looked: number;
};

/** Of a log that is as it was two looks at files tell that: its folder is read where there is news. */
const makeTimeNotes = (): Logs['noteTime'] => {
  const noted = new Map<string, Noted>();
  return async (folder, at) => {
    const before = noted.get(folder);
    const settled = settledAt(folder);
    if (before && settled !== null && settled === before.settled && !hasGrown(folder, before)) {
      noted.set(folder, { ...before, looked: at });
      return;
    }
    const end = await endOfLog(folder);
    if (!end) return;
    const { place, grownAt } = end;
    if (before?.segment === place.segment && before.offset === place.offset) {
      noted.set(folder, { ...before, settled, looked: at });
      return;
    }
    // What was printed since came after the last look, however long the terminal had been still before that.
    if (before && before.looked > before.marked) await markLog(folder, before.looked, before);
    const marked = Math.min(at, grownAt);
    await markLog(folder, marked, place);
    const count = (before?.count ?? 0) + 1;
    if (count % BOUND_EVERY === 1) await boundMarks(folder);
    noted.set(folder, { ...place, ...{ count, settled, marked, looked: at } });
  };
};

/** The logs of this very machine. */
export const openLogs = (): Logs => ({
  begin: beginLog,
  read: (folder, tailBytes) => readLog(folder, { tailBytes }),
  readTimed: readTimedLog,
  tail: (folder, tailBytes, signal) => tailLog(folder, { tailBytes, signal }),
  grownAt,
  photographSegment: makePhotographNotes(),
  noteTime: makeTimeNotes(),
});
