import { rename } from 'node:fs/promises';
import { basename } from 'node:path';
import { decodeEvent } from '../decode.ts';
import { type AppEvent, emptyState, reduceAll, type State } from '../index.ts';
import { storeDamaged } from './errors.ts';
import { backupOf, readProjection } from './projection.ts';
import { readSegment, type Segment, type SegmentRef, segmentsAfter } from './segment.ts';

/** A state and the checksum of the journal at its last event. */
export type Tip = { readonly state: State; readonly crc: number };

export type Recovered = Tip & {
  /** The segment to be continued; null when there is none. Its torn end, if any, is behind `end.offset`. */
  readonly last: Segment | null;
  /** The event that `db.json` on the disk is of; null when it has to be written anew. */
  readonly written: number | null;
  readonly repairs: readonly string[];
};

type Replayed = Tip & { readonly last: Segment | null };

const EMPTY: Tip = { state: emptyState, crc: 0 };

/** The text tells why the starting point does not belong to this journal; undefined when it does. */
const mismatch = (segment: Segment, { state: { seq }, crc }: Tip): string | undefined => {
  if (seq > segment.end.seq) return undefined;
  const there = seq < segment.first ? segment.start : segment.lines[seq - segment.first]!.crc;
  return there === crc ? undefined : 'it does not belong to this journal';
};

const assertFollows = (segment: Segment, before: Segment): void => {
  if (before.torn !== null)
    throw storeDamaged({ file: before.path, line: before.lines.length + 2, what: 'its end is missing' });
  if (segment.first !== before.end.seq + 1 || segment.start !== before.end.crc)
    throw storeDamaged({ file: segment.path, line: 1, what: `it does not continue ${basename(before.path)}` });
};

const foldSegment = (from: State, segment: Segment): State => {
  const events = segment.lines.flatMap(({ seq, json }, index): AppEvent[] => {
    if (seq <= from.seq) return [];
    const event = decodeEvent(json.toString());
    if (event.seq !== seq)
      throw storeDamaged({
        file: segment.path,
        line: index + 2,
        what: `it holds event ${event.seq} instead of ${seq}`,
      });
    return [event];
  });
  return reduceAll(from, events);
};

/** Folds what the journal has behind a starting point; the text says why it cannot start there. */
export const replay = async (refs: readonly SegmentRef[], from: Tip): Promise<Replayed | string> => {
  const needed = segmentsAfter(refs, from.state.seq);
  if (needed.length === 0 && refs.length > 0) return `the journal begins at event ${refs[0]!.first}`;
  let { state, crc } = from;
  let last: Segment | null = null;
  for (const ref of needed) {
    const segment = await readSegment(ref);
    if (last) assertFollows(segment, last);
    const wrong = last ? undefined : mismatch(segment, from);
    if (wrong !== undefined) return wrong;
    state = foldSegment(state, segment);
    crc = segment.end.crc;
    last = segment;
  }
  if (last && last.end.seq < state.seq)
    throw storeDamaged({
      file: last.path,
      line: last.lines.length + 2,
      what: `the journal ends at event ${last.end.seq}, but db.json or its backup knows event ${state.seq}`,
    });
  return { state, crc, last };
};

/** Replays the whole journal without any projection. */
export const replayAll = async (refs: readonly SegmentRef[]): Promise<Replayed> => {
  const replayed = await replay(refs, EMPTY);
  if (typeof replayed === 'string') throw storeDamaged({ file: refs[0]!.path, line: 1, what: replayed });
  return replayed;
};

/** Moved out of the way, not deleted: it must not become the backup, and somebody may want to look at it. */
const setAside = async (file: string): Promise<string> => {
  await rename(file, `${file}.damaged`);
  return `${basename(file)}.damaged`;
};

/** The state of a swarm from what is on the disk: the newest projection that is sound, and the journal after it. */
export const recover = async (projectionFile: string, refs: readonly SegmentRef[]): Promise<Recovered> => {
  const repairs: string[] = [];
  let missing: string | undefined;
  const done = ({ state, crc, last }: Replayed, source: string, written: number | null): Recovered => {
    if (missing !== undefined && state.seq > 0) repairs.unshift(`${missing} was missing`);
    if (repairs.length > 0) repairs.push(`the state was rebuilt from ${source}`);
    if (refs.length === 0 && state.seq > 0)
      repairs.push('the journal was missing: events go on from the state that was kept, older ones cannot be listed');
    if (last?.torn) repairs.push(last.torn);
    return { state, crc, last, written, repairs };
  };
  for (const file of [projectionFile, backupOf(projectionFile)]) {
    const reading = await readProjection(file);
    const replayed = reading.projection ? await replay(refs, reading.projection) : reading.why;
    if (replayed !== null && typeof replayed !== 'string') {
      const sound = file === projectionFile && reading.projection !== null && !reading.old;
      return done(replayed, sourceOf(file, refs), sound ? reading.projection.seq : null);
    }
    if (replayed !== null) repairs.push(`${basename(file)} was damaged (${replayed}): kept as ${await setAside(file)}`);
    else if (file === projectionFile) missing = basename(file);
  }
  return done(await replayAll(refs), 'the journal', null);
};

const sourceOf = (file: string, refs: readonly SegmentRef[]): string =>
  refs.length === 0 ? basename(file) : `${basename(file)} and the journal`;
