import { basename } from 'node:path';
import type { Paths } from '../../lib/paths.ts';
import { decodeEvent } from '../decode.ts';
import { type AppEvent, emptyState, reduceAll, type State } from '../index.ts';
import { UPCASTS } from '../upcast.ts';
import { laterBeside, readBases, startOf } from './base.ts';
import { type Disk, realDisk } from './disk.ts';
import { eventsText, storeDamaged } from './errors.ts';
import { type Later, readOrLater, seqOf } from './later.ts';
import { backupOf, type Reading } from './projection.ts';
import { bytesOf, listSegments, type Segment, type SegmentRef, segmentOf, segmentsAfter } from './segment.ts';

/** A state and the checksum of the journal at its last event. */
export type Tip = { readonly state: State; readonly crc: number };

export type Recovered = Tip & {
  /** The segment to be continued; null when there is none. Its torn end, if any, is behind `end.offset`. */
  readonly last: Segment | null;
  /** The event that `db.json` on the disk is of; null when it has to be written anew. */
  readonly written: number | null;
  readonly repairs: readonly string[];
  /** What is gone for good, in sentences. */
  readonly losses: readonly string[];
  /** The journal does not lead to the state: it ends before that. */
  readonly gap: boolean;
};

type Replayed = Tip & { readonly last: Segment | null };

const EMPTY: Tip = { state: emptyState, crc: 0 };

/** The text tells why the starting point does not belong to this journal; undefined when it does. */
const mismatch = (segment: Segment, { state: { seq }, crc }: Tip): string | undefined => {
  if (seq > segment.end.seq) return undefined;
  const there = seq < segment.first ? segment.start : segment.lines.at(seq - segment.first)!.crc;
  return there === crc ? undefined : 'it does not belong to this journal';
};

const assertFollows = (segment: Segment, before: Segment): void => {
  if (before.torn !== null)
    throw storeDamaged({ file: before.path, line: before.lines.length + 2, what: 'its end is missing' });
  if (segment.first !== before.end.seq + 1 || segment.start !== before.end.crc)
    throw storeDamaged({ file: segment.path, line: 1, what: `it does not continue ${basename(before.path)}` });
};

/** The events of a segment behind a number, decoded one by one: all at once would take more room than their state. */
const eventsOf = function* (segment: Segment, after: number): Generator<AppEvent, void, undefined> {
  for (const { seq, text } of segment.lines.texts(Math.max(0, after + 1 - segment.first))) {
    const line = seq - segment.first + 2;
    const event = decodeEvent(text, UPCASTS, () => `line ${line} of ${segment.path}`);
    if (event.seq !== seq)
      throw storeDamaged({ file: segment.path, line, what: `it holds event ${event.seq} instead of ${seq}` });
    yield event;
  }
};

/** Folds the events of a segment that the state does not know yet. */
export const foldSegment = (from: State, segment: Segment): State => reduceAll(from, eventsOf(segment, from.seq));

/** The segments in order; the bytes of the next one are read while one is folded. */
const readAhead = async function* (refs: readonly SegmentRef[], disk: Disk): AsyncGenerator<Segment, void, undefined> {
  const read = (ref: SegmentRef | undefined) => {
    const bytes = ref && bytesOf(ref, disk);
    // It is for the turn of the segment to say what is wrong with it.
    bytes?.catch(() => undefined);
    return bytes;
  };
  let ahead = read(refs[0]);
  for (const [index, ref] of refs.entries()) {
    const bytes = await ahead!;
    ahead = read(refs[index + 1]);
    yield segmentOf(ref, bytes);
  }
};

/** Folds what the journal has behind a starting point; the text says why it cannot start there. */
export const replay = async (
  refs: readonly SegmentRef[],
  from: Tip,
  disk: Disk = realDisk,
): Promise<Replayed | string> => {
  const needed = segmentsAfter(refs, from.state.seq);
  if (needed.length === 0 && refs.length > 0) return `the journal begins at event ${refs[0]!.first}`;
  let { state, crc } = from;
  let last: Segment | null = null;
  for await (const segment of readAhead(needed, disk)) {
    if (last) assertFollows(segment, last);
    const wrong = last ? undefined : mismatch(segment, from);
    if (wrong !== undefined) return wrong;
    // A projection may know more than the journal, whose end is lost then.
    if (segment.end.seq >= state.seq) crc = segment.end.crc;
    state = foldSegment(state, segment);
    last = segment;
  }
  return { state, crc, last };
};

/** Replays the journal from one of the states that it goes on from, or from its first event, without any projection. */
export const replayAll = async (
  refs: readonly SegmentRef[],
  bases: AsyncIterable<Tip> | Iterable<Tip>,
  disk: Disk = realDisk,
): Promise<Replayed> => {
  for await (const from of bases) {
    const replayed = await replay(refs, from, disk);
    if (typeof replayed !== 'string') return replayed;
  }
  const replayed = await replay(refs, EMPTY, disk);
  if (typeof replayed !== 'string') return replayed;
  throw storeDamaged({ file: refs[0]!.path, line: 1, what: replayed });
};

/** Moved out of the way, not deleted: it must not become the backup, and somebody may want to look at it. */
const setAside = async (file: string, disk: Disk): Promise<string> => {
  await disk.rename(file, `${file}.damaged`);
  return `${basename(file)}.damaged`;
};

/** What is gone for good although the state is known: events that were acknowledged, and history. */
const lossesOf = ({ state, last }: Replayed, mark: number): string[] => {
  const { seq } = state;
  const end = last?.end.seq ?? 0;
  const lost = `${eventsText(seq + 1, mark)} had been acknowledged and ${mark > seq + 1 ? 'are' : 'is'} gone from the journal: what was done then has to be done again`;
  const unlisted = `the journal has lost ${eventsText(end + 1, seq)}: the state is whole, but what happened then cannot be listed`;
  return [...(mark > seq ? [lost] : []), ...(end < seq ? [unlisted] : [])];
};

type Files = Pick<Paths, 'journal' | 'projection'>;

/** The event of a projection that is sound and of this version's format; null for any other. */
const presentSeq = (reading: Reading): number | null =>
  reading.projection !== null && !reading.old ? reading.projection.seq : null;

/**
 * Puts away what a later version wrote, once the journal has led as far without it: gives what there is to tell. Rejects where
 * it knows more than the journal, for then it is the only one that does.
 */
const putAway = async (later: readonly Later[], { state }: Replayed, disk: Disk): Promise<string[]> => {
  for (const { file, error } of later) if ((await seqOf(file, disk)) > state.seq) throw error;
  const repairs: string[] = [];
  for (const { file } of later) {
    await disk.rename(file, `${file}.newer`);
    repairs.push(`${basename(file)} was written by a later version of Drover: kept as ${basename(file)}.newer`);
  }
  return repairs;
};

/**
 * What the journal leads to by itself. A later version may have let go of what came before, or know what no journal does: then
 * what it wrote is what is missed, and nothing is damaged.
 */
const fromJournal = async (
  { journal }: Files,
  refs: readonly SegmentRef[],
  [first]: readonly Later[],
  { disk, release }: { readonly disk: Disk; readonly release: string | undefined },
): Promise<Replayed> => {
  try {
    const replayed = await replayAll(refs, readBases(journal, { disk, release }), disk);
    const beside = await laterBeside(journal, disk, release);
    if (beside && (await seqOf(beside.file, disk)) > replayed.state.seq) throw beside.error;
    return replayed;
  } catch (error) {
    if (!storeDamaged.matches(error)) throw error;
    throw (first ?? (await laterBeside(journal, disk, release)))?.error ?? error;
  }
};

/** The state of a swarm from what is on the disk: the newest projection that is sound, and the journal after it. */
export const recover = async (paths: Files, mark: number, disk: Disk, release?: string): Promise<Recovered> => {
  const refs = await listSegments(paths.journal, disk);
  const repairs: string[] = [];
  const later: Later[] = [];
  let missing: string | undefined;
  const done = async (replayed: Replayed, source: string, written: number | null): Promise<Recovered> => {
    const { state, crc, last } = replayed;
    repairs.unshift(...(await putAway(later, replayed, disk)));
    if (missing !== undefined && state.seq > 0) repairs.unshift(`${missing} was missing`);
    if (repairs.length > 0) repairs.push(`the state was rebuilt from ${source}`);
    if (refs.length === 0 && state.seq > 0)
      repairs.push('the journal was missing: events go on from the state that was kept, older ones cannot be listed');
    if (last?.torn) repairs.push(tornText(last, mark));
    const gap = state.seq > (last?.end.seq ?? 0);
    return { state, crc, last, written, repairs, losses: lossesOf(replayed, mark), gap };
  };
  for (const file of [paths.projection, backupOf(paths.projection)]) {
    const reading = await readOrLater(file, disk, release);
    if ('error' in reading) {
      later.push(reading);
      continue;
    }
    const replayed = reading.projection
      ? await replay(refs, await startOf(paths.journal, reading.projection, { disk, release }), disk)
      : reading.why;
    if (replayed !== null && typeof replayed !== 'string') {
      return done(replayed, sourceOf(file, refs), file === paths.projection ? presentSeq(reading) : null);
    }
    if (replayed !== null)
      repairs.push(`${basename(file)} was damaged (${replayed}): kept as ${await setAside(file, disk)}`);
    else if (file === paths.projection) missing = basename(file);
  }
  return done(await fromJournal(paths, refs, later, { disk, release }), 'the journal', null);
};

/** What is said of an end that was cut off. Nobody was told of it, unless the mark knows better. */
const tornText = ({ torn, end }: Segment, mark: number): string =>
  mark > end.seq ? `${torn}: dropped` : `${torn}, which nobody was told had happened: dropped`;

const sourceOf = (file: string, refs: readonly SegmentRef[]): string =>
  refs.length === 0 ? basename(file) : `${basename(file)} and the journal`;
