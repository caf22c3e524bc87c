import { readdir, rmdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '../../lib/errors.ts';
import { isMissing } from '../../lib/missing.ts';
import { linkedPlace } from '../errors.ts';
import { byNumber, openOwned } from '../owner-rights.ts';

/** What git keeps of something that is under way lies by far no deeper; each folder on the way down is held open. */
const DEEPEST = 256;

const isFolder = (error: unknown): boolean => ['EISDIR', 'EPERM'].includes(codeOf(error));

/**
 * Removes a file, or a folder with what is in it, where somebody else may put a link in the place of anything at any moment:
 * a folder is held open, and its entries are named by that and not by their path. What is closed to its owner goes as well.
 */
export const removeHeld = (path: string): Promise<void> => removeBelow(path, { depth: DEEPEST, top: path });

const removeBelow = async (path: string, { depth, top }: { depth: number; top: string }): Promise<void> => {
  try {
    await unlink(path);
    return;
  } catch (error) {
    if (isMissing(error)) return;
    if (!isFolder(error)) throw error;
    if (depth === 0) throw linkedPlace({ path: top, why: `has folders in it that lie more than ${DEEPEST} deep` });
  }
  const { held } = await openOwned(path);
  try {
    const here = byNumber(held);
    for (const name of await readdir(here)) await removeBelow(join(here, name), { depth: depth - 1, top });
  } finally {
    await held.close();
  }
  await rmdir(path);
};
