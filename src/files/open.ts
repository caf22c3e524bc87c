import { randomUUID } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { codeOf } from '../lib/errors.ts';
import type { FileEntry, FileKind, FilePiece, Files } from '../ports/target.ts';
import { furnish } from './furnish.ts';
import { listFolders, listLeft, readLeft } from './left.ts';
import { findMatching, findRealPath } from './paths.ts';
import { tellPipe } from './pipe.ts';
import { findObstacle } from './obstacle.ts';
import { remove } from './remove.ts';
import { findFreeFiles, findRoom } from './room.ts';
import { syncFolder } from './sync.ts';
import { watchFolder } from './watch.ts';

const MODES: Readonly<Record<FileKind, number>> = { text: 0o600, program: 0o700, shared: 0o644, record: 0o600 };

/** Whatever is larger holds nothing that anybody here reads as one piece. */
const LONGEST = 64 * 1024 * 1024;

/** Opens a plain file; a pipe or device would keep us waiting for ever, and an agent may put one in its place at any moment. */
const openPlain = async (path: string): Promise<{ file: FileHandle; info: Stats } | undefined> => {
  const flags = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY;
  const file = await open(path, flags).catch(() => undefined);
  const info = await file?.stat();
  if (file && info?.isFile()) return { file, info };
  await file?.close();
  return undefined;
};

const readWhole = async (path: string, limit = LONGEST): Promise<Uint8Array | null> => {
  const found = await openPlain(path);
  if (!found) return null;
  try {
    return found.info.size > limit ? null : await found.file.readFile();
  } catch {
    return null;
  } finally {
    await found.file.close();
  }
};

const readText = async (path: string): Promise<string | null> => {
  const bytes = await readWhole(path);
  return bytes && Buffer.from(bytes).toString();
};

const readPiece = async (path: string, from: number, most: number): Promise<FilePiece | null> => {
  const found = await openPlain(path);
  if (!found) return null;
  const { ino: id, size } = found.info;
  try {
    const buffer = Buffer.alloc(Math.max(0, Math.min(most, size - from)));
    if (buffer.length === 0) return { id, size, bytes: buffer };
    const { bytesRead } = await found.file.read(buffer, 0, buffer.length, from);
    return { id, size, bytes: buffer.subarray(0, bytesRead) };
  } finally {
    await found.file.close();
  }
};

/** The folder may be new, and is then a name in the one above it. */
const syncRecord = async (path: string): Promise<void> => {
  await syncFolder(dirname(path));
  await syncFolder(dirname(dirname(path)));
};

const replaceText = async (path: string, text: string, kind: FileKind = 'text'): Promise<void> => {
  const unfinished = `${path}.${randomUUID().slice(0, 8)}.new`;
  try {
    // What takes the place of a file that somebody has named must not be empty after a power cut.
    await writeFile(unfinished, text, { mode: MODES[kind], flush: kind === 'record' || kind === 'shared' });
    await rename(unfinished, path);
    if (kind === 'record') await syncRecord(path);
  } catch (error) {
    await rm(unfinished, { force: true }).catch(() => undefined);
    throw error;
  }
};

const listNames = (folder: string): Promise<readonly string[] | null> => readdir(folder).catch(() => null);

const listEntries = async (folder: string, names: RegExp): Promise<readonly FileEntry[] | null> => {
  const all = await listNames(folder);
  if (all === null) return null;
  const found = await Promise.all(
    all
      .filter((name) => names.test(name))
      .map(async (name): Promise<FileEntry[]> => {
        const info = await stat(`${folder}/${name}`, { bigint: true }).catch(() => undefined);
        return info ? [{ name, changedNs: info.mtimeNs }] : [];
      }),
  );
  return found.flat();
};

const makeFolder: Files['makeFolder'] = async (path, how = 'whole') => {
  if (how === 'whole') return void (await mkdir(path, { recursive: true, mode: 0o700 }));
  await mkdir(path, { mode: 0o700 }).catch((error: unknown) => {
    if (codeOf(error) !== 'EEXIST') throw error;
  });
};

/** The files of this very machine. */
export const localFiles: Files = {
  read: readWhole,
  readText,
  readPiece,
  obstacle: findObstacle,
  write: replaceText,
  makeFolder,
  remove,
  list: listNames,
  entries: listEntries,
  left: listLeft,
  readLeft,
  folders: listFolders,
  matching: findMatching,
  realPath: (path) => findRealPath(path),
  room: findRoom,
  freeFiles: findFreeFiles,
  furnish,
  watch: watchFolder,
  tellPipe,
};
