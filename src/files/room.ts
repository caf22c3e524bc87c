import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';

/** The bytes that are free for us on the disk of a path; what is not there yet will be where its nearest folder is. */
export const findRoom = async (path: string): Promise<number | null> => {
  try {
    const { bavail, bsize } = await statfs(path);
    return bavail * bsize;
  } catch {
    const above = dirname(path);
    return above === path ? null : findRoom(above);
  }
};
