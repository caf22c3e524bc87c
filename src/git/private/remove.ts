import { readdir, rmdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '../../lib/errors.ts';
import { isMissing } from '../../lib/missing.ts';
import { byNumber, openOwned } from '../owner-rights.ts';

/** What git keeps of something that is under way lies no deeper. */
const DEEPEST = 4;

const isFolder = (error: unknown): boolean => ['EISDIR', 'EPERM'].includes(codeOf(error));

/**
 * Removes a file, or a folder with what is in it, where somebody else may put a link in the place of anything at any moment:
 * a folder is held open, and its entries are named by that and not by their path. What is closed to its owner goes as well.
 */
export const removeHeld = async (path: string, depth = DEEPEST): Promise<void> => {
  try {
    await unlink(path);
    return;
  } catch (error) {
    if (isMissing(error)) return;
    if (!isFolder(error) || depth === 0) throw error;
  }
  const { held } = await openOwned(path);
  try {
    const here = byNumber(held);
    for (const name of await readdir(here)) await removeHeld(join(here, name), depth - 1);
  } finally {
    await held.close();
  }
  await rmdir(path);
};
