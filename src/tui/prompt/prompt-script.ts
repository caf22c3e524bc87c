import { withoutControls } from '../../lib/text.ts';
import { QUOTES } from '../../protocol/lex.ts';
import type { Hint } from '../../ports/hint.ts';

/** A paste as it goes into the line: its lines stay, and nothing in it acts on the terminal. */
export const pastedText = (text: string): string =>
  withoutControls(text.replace(/\r\n?/gu, '\n'))
    .replaceAll('\t', ' ')
    .replace(/^\n+|\s+$/gu, '');

/** The lines of a text; a quote that goes over several of them keeps them together. */
const linesOf = (text: string): readonly string[] => {
  const lines: string[] = [];
  let from = 0;
  let open = '';
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at]!;
    if (open === '"' && character === '\\') at += 1;
    else if (open !== '') open = open.includes(character) ? '' : open;
    // An apostrophe inside of a word opens nothing.
    else if (QUOTES[character] !== undefined && /^$|[\s=]/u.test(text[at - 1] ?? '')) open = QUOTES[character];
    else if (character === '\n') {
      lines.push(text.slice(from, at));
      from = at + 1;
    }
  }
  return [...lines, text.slice(from)];
};

/**
 * The meaning of a text of several lines: one command, whose text has lines; several commands; or a line that is none.
 */
type Script =
  | { readonly kind: 'one'; readonly text: string }
  | { readonly kind: 'several'; readonly commands: readonly string[] }
  | { readonly kind: 'wrong'; readonly line: string; readonly message: string };

/** Reads what is entered. Lines that begin with `#` are comments, where each of the others is a command of its own. */
export const scriptOf = (text: string, hint: (text: string) => Hint): Script => {
  const lines = text.includes('\n') ? linesOf(text) : [text];
  const commands = lines.map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'));
  if (commands.length <= 1)
    return { kind: 'one', text: commands.length === 1 && lines.length > 1 ? commands[0]! : text };
  // A command that cannot be carried out now may be possible after the commands before it.
  const isCommand = (one: Hint): boolean => one.kind === 'ok' || (one.kind === 'error' && one.understood === true);
  const wrong = commands.map((line) => ({ line, hint: hint(line) })).find((one) => !isCommand(one.hint));
  if (!wrong) return { kind: 'several', commands };
  if (isCommand(hint(text))) return { kind: 'one', text };
  const { line } = wrong;
  const message = wrong.hint.kind === 'error' ? wrong.hint.message : 'It is not a whole command.';
  return { kind: 'wrong', line, message };
};
