import { randomUUID } from 'node:crypto';
import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '../lib/errors.ts';
import { byNumber, openOwned, withOpenFolder } from './owner-rights.ts';

/** So many letters below the top a path can be named in any case. */
const LONGEST = 1000;

/** Names in a folder that are folders; whoever made them may have closed it to all. */
const foldersIn = async (folder: string): Promise<readonly string[]> => {
  const { held } = await openOwned(folder);
  try {
    const entries = await readdir(byNumber(held), { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  } finally {
    await held.close();
  }
};

/** Puts what lies so deep that it has no path by which it could be named to the top, and goes on from there. */
const liftDeep = async (top: string): Promise<void> => {
  const folders = [top];
  for (const folder of folders)
    for (const name of await foldersIn(folder)) {
      const path = join(folder, name);
      const isDeep = path.length - top.length > LONGEST;
      const lifted = join(top, `.drover-${randomUUID()}`);
      if (isDeep) {
        await (await openOwned(path)).held.close();
        await rename(path, lifted);
      }
      folders.push(isDeep ? lifted : path);
    }
};

/** Removes a folder with all that is in it, also where an agent has closed it to all, or made it as deep as it likes. */
export const removeAll = (path: string): Promise<void> => {
  const remove = () =>
    withOpenFolder(path, () => rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 }));
  return remove().catch(async (error: unknown) => {
    if (codeOf(error) !== 'ENAMETOOLONG') throw error;
    await liftDeep(path);
    return remove();
  });
};
