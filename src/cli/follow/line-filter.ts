import { defineError } from '../../lib/errors.ts';
import { readPattern } from '../../lib/pattern.ts';
import { runWithin } from '../../daemon/run-within.ts';

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
  const read = readPattern(pattern, 'u');
  if (typeof read !== 'string') return read;
  // What only the older syntax knows, such as a needless backslash.
  const older = readPattern(pattern, '');
  if (typeof older === 'string') throw badPattern({ pattern, why: older });
  return older;
};

/** Keeps the lines that a regular expression matches. It is compiled at once, and never runs for longer than is sane. */
export const lineFilter = (pattern: string, longestMs = LONGEST_MS): ((lines: readonly string[]) => string[]) => {
  const expression = compilePattern(pattern);
  return (lines) => {
    const kept = runWithin(longestMs, () => lines.filter((line) => expression.test(line)));
    if (!kept) throw slowPattern({ pattern });
    return kept.value;
  };
};
