import { shown } from '../../lib/text.ts';
import { highlightCode } from '../tabs/highlight-code.ts';
import type { Piece } from '../widgets/pieces.ts';
import type { Span } from './intraline.ts';

/** No screen shows more of a line. */
const LONGEST = 1000;

/** Blanks as they are drawn, nothing that a terminal would act on, and no more than fits anywhere. */
const drawable = (text: string): string => shown(text.slice(0, LONGEST)).replaceAll('\t', '  ');

const withEmphasis = (pieces: readonly Piece[], { start, end }: Span): readonly Piece[] => {
  let at = 0;
  return pieces.flatMap((piece) => {
    const first = at;
    at += piece.text.length;
    const from = Math.min(piece.text.length, Math.max(0, start - first));
    const to = Math.min(piece.text.length, Math.max(0, end - first));
    const cuts: readonly Piece[] = [
      { ...piece, text: piece.text.slice(0, from) },
      { ...piece, inverse: true, text: piece.text.slice(from, to) },
      { ...piece, text: piece.text.slice(to) },
    ];
    return cuts.filter(({ text }) => text !== '');
  });
};

const BASE = { added: 'green', removed: 'red', same: null } as const;

/** A line of code in the colours of its language, with what changed in it standing out. */
export const codePieces = (
  raw: string,
  path: string,
  { kind, span }: { readonly kind: keyof typeof BASE; readonly span: Span | null },
): readonly Piece[] => {
  const text = drawable(raw);
  const pieces = highlightCode(text, path, BASE[kind]);
  // Where something is written out, the places are no longer those of the line.
  return span !== null && text === raw ? withEmphasis(pieces, span) : pieces;
};
