import { chmod, readFile, rm } from 'node:fs/promises';
import { messageOf } from '../../lib/errors.ts';
import { type Disk, realDisk, replaceFile } from './disk.ts';
import { lockUnusable, storeLocked } from './errors.ts';
import { isBusy, openExclusive } from './sqlite.ts';

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

/** The process that holds the lock, as far as it said so and still lives. */
const holderIn = async (file: string): Promise<number | null> => {
  const pid = Number(await readFile(file, 'utf8').catch(() => ''));
  return Number.isSafeInteger(pid) && pid > 0 && alive(pid) ? pid : null;
};

/** Tells whether the same file still lies at a path; cheap enough to be asked before every write. */
export const watchPlace = (path: string, disk: Disk = realDisk): (() => boolean) => {
  const first = disk.identityOf(path);
  return () => first !== undefined && disk.identityOf(path) === first;
};

export type Lock = AsyncDisposable & {
  /** Whether the lock still lies in its place: one that was removed or replaced keeps nobody else out. */
  readonly isInPlace: () => boolean;
};

const openLock = (lock: string) =>
  openExclusive(lock).catch(async (error: unknown) => {
    if (isBusy(error)) throw storeLocked({ pid: await holderIn(`${lock}.pid`), lock }, error);
    throw lockUnusable({ lock, why: messageOf(error) }, error);
  });

/**
 * Takes the lock or rejects with `store/locked`. It belongs to the process and goes with it, however it ends:
 * it is a kernel lock of SQLite, so there is nothing stale to be guessed about.
 */
export const takeLock = async (lock: string): Promise<Lock> => {
  const database = await openLock(lock);
  const pidFile = `${lock}.pid`;
  await chmod(lock, 0o600);
  await replaceFile(pidFile, `${process.pid}\n`);
  return {
    isInPlace: watchPlace(lock),
    [Symbol.asyncDispose]: async () => {
      // Where the lock was removed, another process may have said by now that it has one.
      if ((await readFile(pidFile, 'utf8').catch(() => '')).trim() === String(process.pid)) await rm(pidFile);
      database.close();
    },
  };
};
