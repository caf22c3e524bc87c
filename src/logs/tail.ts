import { open, stat } from 'node:fs/promises';
import { logAlarm } from './alarm.ts';
import { CHUNK_BYTES } from './read.ts';
import { unlessMissing } from '../lib/missing.ts';
import { type LogPlace, segmentFile, segmentsOf } from './segments.ts';

export type TailOptions = {
  /** How much of what was printed before comes first. */
  readonly tailBytes: number;
  /** Where to begin instead. */
  readonly from?: LogPlace;
  readonly signal: AbortSignal;
  /** How often the folder is looked at although the system reported nothing (default 500). */
  readonly pollMs?: number;
};

type Position = { segment: number; offset: number };

/** Where the last bytes of a log begin. */
const startOf = async (dir: string, tailBytes: number): Promise<Position> => {
  let left = tailBytes;
  const { logs } = await segmentsOf(dir);
  for (const segment of logs.toReversed()) {
    const size = (await unlessMissing(stat(segmentFile(dir, segment, 'log'))))?.size ?? 0;
    if (size >= left) return { segment, offset: size - left };
    left -= size;
  }
  return { segment: logs[0] ?? -1, offset: 0 };
};

/** What a segment has beyond a place, which goes along. */
async function* rest(dir: string, place: Position): AsyncGenerator<Uint8Array> {
  const file = place.segment < 0 ? null : await unlessMissing(open(segmentFile(dir, place.segment, 'log'), 'r'));
  if (!file) return;
  try {
    for (;;) {
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(CHUNK_BYTES), 0, CHUNK_BYTES, place.offset);
      if (bytesRead === 0) return;
      place.offset += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

/** The last bytes that are kept of a terminal and then all that it prints: in order, each byte once, until the signal aborts. */
export async function* tailLog(
  dir: string,
  { tailBytes, from, signal, pollMs = 500 }: TailOptions,
): AsyncGenerator<Uint8Array> {
  const alarm = logAlarm(dir, pollMs, signal);
  let place: Position = from ? { ...from } : await startOf(dir, tailBytes);
  let before: Position | null = null;
  while (!signal.aborted) {
    // Hardly anything is written to a segment once a later one exists: so look first, and read to the end then.
    const later = (await segmentsOf(dir)).logs.find((segment) => segment > place.segment);
    // A writer that was replaced may still have had something in its pipe.
    if (before) yield* rest(dir, before);
    yield* rest(dir, place);
    if (later === undefined) await alarm();
    else [before, place] = [place, { segment: later, offset: 0 }];
  }
}
