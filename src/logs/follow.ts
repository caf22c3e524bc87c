import { type FileHandle, open, stat } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { ScreenSink } from '../ports/swarm.ts';
import { type Alarm, logAlarm } from './alarm.ts';
import { CHUNK_BYTES } from './read.ts';
import { unlessMissing } from '../lib/missing.ts';
import { type Segments, seedOf, segmentFile, segmentsOf } from './segments.ts';

export type FollowOptions = {
  /** Size of the screen where the log has no photograph to begin with. */
  readonly size: { readonly cols: number; readonly rows: number };
  readonly signal?: AbortSignal;
  /** How often the folder is looked at where the system reports nothing of it (default 500); where it does, ten times more seldom. */
  readonly pollMs?: number;
};

export type Follower = {
  close(): void;
  /** Resolves when nothing more will come: with null after `close`, else with what made reading impossible. */
  readonly ended: Promise<unknown>;
};

type OpenSegment = { readonly segment: number; readonly file: FileHandle; offset: number };
type Reader = {
  readonly dir: string;
  readonly sink: ScreenSink;
  readonly options: FollowOptions;
  readonly signal: AbortSignal;
  readonly scratch: Uint8Array;
  place: OpenSegment | null;
};

// A photograph takes milliseconds; one that is still unfinished after this was given up.
const PENDING_MS = 2_000;
// New photographs are looked for this often while a terminal never pauses.
const SCAN_MS = 250;
/** What is printed within this time after something was read is read together: each look costs more than its bytes. */
const REST_MS = 10;

const goTo = async (reader: Reader, segment: number): Promise<boolean> => {
  const file = await unlessMissing(open(segmentFile(reader.dir, segment, 'log'), 'r'));
  if (!file) return false;
  await reader.place?.file.close();
  reader.place = { segment, file, offset: 0 };
  return true;
};

/** Goes on in a segment without a break where it can, else with a new screen. */
const enter = async (reader: Reader, segment: number, seamless: boolean): Promise<boolean> => {
  const seed = await seedOf(reader.dir, segment);
  if (!(await goTo(reader, segment))) return false;
  if (seed) reader.sink.reset({ cols: seed.cols, rows: seed.rows, text: seed.text });
  else if (!seamless) reader.sink.reset({ ...reader.options.size, text: '' });
  return true;
};

/** Passes on what the segment has beyond what was read. False when there was nothing; there may be more else. */
const drain = async (reader: Reader, until: number): Promise<boolean> => {
  const { place, scratch, signal, sink } = reader;
  let any = false;
  while (place && !signal.aborted && performance.now() < until) {
    const { bytesRead } = await place.file.read(scratch, 0, CHUNK_BYTES, place.offset);
    if (bytesRead === 0) return any;
    place.offset += bytesRead;
    any = true;
    // A copy, because the sink may keep it.
    await sink.data(new Uint8Array(scratch.subarray(0, bytesRead)));
    if (bytesRead < CHUNK_BYTES) return any;
  }
  return any;
};

const isPending = async ({ dir }: Reader, { pending }: Segments, segment: number): Promise<boolean> => {
  if (!pending.includes(segment)) return false;
  const file = await unlessMissing(stat(segmentFile(dir, segment, 'seed.part')));
  return file !== undefined && Date.now() - file.mtimeMs < PENDING_MS;
};

/** Moves to where the log goes on. False when it does not go on yet. */
const advance = async (reader: Reader): Promise<boolean> => {
  const found = await segmentsOf(reader.dir);
  const here = reader.place?.segment ?? -1;
  const photographed = found.seeds.filter((segment) => segment > here && found.logs.includes(segment)).at(-1);
  // The old segment was complete before the photograph was; the rest of it belongs to the screen before.
  if (photographed !== undefined) {
    await drain(reader, Number.POSITIVE_INFINITY);
    return enter(reader, photographed, false);
  }
  const next = found.logs.find((segment) => segment > here);
  if (next === undefined || (await isPending(reader, found, next))) return false;
  // Once the next one exists nothing more is written to this one.
  await drain(reader, Number.POSITIVE_INFINITY);
  return enter(reader, next, reader.place !== null && (found.logs.includes(here) || next === here + 1));
};

const readOn = async (reader: Reader, alarm: Alarm): Promise<void> => {
  let scanned = Number.NEGATIVE_INFINITY;
  let isGrown = false;
  while (!reader.signal.aborted) {
    const more = await drain(reader, performance.now() + SCAN_MS);
    if (more) await pause(REST_MS);
    const isDue = performance.now() - scanned >= SCAN_MS;
    if (more && !isDue) continue;
    if (more || !isGrown || isDue) {
      scanned = performance.now();
      if ((await advance(reader)) || more) continue;
    }
    isGrown = !(await alarm());
  }
};

/**
 * Tells the sink the newest known screen of a terminal and then all that it prints, across segments, until it is
 * closed. Where bytes are gone for good the sink is reset to the oldest that are left.
 */
export const followLog = (dir: string, sink: ScreenSink, options: FollowOptions): Follower => {
  const own = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, own.signal]) : own.signal;
  const reader: Reader = { dir, sink, options, signal, scratch: new Uint8Array(CHUNK_BYTES), place: null };
  sink.reset({ ...options.size, text: '' });
  const ended = readOn(reader, logAlarm(dir, options.pollMs ?? 500, signal))
    .then(
      () => null,
      (error: unknown) => error,
    )
    .finally(async () => {
      await reader.place?.file.close();
    });
  return { close: () => own.abort(), ended };
};
