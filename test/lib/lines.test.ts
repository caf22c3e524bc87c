import fc from 'fast-check';
import { expect, test } from 'vitest';
import { makeLineCutter } from '../../src/lib/lines.ts';

test('text is cut into the same lines in whatever pieces it comes', () => {
  const text = fc.string({ unit: fc.constantFrom('a', '\n', '\r', '界', '') });
  fc.assert(
    fc.property(fc.array(text), (pieces) => {
      const cutter = makeLineCutter();
      const lines = pieces.flatMap((piece) => cutter.push(piece));
      expect([...lines, cutter.begun]).toEqual(pieces.join('').split('\n'));
    }),
  );
});
