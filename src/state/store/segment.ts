import { basename, dirname, join } from 'node:path';
import type { AppError } from '../../lib/errors.ts';
import { isMissing } from '../../lib/missing.ts';
import type { Position } from '../reducer.ts';
import { type Disk, realDisk, replaceFile } from './disk.ts';
import { storeDamaged, storeNewer } from './errors.ts';
import { chainChecksum, checksumAt, continues, hex } from './line.ts';
import { JSON_AT, noteLines, type SegmentLine, type SegmentLines } from './segment-lines.ts';

/** A file of the journal by the number of its first event. */
export type SegmentRef = { readonly path: string; readonly first: number };

/**
 * The content of a segment. `lines` and `end` stop behind the last complete group; `torn` says what lies behind that.
 */
export type Segment = SegmentRef & {
  readonly start: number;
  readonly lines: SegmentLines;
  readonly end: Position & { readonly offset: number };
  readonly torn: string | null;
};

const NAME = /^(?<first>\d{12})\.jsonl(?<packed>\.gz)?$/u;
const HEADER = /^# v1 first=(?<first>\d+) crc=(?<crc>[0-9a-f]{8})$/u;
const LINE_FEED = 10;
const BLANK = 32;

const PACKED = '.gz';

const BEGINS = /^(?<first>\d{12})\.begins$/u;

/** The event with which the journal begins since what was before it was let go of; 0 where nothing was. */
export const beginIn = (names: readonly string[]): number =>
  Math.max(0, ...names.map((name) => Number(BEGINS.exec(name)?.groups?.['first'] ?? 0)));

export const isPacked = ({ path }: SegmentRef): boolean => path.endsWith(PACKED);

/** Where a segment lies when it is archived. */
export const packedPath = ({ path }: SegmentRef): string => `${path}${PACKED}`;

/**
 * The segments that are there, packed or not, in order. While one is packed it is there twice and counts as it was; one that
 * was let go of and is not removed yet does not count.
 */
export const listSegments = async (journal: string, disk: Disk = realDisk): Promise<readonly SegmentRef[]> => {
  const names = (await disk.list(journal)).toSorted();
  const begin = beginIn(names);
  const found = names.flatMap((name) => {
    const first = NAME.exec(name)?.groups?.['first'];
    return first === undefined || Number(first) < begin ? [] : [{ path: join(journal, name), first: Number(first) }];
  });
  return found.filter((ref, index) => ref.first !== found[index - 1]?.first).toSorted((a, b) => a.first - b.first);
};

/** The segments that are needed to read on after an event; empty when they begin too late. */
export const segmentsAfter = (segments: readonly SegmentRef[], seq: number): readonly SegmentRef[] => {
  const index = segments.findLastIndex(({ first }) => first <= seq + 1);
  return index === -1 ? [] : segments.slice(index);
};

/** The name of a segment that is not packed. */
export const segmentName = (first: number): string => `${String(first).padStart(12, '0')}.jsonl`;

const headerOf = (first: number, crc: number): string => `# v1 first=${first} crc=${hex(crc)}\n`;

/** A segment as far as it is sound, as it stands in its file. */
export const segmentText = ({ first, start, lines }: Segment): Buffer =>
  Buffer.concat([
    Buffer.from(headerOf(first, start)),
    ...[...lines].flatMap(({ crc, json }) => [Buffer.from(`${hex(crc)} `), json, Buffer.from('\n')]),
  ]);

/** Makes an empty segment that continues from the position. It never exists without its header. */
export const createSegment = async (
  journal: string,
  { seq, crc }: Position,
  disk: Disk,
): Promise<SegmentRef & { size: number }> => {
  const first = seq + 1;
  const path = join(journal, segmentName(first));
  const header = headerOf(first, crc);
  await replaceFile(path, header, { disk });
  return { path, first, size: header.length };
};

const readHeader = ({ path, first }: SegmentRef, bytes: Buffer): { start: number; offset: number } => {
  const end = bytes.indexOf(LINE_FEED);
  const text = bytes.toString('latin1', 0, Math.max(end, 0));
  const groups = HEADER.exec(text)?.groups;
  const version = /^# (?<version>v\d+) /u.exec(text)?.groups?.['version'];
  if (version !== undefined && version !== 'v1') throw storeNewer({ file: path, version });
  if (Number(groups?.['first']) !== first) throw storeDamaged({ file: path, line: 1, what: 'its header is wrong' });
  return { start: Number.parseInt(groups!['crc']!, 16), offset: end + 1 };
};

/** Where in a segment a line stands, without its line feed. */
type Span = { readonly at: number; readonly end: number };

/** The line that stands there, or undefined when its checksum does not continue the chain. */
const readLine = (bytes: Buffer, { at, end }: Span, before: Position): SegmentLine | undefined => {
  const begin = at + JSON_AT;
  if (begin > end || bytes[begin - 1] !== BLANK) return undefined;
  const json = bytes.subarray(begin, end);
  const crc = chainChecksum(json, before.crc);
  return checksumAt(bytes, at) === crc ? { seq: before.seq + 1, crc, json } : undefined;
};

const tornText = (file: string, lines: number): string =>
  `${basename(file)} ended in ${lines > 0 ? 'an incomplete group of events' : 'half an event'}`;

/** A segment as far as it is sound, and what is wrong with it behind that. */
export type Scanned = Segment & { readonly damage: AppError | null };

const scan = (ref: SegmentRef, bytes: Buffer): Scanned => {
  const { start, offset } = readHeader(ref, bytes);
  const lines = noteLines(bytes, ref.first, offset);
  let good = { seq: ref.first - 1, crc: start, offset };
  let complete = 0;
  let last: Position = good;
  let at = offset;
  while (at < bytes.length) {
    const feed = bytes.indexOf(LINE_FEED, at);
    const line = feed === -1 ? undefined : readLine(bytes, { at, end: feed }, last);
    if (!line) break;
    lines.add(feed, line.crc);
    last = line;
    at = feed + 1;
    if (continues(line.json)) continue;
    good = { seq: line.seq, crc: line.crc, offset: at };
    complete = lines.count;
  }
  const isDamaged = at < bytes.length && !couldBeTorn(bytes.subarray(at), last);
  const damage = isDamaged
    ? storeDamaged({ file: ref.path, line: lines.count + 2, what: 'its checksum does not fit' })
    : null;
  const open = lines.count - complete;
  const torn = good.offset === bytes.length ? null : tornText(ref.path, open);
  return { ...ref, start, lines: lines.first(complete), end: good, torn, damage };
};

// A write that was cut short leaves a line without its end. Anything else that does not fit was whole once, was
// changed later, and may have been acknowledged; so was a whole line whose line feed became something else.
const couldBeTorn = (rest: Buffer, before: Position): boolean =>
  !rest.includes(LINE_FEED) && (rest.at(-1) === 0 || !readLine(rest, { at: 0, end: rest.length - 1 }, before));

/** The bytes of a packed segment. */
const unpacked = async (ref: SegmentRef, disk: Disk): Promise<Buffer> => {
  const bytes = await disk.read(ref.path);
  try {
    return await disk.unpack(bytes);
  } catch (error) {
    throw storeDamaged({ file: ref.path, line: 1, what: 'it cannot be unpacked' }, error);
  }
};

/** The bytes of a segment, which may be archived while somebody is about to read it. */
export const bytesOf = async (ref: SegmentRef, disk: Disk): Promise<Buffer> => {
  if (isPacked(ref)) return unpacked(ref, disk);
  try {
    return await disk.read(ref.path);
  } catch (error) {
    if (!isMissing(error)) throw error;
    return unpacked({ ...ref, path: packedPath(ref) }, disk).catch((other: unknown) => {
      throw isMissing(other) ? error : other;
    });
  }
};

/** Whether a segment that could not be read was let go of meanwhile. */
export const isLetGo = async (error: unknown, { path, first }: SegmentRef, disk: Disk = realDisk): Promise<boolean> =>
  isMissing(error) && beginIn(await disk.list(dirname(path))) > first;

/** Reads one segment as far as it is sound. Rejects with `store/damaged` where not even its header is. */
export const scanSegment = async (ref: SegmentRef, disk: Disk = realDisk): Promise<Scanned> =>
  scan(ref, await bytesOf(ref, disk));

/** A segment of which the bytes were read. Throws `store/damaged` unless all that is wrong is an unfinished end. */
export const segmentOf = (ref: SegmentRef, bytes: Buffer): Segment => {
  const segment = scan(ref, bytes);
  if (segment.damage) throw segment.damage;
  return segment;
};

/** Reads and checks one segment. Rejects with `store/damaged` unless all that is wrong is an unfinished end. */
export const readSegment = async (ref: SegmentRef, disk: Disk = realDisk): Promise<Segment> =>
  segmentOf(ref, await bytesOf(ref, disk));

/** Reads a segment; undefined where it was let go of since it was listed. */
export const readUnlessLetGo = async (ref: SegmentRef, disk?: Disk): Promise<Segment | undefined> => {
  try {
    return await readSegment(ref, disk);
  } catch (error) {
    if (await isLetGo(error, ref, disk)) return undefined;
    throw error;
  }
};
