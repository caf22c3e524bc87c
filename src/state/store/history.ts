import { decodeEvent } from '../decode.ts';
import type { AppEvent } from '../index.ts';
import type { Disk } from './disk.ts';
import { storeDamaged } from './errors.ts';
import { type Head, headOf } from './line.ts';
import { listSegments, readUnlessLetGo, type Segment, segmentsAfter } from './segment.ts';

/** The events of the journal from a number on, up to the last one that was durable when the reading began. */
export const readEvents = async function* (
  { journal, disk }: { readonly journal: string; readonly disk: Disk },
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

/** The number of the first event that is kept, or of the first that will be. */
export const firstKept = async (journal: string, disk: Disk): Promise<number> =>
  (await listSegments(journal, disk))[0]?.first ?? 1;

/** The newest segments, in order, back to the one in which something is older than the moment, or no more can be read. */
const segmentsSince = async (journal: string, since: number, disk: Disk): Promise<readonly Segment[]> => {
  const needed: Segment[] = [];
  for (const ref of (await listSegments(journal, disk)).toReversed()) {
    const segment = await readUnlessLetGo(ref, disk).catch((error: unknown) => {
      if (storeDamaged.matches(error)) return undefined;
      throw error;
    });
    if (!segment) break;
    needed.unshift(segment);
    const [first] = segment.lines;
    if (first && Date.parse(headOf(first.json).at) < since) break;
  }
  return needed;
};

/** An event as it stands in the journal: what it is of, and its line, which is not decoded yet. */
export type Recorded = Head & { readonly line: string };

/** Which lines of the journal are wanted; see `readLinesSince`. */
export type WantedLines = { readonly since: number; readonly until: number; readonly having: string };

/**
 * The events up to a number that happened since a moment, in milliseconds since 1970, and whose line has a text in it: the
 * others are not even looked at. Damage ends it.
 */
export const readLinesSince = async (
  { journal, disk }: { readonly journal: string; readonly disk: Disk },
  { since, until, having }: WantedLines,
): Promise<readonly Recorded[]> => {
  const segments = await segmentsSince(journal, since, disk);
  return segments
    .flatMap(({ lines }) => [...lines])
    .filter(({ seq, json }) => seq <= until && json.includes(having))
    .map(({ json }) => ({ ...headOf(json), line: json.toString() }))
    .filter(({ at }) => Date.parse(at) >= since);
};
