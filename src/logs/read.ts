import { open, stat } from 'node:fs/promises';
import { unlessMissing } from '../lib/missing.ts';
import { type LogPlace, segmentFile, segmentsOf } from './segments.ts';

/** No more than this is in memory at a time. */
export const CHUNK_BYTES = 256 * 1024;

async function* readFrom(path: string, position: number): AsyncGenerator<Uint8Array> {
  const file = await unlessMissing(open(path, 'r'));
  if (!file) return;
  try {
    let at = position;
    for (;;) {
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(CHUNK_BYTES), 0, CHUNK_BYTES, at);
      if (bytesRead === 0) return;
      at += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

export type ReadOptions = { readonly tailBytes?: number; readonly from?: LogPlace };

/** All bytes that are kept of a terminal, or the last ones, or those from a place on, in order and as they were printed. */
export async function* readLog(dir: string, options: ReadOptions = {}): AsyncGenerator<Uint8Array> {
  const { from } = options;
  const { logs } = await segmentsOf(dir);
  if (from) {
    for (const segment of logs.filter((one) => one >= from.segment))
      yield* readFrom(segmentFile(dir, segment, 'log'), segment === from.segment ? from.offset : 0);
    return;
  }
  const paths = logs.map((segment) => segmentFile(dir, segment, 'log'));
  const sizes = await Promise.all(paths.map(async (path) => (await unlessMissing(stat(path)))?.size ?? 0));
  let skip = options.tailBytes === undefined ? 0 : sizes.reduce((sum, size) => sum + size, 0) - options.tailBytes;
  for (const [i, path] of paths.entries()) {
    const size = sizes[i]!;
    if (skip < size || size === 0) yield* readFrom(path, Math.max(0, skip));
    skip -= size;
  }
}
