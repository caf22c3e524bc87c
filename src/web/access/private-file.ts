import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { isMissing } from '../../lib/missing.ts';

/** What a file holds; undefined where there is none. */
export const readPrivate = (file: string): string | undefined => {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
};

/** What changes when a file is replaced; undefined where there is none. */
export const stampOf = (file: string): string | undefined => {
  const found = statSync(file, { bigint: true, throwIfNoEntry: false });
  return found && `${found.ino} ${found.mtimeNs} ${found.size}`;
};

/** Replaces a file in one step; nobody but us can read it, and what is in it is on the disk afterwards. */
export const writePrivate = (file: string, text: string): void => {
  const folder = dirname(file);
  const next = `${file}.${process.pid}`;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  try {
    writeFileSync(next, text, { mode: 0o600, flush: true });
    renameSync(next, file);
  } finally {
    rmSync(next, { force: true });
  }
};
