/** A line that is being edited: characters as people count them, and before which of them the cursor stands. */
export type Line = { readonly characters: readonly string[]; readonly cursor: number };

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** The characters of a text as people count them: a family of emoji is one. */
export const charactersOf = (text: string): string[] => Array.from(segmenter.segment(text), ({ segment }) => segment);

/**
 * The line with its cursor between these two texts. They stay apart there even where they would join: text that is
 * typed next goes to the same place, whether it comes in one piece or in many.
 */
export const lineOf = (before: string, after: string): Line => {
  const start = charactersOf(before);
  return { characters: [...start, ...charactersOf(after)], cursor: start.length };
};

export const beforeCursor = ({ characters, cursor }: Line): string => characters.slice(0, cursor).join('');
export const afterCursor = ({ characters, cursor }: Line): string => characters.slice(cursor).join('');

const isBlank = (character: string | undefined): boolean => character === undefined || /^\s+$/u.test(character);

const wordLeft = ({ characters, cursor }: Line): number => {
  let at = cursor;
  while (at > 0 && isBlank(characters[at - 1])) at -= 1;
  while (at > 0 && !isBlank(characters[at - 1])) at -= 1;
  return at;
};

const wordRight = ({ characters, cursor }: Line): number => {
  let at = cursor;
  while (at < characters.length && isBlank(characters[at])) at += 1;
  while (at < characters.length && !isBlank(characters[at])) at += 1;
  return at;
};

/** Where a move leads to. */
export const CURSOR_TARGETS = {
  left: ({ cursor }: Line) => Math.max(0, cursor - 1),
  right: ({ cursor, characters }: Line) => Math.min(characters.length, cursor + 1),
  'word-left': wordLeft,
  'word-right': wordRight,
  start: () => 0,
  end: ({ characters }: Line) => characters.length,
} as const;
export type CursorTarget = keyof typeof CURSOR_TARGETS;

/** The line with its cursor at this character. */
export const moveCursor = ({ characters }: Line, at: number): Line =>
  lineOf(characters.slice(0, at).join(''), characters.slice(at).join(''));

/** A text in parts that begin with a word each: one step of undo takes one of them back. */
export const undoSteps = (text: string): readonly string[] => text.match(/^\s+|\S+\s*/gu) ?? [];
