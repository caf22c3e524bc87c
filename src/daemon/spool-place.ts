import { spoolFolderOf } from '../lib/paths.ts';
import type { Files, Target } from '../ports/target.ts';

/** Makes a folder of the spool where none is; what lies there in its place, a link for instance, is removed. */
export const makeSpoolFolder = async (files: Files, spool: string, owner: string): Promise<void> => {
  const folder = `${spool}/${owner}`;
  const isThere = async (): Promise<boolean> => (await files.folders(spool))?.includes(owner) === true;
  if (await isThere()) return;
  const failure = await files.makeFolder(folder).catch((error: unknown) => error);
  if (await isThere()) return;
  // A spool that is no folder itself is nothing that is in the way here.
  if ((await files.folders(spool)) === null) throw failure;
  await files.remove(folder);
  await files.makeFolder(folder);
};

/**
 * Where the program of an instance leaves its messages: in the folder of its instance, or in the spool itself when it was
 * started by a version that made none.
 */
export const findSpool = async ({ files, paths }: Target, instance: string): Promise<string> =>
  (await files.folders(paths.spool))?.includes(instance) ? spoolFolderOf(paths, instance) : paths.spool;
