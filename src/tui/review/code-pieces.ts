import { shown } from '../../lib/text.ts';
import { highlightCode } from '../tabs/highlight-code.ts';
import { PATCH_LOOKS } from '../widgets/patch-looks.ts';
import type { Piece } from '../widgets/pieces.ts';
import type { Span } from './intraline.ts';

/** A line of code as it is drawn: blanks for its tabs, and nothing that a terminal would act on. */
export const drawable = (text: string): string => shown(text).replaceAll('\t', '  ');

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

const BASE = { added: PATCH_LOOKS.added.color, removed: PATCH_LOOKS.removed.color, same: null } as const;

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
