import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { codeOf } from '../lib/errors.ts';

const FILE = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** Opens something, works with its number, and closes it. */
export const within = <T>(path: string, flags: number, work: (opened: number) => T): T => {
  const opened = openSync(path, flags);
  try {
    return work(opened);
  } finally {
    closeSync(opened);
  }
};

const bytesOf = (file: number, most: number): Buffer | undefined => {
  const info = fstatSync(file);
  if (!info.isFile() || info.size > most) return undefined;
  const bytes = Buffer.alloc(info.size);
  return bytes.subarray(0, readSync(file, bytes));
};

/**
 * What is in a plain file of no more bytes than these; undefined for any other, and for none. Agents can put anything in its
 * place at any moment: a link is not followed, a pipe keeps nobody waiting, and no more is read than it had when it was
 * looked at. Nothing else is done meanwhile: to wait for each of so small steps takes ten times as long as the steps.
 */
export const bytesIn = (path: string, most: number): Buffer | undefined => {
  try {
    return within(path, FILE, (file) => bytesOf(file, most));
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'ELOOP', 'ENXIO'].includes(codeOf(error))) return undefined;
    throw error;
  }
};
