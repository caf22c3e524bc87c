import { QUOTES } from './lex.ts';

/** Cuts one line at each `;` that stands outside of quotes. */
const commandsOf = (line: string): string[] => {
  const commands: string[] = [];
  let from = 0;
  let quote = '';
  for (let at = 0; at < line.length; at += 1) {
    const character = line[at]!;
    if (quote === '"' && character === '\\') at += 1;
    else if (quote !== '') quote = quote.includes(character) ? '' : quote;
    // An apostrophe inside of a word (`don't`) opens nothing.
    else if (QUOTES[character] !== undefined && (character !== "'" || /^$|[\s=;]/u.test(line[at - 1] ?? '')))
      quote = QUOTES[character];
    else if (character === ';') {
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
