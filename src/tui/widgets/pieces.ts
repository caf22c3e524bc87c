import { cellsOf } from '../compositor/cells-of.ts';
import { paint, type Style } from './paint.ts';

/** A stretch of plain text in one style. */
export type Piece = Style & { readonly text: string };

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

export const widthOf = (pieces: readonly Piece[]): number =>
  pieces.reduce((width, { text }) => width + cellsOf(text), 0);

/** The text cut to so many cells, with an ellipsis when something is missing. */
export const fitText = (text: string, width: number): string => {
  if (cellsOf(text) <= width) return text;
  let fitted = '';
  let used = 0;
  for (const { segment } of segmenter.segment(text)) {
    used += cellsOf(segment);
    if (used > width - 1) break;
    fitted += segment;
  }
  return width > 0 ? `${fitted}…` : '';
};

/** The text cut to so many cells, its end left, with an ellipsis when something is missing. */
export const fitEnd = (text: string, width: number): string => {
  if (cellsOf(text) <= width) return text;
  const parts = [...segmenter.segment(text)].map(({ segment }) => segment);
  while (parts.length > 0 && cellsOf(parts.join('')) > width - 1) parts.shift();
  return width > 0 ? `…${parts.join('')}` : '';
};

/** A word of more letters, as a path, is cut where the room ends: without its begin nobody knows what is missing. */
const LONG_WORD = 12;

/** The text cut to so many cells between two words, with an ellipsis when something is missing; a long word is cut. */
export const fitWords = (text: string, width: number): string => {
  const fitted = fitText(text, width);
  if (fitted === text) return text;
  const whole = fitted.slice(0, -1);
  const isInWord = /[\p{L}\p{N}]/u.test(text[whole.length] ?? '');
  const end = isInWord ? whole.lastIndexOf(' ') : whole.length;
  const cut = whole.slice(0, Math.max(0, end)).trimEnd();
  return cut.trim() === '' || whole.length - end > LONG_WORD ? fitted : `${cut}…`;
};

/** The pieces cut to so many cells; a blank at their end is kept. */
export const fitPieces = (pieces: readonly Piece[], width: number, cut = fitWords): readonly Piece[] => {
  const last = pieces.at(-1);
  if (last?.text === ' ' && width > 1 && widthOf(pieces) > width)
    return [...fitPieces(pieces.slice(0, -1), width - 1, cut), last];
  let left = width;
  return pieces.flatMap((piece) => {
    if (left <= 0) return [];
    const text = cut(piece.text, left);
    left = text === piece.text ? left - cellsOf(text) : 0;
    return [{ ...piece, text }];
  });
};

export const paintPieces = (pieces: readonly Piece[]): string =>
  pieces.map(({ text, ...style }) => paint(text, style)).join('');

/** The least that the left side keeps before the right side gives way. */
const LEFT_LEAST = 16;

/** One line of exactly this width: `right` stands at its end as long as the left side keeps a readable part. */
export const spread = (
  left: readonly Piece[],
  right: readonly Piece[],
  width: number,
  filler: Piece = { text: ' ' },
): string => {
  const need = widthOf(left);
  const room = width - widthOf(right) - (right.length > 0 ? 1 : 0);
  const kept = room >= Math.min(need, LEFT_LEAST) ? right : [];
  const start = fitPieces(left, kept.length > 0 ? room : width);
  const gap = Math.max(0, width - widthOf(start) - widthOf(kept));
  return paintPieces([...start, { ...filler, text: filler.text.repeat(gap) }, ...kept]);
};
