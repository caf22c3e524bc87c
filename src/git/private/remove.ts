import { constants } from 'node:fs';
import { open, readdir, rmdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '../../lib/errors.ts';
import { isMissing } from '../../lib/missing.ts';

/** What git keeps of something that is under way lies no deeper. */
const DEEPEST = 4;

const isFolder = (error: unknown): boolean => ['EISDIR', 'EPERM'].includes(codeOf(error));

/**
 * Removes a file, or a folder with what is in it, where somebody else may put a link in the place of anything at any moment:
 * a folder is held open, and its entries are named by that and not by their path.
 */
export const removeHeld = async (path: string, depth = DEEPEST): Promise<void> => {
  try {
    await unlink(path);
    return;
  } catch (error) {
    if (isMissing(error)) return;
    if (!isFolder(error) || depth === 0) throw error;
  }
  const held = await open(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  try {
    const here = `/proc/self/fd/${held.fd}`;
    for (const name of await readdir(here)) await removeHeld(join(here, name), depth - 1);
  } finally {
    await held.close();
  }
  await rmdir(path);
};
