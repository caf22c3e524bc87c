import { messageOf } from './errors.ts';

/** What the engine says of a pattern, without the pattern, as the end of a sentence. */
const reasonOf = (error: unknown): string => {
  const why = messageOf(error)
    .replace(/^.*\/[a-z]*: /su, '')
    .replace(/\.$/u, '');
  return `${why.charAt(0).toLowerCase()}${why.slice(1)}`;
};

/** The regular expression that a text says, or why it says none, in words that end a sentence. */
export const readPattern = (source: string, flags: string): RegExp | string => {
  try {
    return new RegExp(source, flags);
  } catch (error) {
    return reasonOf(error);
  }
};
