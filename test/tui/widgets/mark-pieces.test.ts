import fc from 'fast-check';
import { expect, test } from 'vitest';
import { markPieces } from '../../../src/tui/widgets/mark-pieces.ts';

const anyParts = fc.array(
  fc.tuple(fc.nat(30), fc.nat(6)).map(([from, length]) => ({ from, to: from + length, style: { inverse: true } })),
  { maxLength: 4 },
);

test('marking changes no text, and marks each character of the parts', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 12 }), { maxLength: 4 }), anyParts, (texts, parts) => {
      const marked = markPieces(
        texts.map((text) => ({ text })),
        parts,
      );
      const all = texts.join('');
      expect(marked.map(({ text }) => text).join('')).toBe(all);
      const isMarked = marked.flatMap(({ text, inverse }) =>
        Array.from({ length: text.length }, () => inverse === true),
      );
      const isIn = Array.from({ length: all.length }, (_, at) => parts.some(({ from, to }) => from <= at && at < to));
      expect(isMarked).toEqual(isIn);
    }),
  );
  const part = { from: 4, to: 7, style: { inverse: true } };
  expect(markPieces([{ text: 'one Tw' }, { text: 'o three', bold: true }], [part])).toEqual([
    { text: 'one ' },
    { text: 'Tw', inverse: true },
    { text: 'o', bold: true, inverse: true },
    { text: ' three', bold: true },
  ]);
});
