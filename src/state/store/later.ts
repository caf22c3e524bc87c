import type { AppError } from '../../lib/errors.ts';
import { type Disk, realDisk } from './disk.ts';
import { storeNewer } from './errors.ts';
import { type Reading, readProjection } from './projection.ts';

/** A state that a later version wrote, which only that one may read. */
export type Later = { readonly file: string; readonly error: AppError };

/** What `readProjection` gives, with what it says of a later version as a value. */
export const readOrLater = async (
  file: string,
  disk: Disk = realDisk,
  release?: string | undefined,
): Promise<Reading | Later> => {
  try {
    return await readProjection(file, disk, release);
  } catch (error) {
    if (storeNewer.matches(error)) return { file, error };
    throw error;
  }
};

/** The event that a state of a later version is of; none is late enough where it does not say so. */
export const seqOf = async (file: string, disk: Disk = realDisk): Promise<number> => {
  const { seq } = JSON.parse((await disk.read(file)).toString()) as { readonly seq?: unknown };
  return typeof seq === 'number' ? seq : Number.POSITIVE_INFINITY;
};
