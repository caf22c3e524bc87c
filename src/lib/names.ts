import { oneLine } from './text.ts';

/** `a, b and 3 more`: so many of the names, and how many others there are. */
export const someOf = (names: readonly string[], most: number): string =>
  names.length <= most ? names.join(', ') : `${names.slice(0, most).join(', ')} and ${names.length - most} more`;

/** The same where a single other one is named as well, which takes no more room than that there is one. */
export const mostOf = (names: readonly string[], most: number): string =>
  someOf(names, names.length === most + 1 ? names.length : most);

/** The names of what a command would be about, before it is said. */
export const foretoldNames = (names: readonly string[]): string => mostOf(names, 6);

/** `1 task`, `2 tasks`: a number with a word whose plural only takes an s. */
export const counted = (n: number, word: string): string => `${n} ${word}${n === 1 ? '' : 's'}`;

/** So many files are named before the others are only counted. */
const MOST_NAMED = 6;

/** Files as a sentence names them. */
export const namedFiles = (files: readonly string[]): string => mostOf(files.map(oneLine), MOST_NAMED);
