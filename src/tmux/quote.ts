import { shellQuote } from '../lib/text.ts';

/** One tmux command: its full name, then its arguments, as they are. */
export type TmuxCommand = readonly [name: string, ...args: readonly string[]];

// A command-alias of the user is looked up by the exact word, so a command without its last letter, which tmux takes
// for an abbreviation, always means tmux's own.
const unaliased = (name: string): string => name.slice(0, -1);

// A `;` at the end of an argument would end the command.
const argument = (text: string): string => (text.endsWith(';') ? `${text.slice(0, -1)}\\;` : text);

/** The commands as arguments of one invocation: they run in a row and the first that fails drops the rest. */
export const argumentsOf = (commands: readonly TmuxCommand[]): readonly string[] =>
  commands.flatMap(([name, ...args], index) => [...(index === 0 ? [] : [';']), unaliased(name), ...args.map(argument)]);

const octal = (character: string): string => `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`;

const word = (text: string): string =>
  `"${text.replace(/[\\"$~]/gu, String.raw`\$&`).replace(/[\u0000-\u001F\u007F]/gu, octal)}"`;

/** A command as text that tmux's own parser reads back, for a place where tmux takes a command inside an argument. */
export const commandText = ([name, ...args]: TmuxCommand): string => [unaliased(name), ...args.map(word)].join(' ');

/** Text that a tmux format, in which `#(…)` would be run, leaves as it is. */
export const inFormat = (text: string): string => text.replaceAll('#', '##');

/** Text that can be an operand inside `#{…}`. */
export const inOperand = (text: string): string => text.replace(/[#,}]/gu, '#$&');

/** A shell command of these words, for a place where tmux expands formats first. */
export const shellInFormat = (...words: readonly string[]): string =>
  inFormat(`exec ${words.map(shellQuote).join(' ')}`);

/** The same for a place where tmux expands the time as well, which `%` stands for. */
export const shellInTimeFormat = (...words: readonly string[]): string => shellInFormat(...words).replaceAll('%', '%%');
