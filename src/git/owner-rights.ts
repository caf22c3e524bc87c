import { constants } from 'node:fs';
import { chmod, type FileHandle, open, readdir } from 'node:fs/promises';
import { codeOf } from '../lib/errors.ts';

/** To hold what may not even be read; Node has no name for it. */
const O_PATH = 0o10000000;

const FOLDER = constants.O_DIRECTORY | constants.O_NOFOLLOW;

/** Deeper lies nothing that a program leaves on purpose; each folder on the way down is held open. */
const DEEPEST = 256;

export const byNumber = ({ fd }: FileHandle): string => `/proc/self/fd/${fd}`;

/** Lets the owner of a file or folder have these rights on it; whether they did not. A link is nothing to be given rights on. */
const giveRights = async (held: FileHandle, rights: number): Promise<boolean> => {
  const { mode } = await held.stat();
  if ((mode & rights) === rights) return false;
  await chmod(byNumber(held), (mode & 0o777) | rights);
  return true;
};

/** Opens a folder, and lets its owner do everything in it. */
export const openOwned = async (path: string): Promise<{ held: FileHandle; wasClosed: boolean }> => {
  const found = await open(path, O_PATH | FOLDER);
  try {
    const wasClosed = await giveRights(found, 0o700);
    return { held: await open(byNumber(found), constants.O_RDONLY | constants.O_DIRECTORY), wasClosed };
  } finally {
    await found.close();
  }
};

const openFile = async (path: string): Promise<boolean> => {
  const held = await open(path, O_PATH | constants.O_NOFOLLOW);
  try {
    return (await held.stat()).isFile() && (await giveRights(held, 0o400));
  } finally {
    await held.close();
  }
};

/** What is not theirs, or has gone meanwhile, is passed by, and holds up nothing beside it. */
const passing = async (work: Promise<boolean>): Promise<boolean> => {
  try {
    return await work;
  } catch (error) {
    if (['EPERM', 'EACCES', 'EROFS', 'ENOENT', 'ENOTDIR', 'ELOOP'].includes(codeOf(error))) return false;
    throw error;
  }
};

const openBelow = async (path: string, files: boolean, depth: number): Promise<boolean> => {
  if (depth > DEEPEST) return false;
  const { held, wasClosed } = await openOwned(path);
  let isChanged = wasClosed;
  try {
    const here = byNumber(held);
    for (const entry of await readdir(here, { withFileTypes: true })) {
      const one = `${here}/${entry.name}`;
      if (entry.isDirectory()) isChanged = (await passing(openBelow(one, files, depth + 1))) || isChanged;
      else if (files && entry.isFile()) isChanged = (await passing(openFile(one))) || isChanged;
    }
  } finally {
    await held.close();
  }
  return isChanged;
};

/**
 * Gives the owner of a folder back what they, or a program of theirs, took from themselves by modes: the folders in it can be
 * read and written, and with `files` those can be read. Whether anything was closed. What is not theirs stays as it is.
 */
export const openUp = (path: string, { files = false } = {}): Promise<boolean> => passing(openBelow(path, files, 0));

/** Whether something failed for want of rights; a program that was run for it says so in its own words. */
const isOfRights = (error: unknown): boolean =>
  ['EACCES', 'EPERM'].includes(codeOf(error)) ||
  (error instanceof Error && (/permission denied|not permitted/iu.test(error.message) || isOfRights(error.cause)));

/** Does it, and where it fails for want of rights once more, if something of the folder was closed to its owner. */
export const withOpenFolder = async <T>(path: string, work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    if (!isOfRights(error) || !(await openUp(path, { files: true }))) throw error;
    return work();
  }
};

/** The same for what reads the folder itself. */
export const withOpenTop = async <T>(path: string, work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    if (codeOf(error) !== 'EACCES') throw error;
    const opened = await openOwned(path).catch(() => undefined);
    await opened?.held.close();
    if (!opened?.wasClosed) throw error;
    return work();
  }
};
