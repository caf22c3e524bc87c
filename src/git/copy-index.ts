import { constants } from 'node:fs';
import { open, utimes, writeFile } from 'node:fs/promises';

/**
 * Copies an index in which an agent can write: only a plain file, and no link to one. The copy is as old as the original,
 * because git believes of a file that has changed since then nothing that it has not read again: in a younger copy a
 * change of the same second that kept the length would be taken for none.
 */
export const copyIndex = async (from: string, to: string): Promise<void> => {
  const file = await open(from, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const info = await file.stat();
    if (!info.isFile()) throw new Error(`${from} is no plain file`);
    await writeFile(to, await file.readFile(), { mode: 0o600 });
    await utimes(to, info.atime, info.mtime);
  } finally {
    await file.close();
  }
};
