import { type FileHandle, open } from 'node:fs/promises';
import { statSync } from 'node:fs';
import { devNull } from 'node:os';

/** Does some work; resolves with a test whether a file or folder was synced to the disk meanwhile, under whichever name. */
export const syncedDuring = async (work: () => Promise<unknown>): Promise<(path: string) => boolean> => {
  const seen = new Set<bigint>();
  const any = await open(devNull);
  const prototype = Object.getPrototypeOf(any) as Pick<FileHandle, 'sync' | 'stat'>;
  await any.close();
  const { sync } = prototype;
  prototype.sync = async function sees(this: FileHandle): Promise<void> {
    seen.add((await this.stat({ bigint: true })).ino);
    await sync.call(this);
  };
  try {
    await work();
  } finally {
    prototype.sync = sync;
  }
  return (path) => seen.has(statSync(path, { bigint: true }).ino);
};
