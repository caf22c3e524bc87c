import type { Hunk } from './hunks.ts';

/** Files in which the blanks before a line say something. */
const INDENTED =
  /(?:^|\/)(?:(?:GNU)?[Mm]akefile|[^/]*\.(?:mk|py|pyi|ya?ml|md|markdown|rst|haml|pug|sass|coffee|nim|fs|hs|tf))$/u;

/**
 * What is left of lines that differ in nothing that is seen: ends of lines, blanks at both ends, empty lines. Where the
 * blanks before a line say something an empty line does too: it parts paragraphs, or is in a text of many lines.
 */
const core = (path: string, lines: readonly string[]): string =>
  INDENTED.test(path)
    ? lines.map((line) => `${line.trimEnd()}\n`).join('')
    : lines
        .map((line) => line.trim())
        .filter((line) => line !== '')
        .join('\n');

/**
 * Decides a hunk in which at least one side changed nothing but blanks: the other one stands. Within a line no blank is
 * passed over, because it may be in a text.
 */
export const decideWhitespace = (path: string, { base, ours, theirs }: Hunk): readonly string[] | undefined => {
  const [was, mine, yours] = [core(path, base), core(path, ours), core(path, theirs)];
  if (mine === yours || yours === was) return ours;
  return mine === was ? theirs : undefined;
};
