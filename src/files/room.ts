import type { StatsFs } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';

/** The disk of a path; what is not there yet will be where its nearest folder is. Null where nobody can say. */
const diskOf = async (path: string): Promise<StatsFs | null> => {
  try {
    return await statfs(path);
  } catch {
    const above = dirname(path);
    return above === path ? null : diskOf(above);
  }
};

/** The bytes that are free for us on the disk of a path. */
export const findRoom = async (path: string): Promise<number | null> => {
  const disk = await diskOf(path);
  return disk && disk.bavail * disk.bsize;
};

/** How many more files fit on the disk of a path, and how many do at all; null where it has no number of them. */
export const findFreeFiles = async (path: string): Promise<{ free: number; all: number } | null> => {
  const disk = await diskOf(path);
  return disk && disk.files > 0 ? { free: disk.ffree, all: disk.files } : null;
};
