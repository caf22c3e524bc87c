import { statSync } from 'node:fs';
import { chmod, readFile, rm } from 'node:fs/promises';
import type { DatabaseSync } from 'node:sqlite';
import { replaceFile } from './disk.ts';
import { lockUnusable, storeLocked } from './errors.ts';

/** Loads SQLite without the warning that it is experimental; all other warnings stay. */
const quietSqlite = async (): Promise<typeof import('node:sqlite')> => {
  const { emitWarning } = process;
  process.emitWarning = ((warning: string | Error, ...rest: never[]) => {
    if (!String(warning).startsWith('SQLite is an experimental feature')) emitWarning.call(process, warning, ...rest);
  }) as typeof emitWarning;
  try {
    return await import('node:sqlite');
  } finally {
    process.emitWarning = emitWarning;
  }
};

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

const BUSY = 5;

/** Tells whether the same file still lies at a path; cheap enough to be asked before every write. */
export const watchPlace = (path: string): (() => boolean) => {
  const identity = (): string | undefined => {
    const found = statSync(path, { throwIfNoEntry: false });
    return found && `${found.dev} ${found.ino}`;
  };
  const first = identity();
  return () => first !== undefined && identity() === first;
};

export type Lock = AsyncDisposable & {
  /** Whether the lock still lies in its place: one that was removed or replaced keeps nobody else out. */
  readonly isInPlace: () => boolean;
};

/** Opens the file and takes the kernel lock of it. */
const openExclusive = async (lock: string): Promise<DatabaseSync> => {
  const { DatabaseSync } = await quietSqlite();
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(lock);
    database.exec('BEGIN EXCLUSIVE');
    return database;
  } catch (error) {
    database?.close();
    if ((error as { errcode?: number }).errcode === BUSY)
      throw storeLocked({ pid: await holderIn(`${lock}.pid`), lock }, error);
    throw lockUnusable({ lock, why: (error as Error).message }, error);
  }
};

/**
 * Takes the lock or rejects with `store/locked`. It belongs to the process and goes with it, however it ends:
 * it is a kernel lock of SQLite, so there is nothing stale to be guessed about.
 */
export const takeLock = async (lock: string): Promise<Lock> => {
  const database = await openExclusive(lock);
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
