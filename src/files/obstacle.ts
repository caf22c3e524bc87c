import { constants, type Stats } from 'node:fs';
import { access, lstat, stat } from 'node:fs/promises';
import { codeOf } from '../lib/errors.ts';

const MEGABYTE = 1024 * 1024;

/** What the system refuses a path for. */
const REFUSALS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'something in its path is no folder',
  EACCES: 'its permissions do not allow it',
  EPERM: 'its permissions do not allow it',
  ELOOP: 'its links lead in a circle',
  ENAMETOOLONG: 'its path is too long',
};

const refusalOf = (error: unknown): string =>
  REFUSALS[codeOf(error)] ?? `the system refuses it (${codeOf(error) || 'for no known reason'})`;

/** What lies at a path instead of a plain file. */
const kindOf = (info: Stats): string => {
  if (info.isDirectory()) return 'a folder';
  if (info.isFIFO()) return 'a pipe';
  return info.isSocket() ? 'a socket' : 'a device';
};

const missing = async (path: string): Promise<string> => {
  const isLink = await lstat(path).then(
    (info) => info.isSymbolicLink(),
    () => false,
  );
  return isLink ? 'it is a link into nothing' : REFUSALS['ENOENT']!;
};

/**
 * Why a file of at most so many bytes cannot be read at a path, as the end of a sentence; null where it can. Nothing is opened:
 * a pipe or a device would keep us waiting.
 */
export const findObstacle = async (path: string, limit: number): Promise<string | null> => {
  try {
    const info = await stat(path);
    if (!info.isFile()) return `it is ${kindOf(info)}`;
    await access(path, constants.R_OK);
    return info.size > limit ? `it is longer than ${Math.floor(limit / MEGABYTE)} MB` : null;
  } catch (error) {
    return codeOf(error) === 'ENOENT' ? missing(path) : refusalOf(error);
  }
};
