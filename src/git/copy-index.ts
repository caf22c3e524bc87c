import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

/** An index of some millions of files, in bytes: it is in memory as a whole. */
const LARGEST = 512 * 1024 * 1024;

/**
 * Copies an index in which an agent can write: only a plain file, and no link to one. The copy is as old as the original,
 * because git believes of a file that has changed since then nothing that it has not read again: in a younger copy a
 * change of the same second that kept the length would be taken for none. With `wx` nothing may be in its place, as where
 * an agent could have put a link there.
 */
export const copyIndex = async (from: string, to: string, flag: 'w' | 'wx' = 'w'): Promise<void> => {
  const file = await open(from, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const info = await file.stat();
    if (!info.isFile()) throw new Error(`${from} is no plain file`);
    if (info.size > LARGEST) throw new Error(`${from} is larger than ${LARGEST / 1024 / 1024} MiB`);
    const copy = await open(to, flag, 0o600);
    try {
      await copy.writeFile(await file.readFile());
      await copy.utimes(info.atime, info.mtime);
    } finally {
      await copy.close();
    }
  } finally {
    await file.close();
  }
};
