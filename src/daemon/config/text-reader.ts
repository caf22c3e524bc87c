import { type BigIntStats, statSync } from 'node:fs';
import { settingsTextOf } from './config.ts';

/** A file that changed less than this ago, in milliseconds, may change once more and look the same from outside. */
const FRESH_MS = 2000;

/** Undefined where there is no file, null where nobody may know: who reads it then hears why. */
const seenOf = (path: string): BigIntStats | undefined | null => {
  try {
    return statSync(path, { bigint: true, throwIfNoEntry: false });
  } catch {
    return null;
  }
};

/** What a file looks like from outside: another content has other looks; null where it may have the same. */
const looksOf = (path: string): string | null => {
  const found = seenOf(path);
  if (!found) return found === null ? null : 'none';
  const { dev, ino, size, mtimeNs, ctimeNs } = found;
  const isFresh = Math.abs(Date.now() - Number(ctimeNs / 1_000_000n)) < FRESH_MS;
  return isFresh ? null : [dev, ino, size, mtimeNs, ctimeNs].join(' ');
};

/** Reads texts of settings, each again when it may be another one. */
export const makeTextReader = (read = settingsTextOf): ((path: string) => Promise<string | undefined>) => {
  const known = new Map<string, { readonly looks: string; readonly text: string | undefined }>();
  return async (path) => {
    const looks = looksOf(path);
    const before = known.get(path);
    if (looks !== null && looks === before?.looks) return before.text;
    known.delete(path);
    const text = await read(path);
    if (looks !== null && looks === looksOf(path)) known.set(path, { looks, text });
    return text;
  };
};
