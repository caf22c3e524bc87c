import type { DatabaseSync } from 'node:sqlite';

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

const BUSY = 5;

/** Whether it was another process, or another part of this one, that has the lock. */
export const isBusy = (error: unknown): boolean => {
  // Its upper bits say in which of its ways: one that recovers after a crash (261) is one too.
  const { errcode } = error as { errcode?: number };
  return errcode !== undefined && (errcode & 0xff) === BUSY;
};

/**
 * Opens a file and takes the kernel lock of it, which goes with the process, however it ends: there is nothing stale to be
 * guessed about. Closing the result gives it back.
 */
export const openExclusive = async (file: string): Promise<DatabaseSync> => {
  const { DatabaseSync } = await quietSqlite();
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file);
    database.exec('BEGIN EXCLUSIVE');
    return database;
  } catch (error) {
    database?.close();
    throw error;
  }
};
