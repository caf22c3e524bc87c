import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { codeOf } from '../lib/errors.ts';

/** What lies at a path: the bytes of a file, nothing, or something that is not read, with the reason in words. */
type Found = { readonly bytes?: Buffer; readonly refused?: string };

/**
 * Reads a whole file at a path where anybody may have put anything: a pipe keeps nobody waiting, a device is not read for
 * ever, and what is longer than `most` bytes is left alone. Rejects with what the system says where it cannot be read.
 */
export const readBounded = async (path: string, most: number): Promise<Found> => {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY).catch(
    (error: unknown) => {
      if (codeOf(error) === 'ENOENT') return undefined;
      // A socket, or a device that nobody serves.
      if (codeOf(error) === 'ENXIO') return 'is no file';
      throw error;
    },
  );
  if (file === undefined) return {};
  if (typeof file === 'string') return { refused: file };
  try {
    const info = await file.stat();
    if (!info.isFile()) return { refused: 'is no file' };
    if (info.size > most) return { refused: `is longer than ${most / 1024} KiB` };
    return { bytes: await file.readFile() };
  } finally {
    await file.close();
  }
};
