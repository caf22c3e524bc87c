import { basename } from 'node:path';
import { AppError } from '../../lib/errors.ts';
import { lastGap } from './base.ts';
import { type Disk, realDisk } from './disk.ts';
import { storeDamaged } from './errors.ts';
import type { Position } from '../reducer.ts';
import { isLetGo, listSegments, type Scanned, type SegmentRef, scanSegment } from './segment.ts';

/** What is wrong with a segment, and which events cannot be read because of it. */
export type Fault = { readonly what: string; readonly from: number; readonly to: number };

/** A segment that was looked at; `sound` is what of it can be read, null where nothing can. */
export type Checked = {
  readonly ref: SegmentRef;
  readonly sound: Scanned | null;
  readonly fault: Fault | null;
  /** Why it cannot be read although it is not damaged: it is of a later version. */
  readonly refusal: AppError | null;
};

type Scan = { readonly sound: Scanned | null; readonly damage: AppError | null };

/** Undefined where it was let go of since it was listed. */
const scanOrNull = async (ref: SegmentRef, disk: Disk): Promise<Scan | undefined> => {
  try {
    const sound = await scanSegment(ref, disk);
    return { sound, damage: sound.damage };
  } catch (error) {
    if (error instanceof AppError) return { sound: null, damage: error };
    if (await isLetGo(error, ref, disk)) return undefined;
    throw error;
  }
};

/** The gap between the end of what came before and this segment; undefined where there is none, or it is known of. */
const gapBefore = (ref: SegmentRef, sound: Scanned | null, before: Position, known: number) => {
  if (ref.first <= known) return undefined;
  if (ref.first > before.seq + 1)
    return { what: `the journal lacks what is before ${basename(ref.path)}`, from: before.seq + 1, to: ref.first - 1 };
  if (!sound || (ref.first === before.seq + 1 && sound.start === before.crc)) return undefined;
  return { what: `${basename(ref.path)} does not continue what is before it`, from: ref.first, to: sound.end.seq };
};

/** What is wrong inside of a segment; a torn end is right at the end of the journal alone. */
const faultInside = (ref: SegmentRef, next: SegmentRef | undefined, { sound, damage }: Scan): Fault | undefined => {
  const isCut = next !== undefined && sound !== null && sound.torn !== null;
  if (!damage && !isCut) return undefined;
  const from = (sound?.end.seq ?? ref.first - 1) + 1;
  const what = damage?.message ?? `the end of ${basename(ref.path)} is missing`;
  return { what, from, to: Math.max(from, (next?.first ?? 0) - 1) };
};

/** Where the next segment says that it begins: a fault is told once, and what follows is judged by itself. */
const beginOf = async (next: SegmentRef | undefined, disk: Disk): Promise<Position> => ({
  seq: (next?.first ?? 1) - 1,
  crc: next ? ((await scanOrNull(next, disk))?.sound?.start ?? 0) : 0,
});

/**
 * Looks at every segment of the journal, those that no start reads as well, and says of each what is wrong. Whoever goes
 * through them may take a rest between two.
 */
export const checkJournal = async function* (
  journal: string,
  disk: Disk = realDisk,
): AsyncGenerator<Checked, void, void> {
  const refs = await listSegments(journal, disk);
  let known = await lastGap(journal, disk);
  let before: Position = { seq: 0, crc: 0 };
  for (const [index, ref] of refs.entries()) {
    const next = refs[index + 1];
    const scan = await scanOrNull(ref, disk);
    if (!scan) {
      known = await lastGap(journal, disk);
      continue;
    }
    const { sound, damage } = scan;
    const fault = faultInside(ref, next, scan) ?? gapBefore(ref, sound, before, known) ?? null;
    yield { ref, sound, fault, refusal: damage && !storeDamaged.matches(damage) ? damage : null };
    before = sound && !fault ? sound.end : await beginOf(next, disk);
  }
};
