import { existsSync } from 'node:fs';
import { chmod, readFile, rm } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
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

/** A lock that nobody's name lies beside is in the middle of being taken or let go, which takes no longer than this. */
const NAMELESS_MS = 1000;
const LOOK_MS = 5;

const openLock = async (lock: string) => {
  const pidFile = `${lock}.pid`;
  for (const deadline = performance.now() + NAMELESS_MS; ; await pause(LOOK_MS)) {
    try {
      return await openExclusive(lock);
    } catch (error) {
      if (!isBusy(error)) throw lockUnusable({ lock, why: messageOf(error) }, error);
      if (existsSync(pidFile) || performance.now() > deadline)
        throw storeLocked({ pid: await holderIn(pidFile), lock }, error);
    }
  }
};

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
