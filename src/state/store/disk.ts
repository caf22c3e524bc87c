import { closeSync, openSync, statSync, writeSync } from 'node:fs';
import { chmod, copyFile, link, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { codeOf } from '../../lib/errors.ts';

/** A file that only grows at its end. */
export type AppendFile = {
  /** Adds all of the bytes; when it rejects, some of them may be there. */
  append(bytes: Uint8Array): Promise<void>;
  /** Resolves when what was added is on the disk. */
  sync(): Promise<void>;
  /** Takes everything behind this size away again. */
  cutTo(size: number): Promise<void>;
  close(): Promise<void>;
};

/** How the journal reaches the disk; another one can make it slow or faulty. */
export type OpenFile = (path: string) => Promise<AppendFile>;

/**
 * All that the store asks of a machine: each of these is one call of the system, or little more, so that another disk can
 * lose power, or fail, at every one of them.
 */
export type Disk = {
  /** `a` goes on at the end, `w` begins anew, `r+` takes what is there. What is created has mode 0600. */
  open(path: string, flags: 'a' | 'w' | 'r+'): Promise<AppendFile>;
  read(path: string): Promise<Buffer>;
  list(folder: string): Promise<readonly string[]>;
  /** Makes what was created, renamed or removed in a folder survive a power cut. */
  syncFolder(folder: string): Promise<void>;
  /** Makes a folder that is not there; what it lies in is not made, for it may be of a repository that was removed. */
  makeFolder(folder: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  /** Removes a file, if it is there. */
  remove(path: string): Promise<void>;
  link(from: string, to: string): Promise<void>;
  copy(from: string, to: string): Promise<void>;
  /** What tells the file at a path from another one that is put there later. */
  identityOf(path: string): string | undefined;
  /** A short text that is written in place again and again, and never synced. */
  openNote(path: string): { write(text: string): void; close(): void };
  pack(bytes: Uint8Array): Promise<Uint8Array>;
  unpack(bytes: Uint8Array): Promise<Buffer>;
};

const openHandle: Disk['open'] = async (path, flags) => {
  const handle = await open(path, flags, 0o600);
  return {
    // Every command waits for this: `appendFile` takes a third longer, for it would also write what comes in pieces.
    append: async (bytes) => {
      for (let at = 0; at < bytes.length; ) at += (await handle.write(bytes, at)).bytesWritten;
    },
    sync: () => handle.datasync(),
    cutTo: (size) => handle.truncate(size),
    close: () => handle.close(),
  };
};

/** This machine's own. */
export const realDisk: Disk = {
  open: openHandle,
  read: (path) => readFile(path),
  list: (folder) => readdir(folder),
  syncFolder: async (folder) => {
    const handle = await open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  },
  makeFolder: async (folder) => {
    await mkdir(folder, { mode: 0o700 }).catch(async (error: unknown) => {
      if (codeOf(error) !== 'EEXIST' || !(await stat(folder)).isDirectory()) throw error;
    });
    await chmod(folder, 0o700);
  },
  rename,
  remove: (path) => rm(path, { force: true }),
  link,
  copy: (from, to) => copyFile(from, to),
  identityOf: (path) => {
    const found = statSync(path, { throwIfNoEntry: false });
    return found && `${found.dev} ${found.ino}`;
  },
  openNote: (path) => {
    // Neither cut at its opening nor written at its end only, which no single flag says.
    closeSync(openSync(path, 'a', 0o600));
    const note = openSync(path, 'r+');
    return { write: (text) => void writeSync(note, text, 0), close: () => closeSync(note) };
  },
  pack: promisify<Uint8Array, Buffer>(gzip),
  unpack: promisify<Uint8Array, Buffer>(gunzip),
};

/** The same disk with so many milliseconds added to each sync. */
export const slowed =
  (openFile: OpenFile, ms: number): OpenFile =>
  async (path) => {
    const file = await openFile(path);
    return {
      ...file,
      sync: async () => {
        await setTimeout(ms);
        await file.sync();
      },
    };
  };

const writeSynced = async (file: AppendFile, work: () => Promise<void>): Promise<void> => {
  try {
    await work();
    await file.sync();
  } finally {
    await file.close();
  }
};

/** Cuts the file at this size and waits until that is on the disk. */
export const cutFile = async (path: string, size: number, disk: Disk = realDisk): Promise<void> => {
  const file = await disk.open(path, 'r+');
  await writeSynced(file, () => file.cutTo(size));
};

/** What is written in one step, as a whole or piece by piece. */
type Content = string | Uint8Array | Iterable<string> | AsyncIterable<string>;

const piecesOf = (content: Content): Iterable<string | Uint8Array> | AsyncIterable<string> =>
  typeof content === 'string' || content instanceof Uint8Array ? [content] : content;

type Replacing = {
  readonly disk?: Disk;
  readonly beforeRename?: () => Promise<void>;
  /** Where the new text is written first: beside the file. */
  readonly half?: string;
};

/** Writes a file in one step: whoever reads it sees all of the old or all of the new text, also after a power cut. */
export const replaceFile = async (
  path: string,
  content: Content,
  { disk = realDisk, beforeRename = async () => {}, half = `${path}.tmp` }: Replacing = {},
): Promise<void> => {
  try {
    const file = await disk.open(half, 'w');
    await writeSynced(file, async () => {
      for await (const piece of piecesOf(content))
        await file.append(typeof piece === 'string' ? Buffer.from(piece) : piece);
    });
    await beforeRename();
    await disk.rename(half, path);
  } catch (error) {
    await disk.remove(half).catch(() => undefined);
    throw error;
  }
  await disk.syncFolder(dirname(path));
};

/**
 * Writes a file in one step where none is there; whether it was written. Of several that write it at once, one does, and nobody
 * sees half of it.
 */
export const createFile = async (path: string, content: string): Promise<boolean> => {
  const draft = `${path}.${process.pid}.new`;
  try {
    await replaceFile(draft, content);
    await link(draft, path);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
  await realDisk.syncFolder(dirname(path));
  return true;
};
