import { versionOf } from '../../client/package.ts';
import type { AppError } from '../../lib/errors.ts';
import type { Paths } from '../../lib/paths.ts';
import { laterBeside } from '../../state/store/base.ts';
import { realDisk } from '../../state/store/disk.ts';
import { readOrLater, seqOf } from '../../state/store/later.ts';
import { backupOf } from '../../state/store/projection.ts';

/**
 * Why a daemon of this version refuses: what a later one wrote knows more than the journal leads to without it, which is up to
 * this event; undefined where it leads nowhere.
 */
export const newerState = async (
  { projection, journal }: Paths,
  reach: number | undefined,
): Promise<AppError | null> => {
  for (const file of [projection, backupOf(projection)]) {
    const read = await readOrLater(file, realDisk, versionOf());
    if ('error' in read && (reach === undefined || (await seqOf(file)) > reach)) return read.error;
  }
  if (reach !== undefined) return null;
  return (await laterBeside(journal, realDisk, versionOf()))?.error ?? null;
};
