import { stat } from 'node:fs/promises';

/** Whether a folder is there, also one that may not be read, without looking at what is in it. */
export const isFolder = async (path: string): Promise<boolean> =>
  (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
