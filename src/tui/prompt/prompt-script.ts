import { withoutControls } from '../../lib/text.ts';
import { QUOTES } from '../../protocol/lex.ts';
import type { Hint } from '../../ports/hint.ts';

/** A paste as it goes into the line: its lines stay, and nothing in it acts on the terminal. */
export const pastedText = (text: string): string =>
  withoutControls(text.replace(/\r\n?/gu, '\n'))
    .replaceAll('\t', ' ')
    .replace(/^\n+|\s+$/gu, '');

/** A line of a text, and where in it it begins. */
type Placed = { readonly text: string; readonly from: number };

/** The lines of a text; a quote that goes over several of them keeps them together. */
const linesOf = (text: string): readonly Placed[] => {
  const lines: Placed[] = [];
  let from = 0;
  let open = '';
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at]!;
    if (open === '"' && character === '\\') at += 1;
    else if (open !== '') open = open.includes(character) ? '' : open;
    // An apostrophe inside of a word opens nothing.
    else if (QUOTES[character] !== undefined && /^$|[\s=]/u.test(text[at - 1] ?? '')) open = QUOTES[character];
    else if (character === '\n') {
      lines.push({ text: text.slice(from, at), from });
      from = at + 1;
    }
  }
  return [...lines, { text: text.slice(from), from }];
};

const trimmed = ({ text, from }: Placed): Placed => ({
  text: text.trim(),
  from: from + text.length - text.trimStart().length,
});

/** The lines of a text that are commands, each without the blanks around it. Lines that begin with `#` are comments. */
export const promptCommands = (text: string): readonly Placed[] =>
  linesOf(text)
    .map(trimmed)
    .filter((line) => line.text !== '' && !line.text.startsWith('#'));

/**
 * The meaning of a text of several lines: one command, whose text has lines; several commands; or a line that is none.
 */
type Script =
  | { readonly kind: 'one'; readonly text: string }
  | { readonly kind: 'several'; readonly commands: readonly string[] }
  | { readonly kind: 'wrong'; readonly line: string; readonly from: number; readonly message: string };

/** Reads what is entered: one command, or one in each line. */
export const scriptOf = (text: string, hint: (text: string) => Hint): Script => {
  if (!text.includes('\n')) return { kind: 'one', text };
  const commands = promptCommands(text);
  if (commands.length <= 1) return { kind: 'one', text: commands[0]?.text ?? text };
  // A command that cannot be carried out now may be possible after the commands before it.
  const isCommand = (one: Hint): boolean => one.kind === 'ok' || (one.kind === 'error' && one.understood === true);
  const wrong = commands.map((line) => ({ ...line, hint: hint(line.text) })).find((one) => !isCommand(one.hint));
  if (!wrong) return { kind: 'several', commands: commands.map((line) => line.text) };
  if (isCommand(hint(text))) return { kind: 'one', text };
  const { text: line, from } = wrong;
  const message = wrong.hint.kind === 'error' ? wrong.hint.message : 'It is not a whole command.';
  return { kind: 'wrong', line, from, message };
};
