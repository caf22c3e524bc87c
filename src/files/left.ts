import { constants, type Dirent, type Stats } from 'node:fs';
import { type FileHandle, lstat, open, readdir } from 'node:fs/promises';
import { codeOf } from '../lib/errors.ts';
import type { LeftEntry, LeftFile } from '../ports/target.ts';

/** Why a file cannot be opened without following, or waiting for, anything. */
const REFUSALS: Readonly<Record<string, string>> = {
  ELOOP: 'it is a symbolic link',
  ENXIO: 'it is no plain file',
  EACCES: 'it cannot be read',
  EPERM: 'it cannot be read',
};

const whyNot = (found: Stats, limit: number): string | undefined => {
  if (!found.isFile()) return 'it is no plain file';
  if (found.uid !== process.geteuid?.()) return 'it belongs to another user';
  return found.size > limit ? 'it is too long' : undefined;
};

/** What an open file of this size holds; if it grows meanwhile, the rest is left out. */
const readAll = async (file: FileHandle, size: number): Promise<Buffer> => {
  const buffer = Buffer.alloc(size);
  let filled = 0;
  while (filled < size) {
    const { bytesRead } = await file.read(buffer, filled, size - filled, filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
};

/** Reads what another program left: only a plain file of the daemon's own user, without following a link to it. */
export const readLeft = async (path: string, limit: number): Promise<LeftFile | null> => {
  let file: FileHandle | undefined;
  try {
    // It may not wait for whoever writes into a pipe.
    file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const found = await file.stat();
    const refused = whyNot(found, limit);
    return refused === undefined ? { text: (await readAll(file, found.size)).toString() } : { refused };
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    const refused = REFUSALS[code];
    if (refused === undefined) throw error;
    return { refused };
  } finally {
    await file?.close();
  }
};

const noFolder = (error: unknown): null => {
  if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return null;
  throw error;
};

/** Whatever lies in a folder under these names, links themselves and not what they lead to; of more, some. */
export const listLeft = async (folder: string, names: RegExp, most: number): Promise<readonly LeftEntry[] | null> => {
  const all = await readdir(folder).catch(noFolder);
  if (all === null) return null;
  const matching: string[] = [];
  for (const name of all) {
    if (matching.length === most) break;
    if (names.test(name)) matching.push(name);
  }
  const found = await Promise.all(
    matching.map(async (name): Promise<LeftEntry[]> => {
      const info = await lstat(`${folder}/${name}`, { bigint: true }).catch(() => undefined);
      return info ? [{ name, changedNs: info.mtimeNs, size: Number(info.size) }] : [];
    }),
  );
  return found.flat();
};

/** The names of the real folders in a folder; a link to one is none. */
export const listFolders = async (folder: string): Promise<readonly string[] | null> => {
  const all: Dirent[] | null = await readdir(folder, { withFileTypes: true }).catch(noFolder);
  return all?.filter((one) => one.isDirectory()).map(({ name }) => name) ?? null;
};
