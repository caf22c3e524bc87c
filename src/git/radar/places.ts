import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '../../lib/errors.ts';

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
};

/** A list of folders of objects, as git takes it from its environment. */
export const alternates = (folders: readonly string[]): string =>
  folders.map((folder) => (/[:"\\]/u.test(folder) ? JSON.stringify(folder) : folder)).join(':');

/**
 * The folder of this process for what it looks at: copies of indexes, and the objects of uncommitted work, which are
 * never written into the repository. What processes left there that are over is deleted.
 */
export const radarFolder = async (commonDir: string): Promise<string> => {
  const all = join(commonDir, 'drover', 'radar');
  const left = await readdir(all).catch(() => []);
  const over = left.filter((name) => Number(name) === process.pid || !isAlive(Number(name)));
  await Promise.all(over.map((name) => rm(join(all, name), { recursive: true, force: true })));
  return join(all, String(process.pid));
};
