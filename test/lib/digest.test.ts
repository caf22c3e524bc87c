import fc from 'fast-check';
import { expect, test } from 'vitest';
import { digestOf } from '../../src/lib/digest.ts';

test('a text has one digest, and texts that differ have others', () => {
  fc.assert(
    fc.property(fc.string(), fc.string({ minLength: 1 }), (text, more) => {
      expect(digestOf(text)).toBe(digestOf(text));
      expect(digestOf(text + more)).not.toBe(digestOf(text));
    }),
  );
  const many = Array.from({ length: 100_000 }, (_, at) => digestOf(`- [ ] ${at}. Task`));
  expect(new Set(many).size).toBe(many.length);
});
