import type { Hunk } from './hunks.ts';

/** Files of languages to which neither the blanks before a line nor an empty line say anything. */
const FREE =
  /\.(?:[cm]?[jt]s|[jt]sx|json|css|scss|less|c|h|cc|cpp|cxx|hh|hpp|cs|java|kt|go|rs|swift|scala|php|dart|proto|sql)$/u;

/**
 * What is left of lines that differ in nothing that is seen: ends of lines, blanks at both ends, empty lines. Where
 * blanks before a line may say something an empty line may too: it parts paragraphs, or is in a text of many lines.
 */
const core = (path: string, lines: readonly string[]): string =>
  FREE.test(path)
    ? lines
        .map((line) => line.trim())
        .filter((line) => line !== '')
        .join('\n')
    : lines.map((line) => `${line.trimEnd()}\n`).join('');

/**
 * Decides a hunk in which at least one side changed nothing but blanks: the other one stands. Within a line no blank is
 * passed over, because it may be in a text.
 */
export const decideWhitespace = (path: string, { base, ours, theirs }: Hunk): readonly string[] | undefined => {
  const [was, mine, yours] = [core(path, base), core(path, ours), core(path, theirs)];
  if (mine === yours || yours === was) return ours;
  return mine === was ? theirs : undefined;
};
