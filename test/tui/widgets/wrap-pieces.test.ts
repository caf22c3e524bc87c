import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cellsOf } from '../../../src/tui/compositor/cells-of.ts';
import { rowStarts, wrapPieces } from '../../../src/tui/widgets/wrap-pieces.ts';

const anyText = fc.string({ unit: fc.constantFrom('a', ' ', 'é', '界', '👩‍💻', 'e\u0301', '─', 'z') });

test('a text in rows loses nothing, and each row fits and could not take the next sign', () => {
  fc.assert(
    fc.property(anyText, fc.integer({ min: 2, max: 12 }), (text, width) => {
      const starts = rowStarts(text, width);
      const rows = starts.map((start, at) => text.slice(start, starts[at + 1]));
      expect(rows.join('')).toBe(text);
      for (const row of rows) expect(cellsOf(row)).toBeLessThanOrEqual(width);
      for (const row of rows.slice(0, -1)) expect(cellsOf(row)).toBeGreaterThanOrEqual(width - 1);
    }),
  );
});

test('pieces keep their styles where a row ends within them', () => {
  const pieces = [{ text: 'abc', bold: true }, { text: 'defgh' }];
  expect(wrapPieces(pieces, 5)).toEqual([[{ text: 'abc', bold: true }, { text: 'de' }], [{ text: 'fgh' }]]);
  expect(wrapPieces([], 5)).toEqual([[]]);
});
