import { shownLine } from '../../lib/text.ts';
import type { Suggestion } from '../../text/suggestions.ts';
import { keyToWrite, runsAtOnce, takeSuggestion } from '../answering/suggestion.ts';
import type { Page, ScreenState } from '../model/screen-state.ts';
import { type Piece, widthOf } from '../widgets/pieces.ts';
import type { KeyContext, KeyResult } from './key.ts';
import { type WrappedRow, wrapLines } from '../widgets/wrap-lines.ts';

type Lines = readonly (readonly Piece[])[];

/** A line of a page; one of a suggestion has the digit that chooses that, and one of a longer text says which part of that it is. */
export type PageLine = { readonly pieces: readonly Piece[]; readonly digit?: string; readonly row?: WrappedRow };

/** So many suggestions have a key: the digits but for 0. */
const MOST = 9;
/** Cells of the number, the mark behind it and the blanks around them. */
const NUMBER = 7;
/** A command of up to so many cells has what it does beside it, in a column. */
const COLUMN = 40;
/** What a command does is told beside it where it has so many cells. */
const LEAST_WHAT = 24;

const cellsOf = (text: string): number => widthOf([{ text }]);

/** One suggestion: its number and its command, and what that does beside it where there is room, else below. */
const rowsOf = ({ command, what }: Suggestion, number: string, column: number, width: number): Lines => {
  const name: Piece = { text: `  ${number}`.padEnd(NUMBER), bold: true };
  const blanks: Piece = { text: ' '.repeat(NUMBER) };
  const inner = width - NUMBER;
  const text = shownLine(command);
  const told = what === null ? '' : shownLine(what);
  const gap = ' '.repeat(Math.max(0, column - cellsOf(text)) + 2);
  const isBeside = cellsOf(text + gap + told) <= inner;
  const [first = '', ...others] = wrapLines([text], inner);
  const below = isBeside || told === '' ? [] : wrapLines([told], inner);
  return [
    [name, { text: first, color: 'cyan' }, ...(isBeside && told !== '' ? [{ text: gap + told, dim: true }] : [])],
    ...others.map((line): Piece[] => [blanks, { text: line, color: 'cyan' }]),
    ...below.map((line): Piece[] => [blanks, { text: line, dim: true }]),
  ];
};

/** The numbered commands below the text of a page, in lines of so many cells; none where it suggests none. */
export const suggestionLines = ({ suggestions = [] }: Page, width: number): readonly PageLine[] => {
  if (suggestions.length === 0) return [];
  const widths = suggestions.map(({ command }) => cellsOf(shownLine(command)));
  const column = Math.max(0, ...widths.filter((one) => one <= Math.min(COLUMN, width - NUMBER - LEAST_WHAT)));
  return [
    { pieces: [] },
    { pieces: [{ text: 'Suggested:', dim: true }] },
    ...suggestions.flatMap((one, i): readonly PageLine[] => {
      const digit = String(i + 1);
      if (i >= MOST) return rowsOf(one, '', column, width).map((pieces) => ({ pieces }));
      const key = runsAtOnce(one.command) ? digit : keyToWrite(digit, one.command);
      return rowsOf(one, key, column, width).map((pieces) => ({ pieces, digit }));
    }),
  ];
};

/** The digits that choose a suggestion of a page; empty where it has none. */
export const suggestionDigits = ({ suggestions = [] }: Page): string => {
  const count = Math.min(MOST, suggestions.length);
  return count <= 1 ? '1'.repeat(count) : `1-${count}`;
};

/** Whether a character is a digit on an open page, where it chooses a suggestion or means nothing. */
export const isPageDigit = ({ overlays }: ScreenState, character: string): boolean =>
  overlays.page !== null && /^\d$/u.test(character);

/**
 * Takes the suggestion of this number: what only looks or tries again is run, all else stands in the command line, to be read,
 * changed and sent. Nothing where there is none.
 */
export const chooseSuggestion = (
  screen: ScreenState,
  digit: string,
  context: Pick<KeyContext, 'questions' | 'hint'>,
): KeyResult => {
  const chosen = screen.overlays.page?.suggestions?.[Number(digit) - 1];
  return chosen ? takeSuggestion(screen, chosen.command, context) : { screen };
};
