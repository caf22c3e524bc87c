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
  if (from) {
    const { logs } = await segmentsOf(dir);
    for (const segment of logs.filter((one) => one >= from.segment))
      yield* readFrom(segmentFile(dir, segment, 'log'), segment === from.segment ? from.offset : 0);
    return;
  }
  for await (const { bytes } of readPlaced(dir, options.tailBytes)) yield bytes;
}

/** All bytes that are kept, or the last ones, each piece with the place where it begins. */
export async function* readPlaced(
  dir: string,
  tailBytes?: number,
): AsyncGenerator<{ readonly place: LogPlace; readonly bytes: Uint8Array }> {
  const { logs } = await segmentsOf(dir);
  const paths = logs.map((segment) => segmentFile(dir, segment, 'log'));
  const sizes = await Promise.all(paths.map(async (path) => (await unlessMissing(stat(path)))?.size ?? 0));
  let skip = tailBytes === undefined ? 0 : sizes.reduce((sum, size) => sum + size, 0) - tailBytes;
  for (const [i, path] of paths.entries()) {
    const size = sizes[i]!;
    let offset = Math.max(0, skip);
    if (skip < size || size === 0)
      for await (const bytes of readFrom(path, offset)) {
        yield { place: { segment: logs[i]!, offset }, bytes };
        offset += bytes.length;
      }
    skip -= size;
  }
}
