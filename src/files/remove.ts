import { randomUUID } from 'node:crypto';
import { constants, existsSync } from 'node:fs';
import { chmod, type FileHandle, open, readdir, rename, rm, rmdir, unlink } from 'node:fs/promises';
import { codeOf } from '../lib/errors.ts';
import { isMissing } from '../lib/missing.ts';

/** Each folder on the way down is held open: what lies deeper is first put to the top. */
const DEEPEST = 256;

/** So often what was put to the top is gone through: whoever works there may put more there meanwhile. */
const ROUNDS = 10_000;

/** So many files of a folder are removed at once. */
const AT_ONCE = 50;

/** To hold a folder that may not even be read; Node has no name for it. */
const O_PATH = 0o10000000;

const FOLDER = constants.O_DIRECTORY | constants.O_NOFOLLOW;

const isFolder = (error: unknown): boolean => ['EISDIR', 'EPERM'].includes(codeOf(error));

const byNumber = ({ fd }: FileHandle): string => `/proc/self/fd/${fd}`;

/** Opens a folder, and lets its owner do everything in it: programs leave some that nobody may write, as Go does. */
const openFolder = async (path: string): Promise<FileHandle> => {
  const held = await open(path, O_PATH | FOLDER);
  try {
    if (((await held.stat()).mode & 0o700) !== 0o700) await chmod(byNumber(held), 0o700);
    return await open(byNumber(held), constants.O_RDONLY | constants.O_DIRECTORY);
  } finally {
    await held.close();
  }
};

/** Removes a file; whether it is a folder instead. */
const isLeftFolder = async (path: string): Promise<boolean> => {
  try {
    await unlink(path);
    return false;
  } catch (error) {
    if (isMissing(error)) return false;
    if (isFolder(error)) return true;
    throw error;
  }
};

/** Puts a folder with all that is in it to the top, under a name that nobody has taken. */
const lift = async (path: string, top: FileHandle): Promise<void> => {
  await (await openFolder(path)).close();
  await rename(path, `${byNumber(top)}/.drover-${randomUUID()}`);
};

/** Removes what is in a folder; what lies too deep is in the topmost one then. */
const emptyFolder = async (held: FileHandle, top: FileHandle, depth: number): Promise<void> => {
  const here = byNumber(held);
  const names = await readdir(here);
  for (let first = 0; first < names.length; first += AT_ONCE) {
    const paths = names.slice(first, first + AT_ONCE).map((name) => `${here}/${name}`);
    const areFolders = await Promise.all(paths.map(isLeftFolder));
    for (const [n, one] of paths.entries()) if (areFolders[n]) await removeBelow(one, top, depth + 1);
  }
};

const removeBelow = async (path: string, top: FileHandle, depth: number): Promise<void> => {
  if (depth > DEEPEST) return lift(path, top);
  const held = await openFolder(path);
  try {
    await emptyFolder(held, top, depth);
  } finally {
    await held.close();
  }
  await rmdir(path);
};

const removeFolder = async (path: string): Promise<void> => {
  const top = await openFolder(path);
  try {
    for (let round = 0; round < ROUNDS; round += 1) {
      await emptyFolder(top, top, 0);
      if (!(await readdir(byNumber(top))).some((name) => name.startsWith('.drover-'))) break;
    }
  } finally {
    await top.close();
  }
  await rmdir(path);
};

/**
 * Removes a file, or a folder with all that is in it, where somebody may put a link in the place of anything at any moment: a
 * folder is held open, and its entries are named by that and not by their path. Most of what is removed is a file.
 */
export const remove = async (path: string): Promise<void> => {
  if (!(await isLeftFolder(path))) return;
  // Where folders cannot be named so, nobody is shut in either.
  if (existsSync('/proc/self/fd')) await removeFolder(path);
  else await rm(path, { force: true, recursive: true });
};
