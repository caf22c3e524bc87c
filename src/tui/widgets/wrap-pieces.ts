import { cellsOf } from '../compositor/cells-of.ts';
import type { Piece } from './pieces.ts';

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const PLAIN = /^[ -~]*$/u;
/** Characters that are looked at for one row, by its cells: signs of several characters are far below that. */
const LOOKED_AT = { perCell: 8, least: 256 };

/** Behind which character a row ends that begins at one: where the next sign has no room in it any more. */
export const endOfRow = (text: string, start: number, width: number): number => {
  // One character further: it may belong to the sign before it.
  const next = text.slice(start, start + width + 1);
  if (PLAIN.test(next)) return Math.min(text.length, start + width);
  let end = start;
  let used = 0;
  for (const { segment } of segmenter.segment(text.slice(start, start + LOOKED_AT.perCell * width + LOOKED_AT.least))) {
    used += cellsOf(segment);
    // A row has at least one sign, so that wrapping comes to an end.
    if (used > width && end > start) break;
    end += segment.length;
  }
  return end;
};

/** With which character each row of a text begins that is drawn in so many cells; one that is empty has a row as well. */
export const rowStarts = (text: string, width: number): readonly number[] => {
  const room = Math.max(1, width);
  const starts = [0];
  for (let end = endOfRow(text, 0, room); end < text.length; end = endOfRow(text, end, room)) starts.push(end);
  return starts;
};

/** The pieces cut into rows that begin with these characters; nothing of them is left out. */
export const cutAt = (pieces: readonly Piece[], starts: readonly number[]): readonly (readonly Piece[])[] => {
  const rows: Piece[][] = starts.map(() => []);
  let row = 0;
  let at = 0;
  for (const piece of pieces) {
    const end = at + piece.text.length;
    for (let from = at; from < end; ) {
      while ((starts[row + 1] ?? Infinity) <= from) row += 1;
      const to = Math.min(end, starts[row + 1] ?? end);
      rows[row]!.push({ ...piece, text: piece.text.slice(from - at, to - at) });
      from = to;
    }
    at = end;
  }
  return rows;
};

/** The pieces in rows of so many cells. */
export const wrapPieces = (pieces: readonly Piece[], width: number): readonly (readonly Piece[])[] =>
  cutAt(pieces, rowStarts(pieces.map(({ text }) => text).join(''), width));
