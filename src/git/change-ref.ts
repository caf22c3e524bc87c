import { withRefNote } from './ref-notes.ts';
import { unlockRef } from './stale-locks.ts';

type Place = { readonly root: string; readonly commonDir: string };

/**
 * Changes a ref, with a note of that on the disk. A lock that git left in an earlier change of ours, when both were killed, goes
 * before: the note of that one tells whose it was, and this one takes its place.
 */
export const changeRef = async <T>(place: Place, ref: string, work: () => Promise<T>): Promise<T> => {
  await unlockRef(place, ref);
  return withRefNote(place.commonDir, ref, work);
};
