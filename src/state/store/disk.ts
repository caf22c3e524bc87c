import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout } from 'node:timers/promises';

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

const asAppendFile = (handle: FileHandle): AppendFile => ({
  append: (bytes) => handle.appendFile(bytes),
  sync: () => handle.datasync(),
  cutTo: (size) => handle.truncate(size),
  close: () => handle.close(),
});

export const openForAppend: OpenFile = async (path) => asAppendFile(await open(path, 'a', 0o600));

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

const writeSynced = async (path: string, flags: string, work: (handle: FileHandle) => Promise<void>): Promise<void> => {
  const handle = await open(path, flags, 0o600);
  try {
    await work(handle);
    await handle.sync();
  } finally {
    await handle.close();
  }
};

/** Makes what was created or renamed in the folder of a file survive a power cut. */
const syncFolderOf = (path: string): Promise<void> => writeSynced(dirname(path), 'r', async () => {});

/** Cuts the file at this size and waits until that is on the disk. */
export const cutFile = (path: string, size: number): Promise<void> =>
  writeSynced(path, 'r+', (handle) => handle.truncate(size));

/** Writes a file in one step: whoever reads it sees all of the old or all of the new text, also after a power cut. */
export const replaceFile = async (
  path: string,
  text: string | Uint8Array,
  beforeRename: () => Promise<void> = async () => {},
): Promise<void> => {
  const half = `${path}.tmp`;
  try {
    await writeSynced(half, 'w', (handle) => handle.writeFile(text));
    await beforeRename();
    await rename(half, path);
  } catch (error) {
    await rm(half, { force: true });
    throw error;
  }
  await syncFolderOf(path);
};
