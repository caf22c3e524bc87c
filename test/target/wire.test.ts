import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeLine, encodeLine } from '../../src/target/wire.ts';

const { signal } = new AbortController();
const cross = (value: unknown): unknown => (decodeLine(encodeLine({ value }), signal) as { value: unknown }).value;

test('whatever JSON holds comes back as it was, also what looks like a tag of ours', () => {
  const anything = fc.object({
    key: fc.constantFrom('$', 'value', 'a', '__proto__', '\u2028', 'ü'),
    values: [fc.string({ unit: 'binary' }), fc.integer(), fc.boolean(), fc.constant(null), fc.constant('bytes')],
    withBigInt: true,
    withMap: true,
    withSet: true,
  });
  fc.assert(
    fc.property(anything, (value) => {
      const line = encodeLine({ value });
      expect(line).not.toContain('\n');
      expect(cross(value)).toEqual(value);
    }),
  );
});

test('bytes, patterns, numbers and what is not there have words of their own', () => {
  fc.assert(fc.property(fc.uint8Array(), (bytes) => void expect(cross(bytes)).toEqual(bytes)));
  const part = Buffer.from('inner part').subarray(6);
  expect(cross(part)).toEqual(new Uint8Array([112, 97, 114, 116]));
  expect(cross([/a\/"b/giu, Number.POSITIVE_INFINITY, 10n ** 30n])).toEqual([
    ...[/a\/"b/giu, Number.POSITIVE_INFINITY, 10n ** 30n],
  ]);
  expect(cross(['a', undefined, 'b'])).toHaveLength(3);
  expect((cross(['a', undefined, 'b']) as unknown[])[1]).toBeUndefined();
});

test('where a signal stood, the signal of the other end does', () => {
  expect(cross(['x', new AbortController().signal])).toEqual(['x', signal]);
});

test('what is no line of ours is refused', () => {
  expect(() => decodeLine('Welcome!', signal)).toThrow();
  expect(() => decodeLine('{"$":"constructor","value":1}', signal)).toThrow('constructor');
});
