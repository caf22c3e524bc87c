import { wildcard } from '../lib/wildcard.ts';
import { behindWrapper, handsOn } from './handing-on.ts';
import type { PossibleCommand } from './possible-commands.ts';
import type { ShellCommand } from './shell-line.ts';
import type { ShellWord } from './shell-words.ts';

/** Variables that tell a program how to print, and no program what to run. */
const HARMLESS_VARIABLE = /^(?:CI|NODE_ENV|NO_COLOR|FORCE_COLOR|CLICOLOR|RUST_BACKTRACE|COLUMNS)=[\w.-]*$/u;

/** Stands for a space within a word, which a space of a pattern is not. */
const INNER = '\u0001';

const masked = (text: string): string => text.replaceAll(/\s/gu, INNER);

/** The words of a pattern, what stands in quotes in one. */
const patternWords = (pattern: string): readonly string[] => pattern.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+|["']/gu) ?? [];

const matches = (pattern: string, text: string): boolean =>
  wildcard(patternWords(pattern).map(masked).join(' '), false).test(text);

/** How many words of a command a pattern names one by one, or all of them; undefined where it does not match. */
const namedWords = (pattern: string, words: readonly ShellWord[]): number | 'all' | undefined => {
  const text = words.map((word) => masked(word.text)).join(' ');
  const start = /^(?<start>.*)(?::| )\*$/su.exec(pattern)?.groups?.['start'];
  if (start === undefined ? !matches(pattern, text) : !matches(start, text) && !matches(`${start} *`, text))
    return undefined;
  const wanted = patternWords(start ?? pattern);
  const open = wanted.findIndex((word) => word.includes('*'));
  if (open >= 0) return open;
  return start === undefined ? 'all' : wanted.length;
};

const holdsFor = (pattern: string, words: readonly ShellWord[]): boolean => {
  const named = namedWords(pattern, words);
  // A rule for any program at all is one without a pattern.
  return named === 'all' || (named !== undefined && named > 0 && !handsOn(words, named));
};

/** Whether a pattern allows a simple command that was completely understood. */
export const allowsCommand = (pattern: string, { assignments, words }: ShellCommand): boolean => {
  const before = assignments.map(({ text }) => `${text} `).join('');
  const isHarmless = assignments.every(({ value }) => value !== null && HARMLESS_VARIABLE.test(value));
  if (!isHarmless) return pattern.startsWith(before) && holdsFor(pattern.slice(before.length), words);
  if (holdsFor(pattern, words)) return true;
  const inner = behindWrapper(words);
  return inner !== undefined && allowsCommand(pattern, { assignments: [], words: inner });
};

/** The program that a pattern names, in lower case; undefined where a star stands for it. */
export const programOf = (pattern: string): string | undefined =>
  /^(?<name>[^\s*:]+)(?=\s|:\*|$)/u.exec(pattern.replaceAll(/["'\\]/gu, ''))?.groups?.['name']?.toLowerCase();

/** What a pattern says before its first star, in lower case: some file systems take no notice of it. */
const beginningOf = (pattern: string): string => /^[^*]*?(?=(?::|\s)?\*|$)/u.exec(pattern)![0].toLowerCase();

/** The question whether a pattern that denies may mean what a command may turn out to be: it is asked very often. */
export const denierOf = (pattern: string): ((command: PossibleCommand) => boolean) => {
  // What a command may be has no quotes any more.
  const patterns = [...new Set([pattern, pattern.replaceAll(/["'\\]/gu, '')])].map((one) => one.toLowerCase());
  const beginnings = patterns.map(beginningOf);
  const globs = patterns.flatMap((one) => {
    const start = /^(?<start>.*)(?::| )\*$/su.exec(one)?.groups?.['start'];
    return start === undefined ? [wildcard(one, false)] : [wildcard(start, false), wildcard(`${start} *`, false)];
  });
  return ({ text, isOpen }) => {
    const said = text.toLowerCase();
    if (!isOpen) return globs.some((one) => one.test(said));
    // More words may follow, but none of those that are known goes on.
    return beginnings.some((start) => said === '' || `${start} `.startsWith(`${said} `) || said.startsWith(start));
  };
};
