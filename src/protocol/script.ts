import { QUOTES } from './lex.ts';

/** Whether a quote opens at a place of a line; an apostrophe inside of a word (`don't`) opens nothing. */
const opensAt = (line: string, at: number): boolean => {
  const character = line[at]!;
  return QUOTES[character] !== undefined && (character !== "'" || /^$|[\s=;]/u.test(line[at - 1] ?? ''));
};

/** The place of the character that closes the quote at a place, or the end of the line. */
const closeOf = (line: string, open: number): number => {
  const close = QUOTES[line[open]!]!;
  for (let at = open + 1; at < line.length; at += 1)
    if (close === '"' && line[at] === '\\') at += 1;
    else if (close.includes(line[at]!)) return at;
  return line.length;
};

/** Cuts one line at each `;` that stands outside of quotes. */
const commandsOf = (line: string): string[] => {
  const commands: string[] = [];
  let from = 0;
  for (let at = 0; at < line.length; at += 1) {
    if (opensAt(line, at)) at = closeOf(line, at);
    else if (line[at] === ';') {
      commands.push(line.slice(from, at));
      from = at + 1;
    }
  }
  return [...commands, line.slice(from)];
};

/** The commands of a script: one a line or separated by `;`, lines that begin with `#` are comments. A quote ends with its line. */
export const splitScript = (text: string): string[] =>
  text
    .split(/\r?\n/u)
    .filter((line) => !line.trimStart().startsWith('#'))
    .flatMap(commandsOf)
    .map((command) => command.trim())
    .filter((command) => command !== '');
