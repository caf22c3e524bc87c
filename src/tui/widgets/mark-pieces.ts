import type { Style } from './paint.ts';
import type { Piece } from './pieces.ts';

/** A stretch of a row that stands out. */
type MarkedPart = { readonly from: number; readonly to: number; readonly style: Style };

/** The pieces with these parts of their text in a style of their own, also where one goes from a piece to the next. */
export const markPieces = (pieces: readonly Piece[], parts: readonly MarkedPart[]): readonly Piece[] => {
  let start = 0;
  return pieces.flatMap((piece) => {
    const first = start;
    const end = first + piece.text.length;
    start = end;
    const cuts = parts.flatMap(({ from, to }) => [from, to]).filter((at) => at > first && at < end);
    const edges = [first, ...cuts.toSorted((a, b) => a - b), end];
    return edges.slice(0, -1).flatMap((from, i): readonly Piece[] => {
      const text = piece.text.slice(from - first, edges[i + 1]! - first);
      const style = parts.find((part) => part.from <= from && from < part.to)?.style;
      return text === '' ? [] : [{ ...piece, text, ...style }];
    });
  });
};
