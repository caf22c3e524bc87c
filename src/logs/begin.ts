import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import type { Seed } from '../ports/index.ts';
import { unlessMissing } from '../lib/missing.ts';
import { segmentFile, segmentsOf } from './segments.ts';

/** What earlier starts of an agent printed stays up to this size, in this many pieces. */
const KEEP_BYTES = 12 * 1024 * 1024;
const KEEP_SEGMENTS = 100;

/** Removes the oldest segments beyond what is kept. */
const removeOld = async (folder: string, segments: readonly number[]): Promise<void> => {
  let kept = 0;
  for (const [index, segment] of segments.toReversed().entries()) {
    const log = segmentFile(folder, segment, 'log');
    kept += (await unlessMissing(stat(log)))?.size ?? 0;
    if (kept <= KEEP_BYTES && index < KEEP_SEGMENTS) continue;
    await rm(log, { force: true });
    await rm(segmentFile(folder, segment, 'seed'), { force: true });
  }
};

/**
 * Prepares the log of a new start and gives its first segment. It begins with an empty screen, so that whoever follows
 * it need not read what earlier starts printed.
 */
export const beginLog = async (folder: string, size: { cols: number; rows: number }): Promise<number> => {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const { logs, seeds, pending } = await segmentsOf(folder);
  const taken = [...new Set([...logs, ...seeds, ...pending])].toSorted((a, b) => a - b);
  await removeOld(folder, taken);
  const segment = (taken.at(-1) ?? 0) + 1;
  const seed: Seed = { segment, cols: size.cols, rows: size.rows, text: '' };
  await writeFile(segmentFile(folder, segment, 'seed'), JSON.stringify(seed), { mode: 0o600 });
  return segment;
};
