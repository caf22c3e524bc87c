import type { Since } from '../../ports/index.ts';
import { decodeEvent } from '../decode.ts';
import type { AppEvent } from '../index.ts';
import type { Position } from '../reducer.ts';
import type { Disk } from './disk.ts';
import { storeDamaged } from './errors.ts';
import { type Head, headOf } from './line.ts';
import { listSegments, readUnlessLetGo, type Segment, type SegmentRef, segmentsAfter } from './segment.ts';
import type { SegmentLine } from './segment-lines.ts';

/** Where a journal lies. */
export type Place = {
  readonly journal: string;
  readonly disk: Disk;
};

/** The events of the journal from a number on, up to the last one that was durable when the reading began. */
export const readEvents = async function* (
  { journal, disk }: Place,
  fromSeq: number,
  durable: () => number,
): AsyncGenerator<AppEvent, void, void> {
  const limit = durable();
  const refs = await listSegments(journal, disk);
  const needed = segmentsAfter(refs, fromSeq - 1);
  for (const ref of needed.length > 0 ? needed : refs) {
    const segment = await readUnlessLetGo(ref, disk);
    if (!segment) continue;
    for (const { seq, text } of segment.lines.texts(Math.max(0, fromSeq - segment.first))) {
      if (seq > limit) return;
      yield decodeEvent(text);
    }
  }
};

/** The checksum over all up to an event, where a segment holds that one or begins behind it. */
const checksumIn = ({ first, start, lines }: Segment, seq: number): number | undefined =>
  seq === first - 1 ? start : lines.at(seq - first)?.crc;

/** The events of a segment behind a position, up to a number; undefined where the segment does not go on from there. */
export const behind = (segment: Segment, after: Position, limit: number): Since | undefined => {
  const { first, lines } = segment;
  if (after.seq < first - 1 || after.seq > segment.end.seq || checksumIn(segment, after.seq) !== after.crc)
    return undefined;
  const count = Math.min(lines.length, limit - first + 1);
  const events: AppEvent[] = [];
  for (const { seq, text } of lines.texts(after.seq - first + 1)) {
    if (seq > limit) break;
    events.push(decodeEvent(text));
  }
  const last = lines.at(count - 1);
  return { events, position: events.length > 0 && last ? { seq: last.seq, crc: last.crc } : after };
};

/** See `Store.since`; up to the event that is durable when the reading begins. */
export const readSince = async (
  { journal, disk }: Place,
  after: Position,
  limit: number,
): Promise<Since | undefined> => {
  const refs = segmentsAfter(await listSegments(journal, disk), after.seq);
  if (after.seq > limit || refs.length === 0) return undefined;
  const events: AppEvent[] = [];
  let position = after;
  for (const ref of refs) {
    const segment = await readUnlessLetGo(ref, disk);
    const more = segment && behind(segment, position, limit);
    if (!more) return undefined;
    events.push(...more.events);
    position = more.position;
  }
  return { events, position };
};

/** The number of the first event that is kept, or of the first that will be. */
export const firstKept = async ({ journal, disk }: Place): Promise<number> =>
  (await listSegments(journal, disk))[0]?.first ?? 1;

/** Gives a segment that needs not be read, because nothing is wanted of it that came after an event. */
type Kept = (ref: SegmentRef, until: number) => Segment | undefined;

/** The newest segments, in order, back to the one that begins before all that is wanted, or no more can be read. */
const segmentsWith = async (
  { journal, disk }: Place,
  kept: Kept,
  { since, from = 1, until }: WantedLines,
): Promise<readonly Segment[]> => {
  const needed: Segment[] = [];
  for (const ref of (await listSegments(journal, disk)).toReversed()) {
    const segment =
      kept(ref, until) ??
      (await readUnlessLetGo(ref, disk).catch((error: unknown) => {
        if (storeDamaged.matches(error)) return undefined;
        throw error;
      }));
    if (!segment) break;
    needed.unshift(segment);
    const [first] = segment.lines;
    if (ref.first <= from || (first && Date.parse(headOf(first.json).at) < since)) break;
  }
  return needed;
};

/** The lines of a segment between two events. */
const linesBetween = function* ({ first, lines }: Segment, from: number, until: number): Generator<SegmentLine> {
  for (let seq = Math.max(from, first); seq <= until; seq += 1) {
    const line = lines.at(seq - first);
    if (!line) return;
    yield line;
  }
};

/** An event as it stands in the journal: what it is of, and its line, which is not decoded yet. */
export type Recorded = Head & { readonly line: string };

/**
 * Which lines of the journal are wanted: since a moment, in milliseconds since 1970, from an event on and up to another one,
 * and only those with a text in them.
 */
export type WantedLines = {
  readonly since: number;
  readonly from?: number;
  readonly until: number;
  readonly having: string;
};

/** The events whose lines are wanted: the others are not even looked at. Damage ends it. */
export const readLines = async (place: Place, kept: Kept, wanted: WantedLines): Promise<readonly Recorded[]> => {
  const { since, from = 1, until, having } = wanted;
  const segments = await segmentsWith(place, kept, wanted);
  return segments
    .flatMap((segment) => [...linesBetween(segment, from, until)])
    .filter(({ json }) => json.includes(having))
    .map(({ json }) => ({ ...headOf(json), line: json.toString() }))
    .filter(({ at }) => Date.parse(at) >= since);
};
