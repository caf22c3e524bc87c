import { chmod, readFile, rm } from 'node:fs/promises';
import type { DatabaseSync } from 'node:sqlite';
import { replaceFile } from './disk.ts';
import { storeLocked } from './errors.ts';

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

/**
 * Takes the lock or rejects with `store/locked`. It belongs to the process and goes with it, however it ends:
 * it is a kernel lock of SQLite, so there is nothing stale to be guessed about.
 */
export const takeLock = async (lock: string): Promise<AsyncDisposable> => {
  const { DatabaseSync } = await quietSqlite();
  const pidFile = `${lock}.pid`;
  const database: DatabaseSync = new DatabaseSync(lock);
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if ((error as { errcode?: number }).errcode !== BUSY) throw error;
    throw storeLocked({ pid: await holderIn(pidFile), lock }, error);
  }
  await chmod(lock, 0o600);
  await replaceFile(pidFile, `${process.pid}\n`);
  return {
    [Symbol.asyncDispose]: async () => {
      await rm(pidFile, { force: true });
      database.close();
    },
  };
};
