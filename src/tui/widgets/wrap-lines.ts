import { shown, withoutControls } from '../../lib/text.ts';
import { endOfRow } from './wrap-pieces.ts';

const TAB = '  ';

/** The longest start of the text that fits, up to a blank if that leaves at least half of the width. */
const firstPart = (text: string, width: number): string => {
  const fitting = text.slice(0, endOfRow(text, 0, width));
  if (fitting.length === text.length) return text;
  const blank = text[fitting.length] === ' ' ? fitting.length : fitting.lastIndexOf(' ');
  return blank >= fitting.length / 2 ? text.slice(0, blank) : fitting;
};

/** How many cells a column must have so that it can be read down. */
const LEAST_COLUMN = 24;
const HANGING = 4;

/**
 * Where the further parts of a wrapped line begin: in the last column of a table, or a little to the right of the line.
 */
const indentOf = (line: string, width: number): number => {
  const gap = line.slice(0, width).lastIndexOf('  ');
  const column = gap < 0 ? 0 : gap + 2;
  const own = line.length - line.trimStart().length;
  if (column > own && width - column >= LEAST_COLUMN) return column;
  return own + HANGING < width / 2 ? own + HANGING : 0;
};

/** A row of a line: its text, so many blanks before it included, and where in the line what follows these begins. */
export type WrappedRow = {
  readonly text: string;
  readonly indent: number;
  readonly line: string;
  readonly start: number;
};

const behindBlanks = (line: string, at: number): number => line.length - line.slice(at).trimStart().length;

const wrapLine = (line: string, width: number): readonly WrappedRow[] => {
  const first = firstPart(line, width);
  const rows: WrappedRow[] = [{ text: first, indent: 0, line, start: 0 }];
  const indent = indentOf(line, width);
  let start = behindBlanks(line, first.length);
  while (start < line.length) {
    const part = firstPart(line.slice(start), Math.max(1, width - indent));
    rows.push({ text: ' '.repeat(indent) + part, indent, line, start });
    start = behindBlanks(line, start + part.length);
  }
  return rows;
};

/** The rows of lines that are wrapped to so many cells. */
export const wrapText = (lines: readonly string[], width: number): readonly WrappedRow[] =>
  lines.flatMap((line) => wrapLine(shown(withoutControls(line)).replaceAll('\t', TAB).trimEnd(), Math.max(1, width)));

/** The lines of a page, wrapped to so many cells; nothing of what was printed is lost. */
export const wrapLines = (lines: readonly string[], width: number): readonly string[] =>
  wrapText(lines, width).map(({ text }) => text);
