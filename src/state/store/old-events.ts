import type { OldEvents } from '../../ports/history.ts';
import type { Disk } from './disk.ts';
import { storeDamaged } from './errors.ts';
import { headOf } from './line.ts';
import { bytesOf, isPacked, listSegments, type SegmentRef } from './segment.ts';

/** When the first and the last event of a segment happened, and how much of the disk it takes. */
type Span = { readonly first: string | null; readonly last: string | null; readonly bytes: number };

/** What is known of segments that nobody writes to any more, by their paths: they are looked at once. */
export type KnownSpans = Map<string, Span>;

type Place = { readonly journal: string; readonly disk: Disk; readonly known: KnownSpans };

const LINE_FEED = 10;
/** Each line begins with its checksum and a blank. */
const CHECKSUM = 9;

const timeOf = (line: Buffer): string | null => {
  try {
    const { at } = headOf(line.subarray(CHECKSUM));
    return Number.isNaN(Date.parse(at)) ? null : at;
  } catch {
    return null;
  }
};

/** Looks at both ends of a segment. Its checksums are not looked at: what is damaged may go as well as what is not. */
const spanOf = async (ref: SegmentRef, disk: Disk): Promise<Span> => {
  const text = await bytesOf(ref, disk).catch((error: unknown) => {
    if (storeDamaged.matches(error)) return Buffer.alloc(0);
    throw error;
  });
  const bytes = isPacked(ref) ? (await disk.read(ref.path)).length : text.length;
  const lines = text.subarray(text.indexOf(LINE_FEED) + 1, Math.max(0, text.lastIndexOf(LINE_FEED)));
  if (lines.length === 0) return { first: null, last: null, bytes };
  const end = lines.indexOf(LINE_FEED);
  const first = end === -1 ? lines : lines.subarray(0, end);
  return { first: timeOf(first), last: timeOf(lines.subarray(lines.lastIndexOf(LINE_FEED) + 1)), bytes };
};

type Read = { readonly ref: SegmentRef; readonly span: Span };

/**
 * The segments, from the oldest on, of which everything is older than the moment, and the first one that stays. The one that
 * is written to always does. One that cannot be read goes with what comes after it.
 */
const splitAt = async (place: Place, refs: readonly SegmentRef[], before: number) => {
  const read: Read[] = [];
  let going = 0;
  for (const ref of refs) {
    const isWritten = ref === refs.at(-1);
    const span = place.known.get(ref.path) ?? (await spanOf(ref, place.disk));
    if (!isWritten) place.known.set(ref.path, span);
    read.push({ ref, span });
    if (span.last === null) continue;
    if (Date.parse(span.last) >= before) break;
    if (!isWritten) going = read.length;
  }
  return { going: read.slice(0, going), stays: read[going] };
};

/** Finds the whole segments of which everything is older than a moment and before an event: events go by the segment. */
export const findOld = async (place: Place, before: number, until = Number.POSITIVE_INFINITY): Promise<OldEvents> => {
  const all = await listSegments(place.journal, place.disk);
  const behind = all.findIndex(({ first }) => first >= until);
  const { going, stays } = await splitAt(place, behind === -1 ? all : all.slice(0, behind + 1), before);
  const seq = stays?.ref.first ?? 1;
  const kept = { from: { seq, at: stays?.span.first ?? null } };
  const [oldest] = going;
  if (!oldest) return { old: null, kept };
  const { first } = oldest.ref;
  return {
    old: {
      events: seq - first,
      from: { seq: first, at: oldest.span.first },
      to: { seq: seq - 1, at: going.at(-1)!.span.last },
      files: going.length,
      bytes: going.reduce((sum, { span }) => sum + span.bytes, 0),
    },
    kept,
  };
};
