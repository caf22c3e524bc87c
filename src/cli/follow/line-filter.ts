import { createContext, Script } from 'node:vm';
import { defineError, messageOf } from '../../lib/errors.ts';

const badPattern = defineError('logs/bad-pattern', 2, (p: { pattern: string; why: string }) => ({
  message: `"${p.pattern}" is no regular expression: ${p.why}.`,
  hint: 'It is read as a JavaScript pattern without slashes; put a backslash before a special character that is meant.',
}));

const slowPattern = defineError('logs/slow-pattern', 2, (p: { pattern: string }) => ({
  message: `The expression "${p.pattern}" takes too long on a line of this log.`,
  hint: 'Say it without a repetition inside of a repetition.',
}));

/** How long matching some lines may take. A bad expression on a bad line would take for ever. */
const LONGEST_MS = 1000;

const compilePattern = (pattern: string): RegExp => {
  try {
    return new RegExp(pattern, 'u');
  } catch {
    // What only the older syntax knows, such as a needless backslash.
    try {
      return new RegExp(pattern);
    } catch (error) {
      const why = messageOf(error)
        .replace(/^.*\/[a-z]*: /u, '')
        .replace(/\.$/u, '');
      throw badPattern({ pattern, why: `${why.charAt(0).toLowerCase()}${why.slice(1)}` }, error);
    }
  }
};

/** Keeps the lines that a regular expression matches. It is compiled at once, and never runs for longer than is sane. */
export const lineFilter = (pattern: string, longestMs = LONGEST_MS): ((lines: readonly string[]) => string[]) => {
  const expression = compilePattern(pattern);
  const place = createContext({ expression, lines: [] as readonly string[] });
  const script = new Script('lines.filter((line) => expression.test(line))');
  return (lines) => {
    place['lines'] = lines;
    try {
      return Array.from(script.runInContext(place, { timeout: longestMs }) as string[]);
    } catch (error) {
      throw slowPattern({ pattern }, error);
    }
  };
};
