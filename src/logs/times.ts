import { statSync } from 'node:fs';
import { appendFile, open, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { unlessMissing } from '../lib/missing.ts';
import { type LogPlace, segmentFile, segmentsOf } from './segments.ts';

/** Terminals print no times: this file beside a log says how far it had come when. */
const timesFile = (dir: string): string => join(dir, 'times');

type Mark = LogPlace & { readonly at: number };

const MARK = /^(?<at>\d+) (?<segment>\d+) (?<offset>\d+)$/u;

const marksIn = (text: string): Mark[] =>
  text.split('\n').flatMap((line) => {
    const { at, segment, offset } = MARK.exec(line)?.groups ?? {};
    return at === undefined ? [] : [{ at: Number(at), segment: Number(segment), offset: Number(offset) }];
  });

const marksOf = async (dir: string): Promise<Mark[]> =>
  marksIn((await unlessMissing(readFile(timesFile(dir), 'utf8'))) ?? '');

/** So many bytes of marks are read where only the latest ones are wanted: those of some hours. */
const LATEST_BYTES = 64 * 1024;

/** The latest marks of a log, and whether there are older ones. */
export const latestMarks = async (
  dir: string,
): Promise<{ readonly marks: readonly Mark[]; readonly hasOlder: boolean }> => {
  const file = await unlessMissing(open(timesFile(dir)));
  if (!file) return { marks: [], hasOlder: false };
  try {
    const from = Math.max(0, (await file.stat()).size - LATEST_BYTES);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(LATEST_BYTES), 0, LATEST_BYTES, from);
    const text = buffer.toString('utf8', 0, bytesRead);
    // The first line may be a half one.
    return { marks: marksIn(from > 0 ? text.slice(text.indexOf('\n') + 1) : text), hasOlder: from > 0 };
  } finally {
    await file.close();
  }
};

const textOf = ({ at, segment, offset }: Mark): string => `${at} ${segment} ${offset}\n`;

/** Where a log ends now, and when it came that far, in milliseconds since the epoch; null when there is none. */
export const endOfLog = async (dir: string): Promise<{ readonly place: LogPlace; readonly grownAt: number } | null> => {
  const segment = (await segmentsOf(dir)).logs.at(-1);
  if (segment === undefined) return null;
  const found = await unlessMissing(stat(segmentFile(dir, segment, 'log')));
  return found ? { place: { segment, offset: found.size }, grownAt: Math.floor(found.mtimeMs) } : null;
};

/** A folder that changed less than this ago, in milliseconds, may change once more without another time. */
const SETTLED_MS = 1000;

// These two are asked of every log again and again: waiting for the answer would take ten times as long as the answer.
/** When the folder of a log has changed last, in milliseconds since the epoch; null where it may have changed since. */
export const settledAt = (dir: string): number | null => {
  const ms = statSync(dir, { throwIfNoEntry: false })?.mtimeMs;
  return ms !== undefined && Date.now() - ms > SETTLED_MS ? ms : null;
};

/** Whether a log whose folder is as it was has grown since it ended there. */
export const hasGrown = (dir: string, { segment, offset }: LogPlace): boolean =>
  statSync(segmentFile(dir, segment, 'log'), { throwIfNoEntry: false })?.size !== offset;

/** So many marks are kept at least; at twice as many the older half goes. */
const KEEP = 10_000;

/** Notes how far a log has come at a time, in milliseconds since the epoch. */
export const markLog = async (dir: string, at: number, { segment, offset }: LogPlace): Promise<void> => {
  const mark = { at, segment, offset };
  await appendFile(timesFile(dir), textOf(mark), { mode: 0o600 });
};

/** Throws old marks away when there are many. */
export const boundMarks = async (dir: string, keep = KEEP): Promise<void> => {
  const marks = await marksOf(dir);
  if (marks.length <= 2 * keep) return;
  await writeFile(timesFile(dir), marks.slice(-keep).map(textOf).join(''), { mode: 0o600 });
};

/**
 * A place from which on everything that was printed since a time is there: at most what was printed between two marks
 * comes with it. Null when nothing was printed since.
 */
export const placeSince = async (dir: string, at: number): Promise<LogPlace | null> => {
  const { logs } = await segmentsOf(dir);
  for (const segment of logs) {
    const found = await unlessMissing(stat(segmentFile(dir, segment, 'log')));
    // Nothing was written to it since then, so what was printed since begins later.
    if (!found || found.mtimeMs < at) continue;
    const before = (await marksOf(dir)).filter((mark) => mark.at <= at && mark.segment === segment).at(-1);
    return { segment, offset: Math.min(before?.offset ?? 0, found.size) };
  }
  return null;
};
