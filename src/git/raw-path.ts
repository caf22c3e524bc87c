import { bytesOfRaw, isRaw } from '../lib/raw-text.ts';

/** A path that git has told as the calls of the file system take it: names on Linux need not be UTF-8. */
export const rawPath = (path: string): string | Buffer => (isRaw(path) ? Buffer.from(bytesOfRaw(path)) : path);

/**
 * Words that name paths to git; none where one of them is no UTF-8, which cannot be said in a word: git tells of all paths
 * then, and whoever asks takes what is meant.
 */
export const pathWords = (paths: readonly string[]): readonly string[] => (paths.some(isRaw) ? [] : ['--', ...paths]);
