import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isSameValue } from '../../src/lib/same-value.ts';

test('data that says the same is the same, whoever made it', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(isSameValue(value, structuredClone(value))).toBe(true);
    }),
  );
});

test('data that says something else is not', () => {
  // Without a zero that has a sign, of which JSON knows nothing.
  const small = fc.jsonValue({ maxDepth: 1 }).map((value): unknown => JSON.parse(JSON.stringify(value)));
  fc.assert(
    fc.property(small, small, (a, b) => {
      expect(isSameValue(a, b)).toBe(isDeepStrictEqual(a, b));
      expect(isSameValue([a, { b }], [b, { b: a }])).toBe(isDeepStrictEqual(a, b));
    }),
  );
});

test.each([
  [{ a: 1 }, { a: 1, b: undefined }],
  [{ a: undefined }, { b: undefined }],
  [[1], { 0: 1 }],
  [[1, 2], [1]],
  [null, {}],
  [{}, undefined],
  [{ a: [{ b: 'c' }] }, { a: [{ b: 'd' }] }],
])('%j is not the same as %j', (a, b) => {
  expect([isSameValue(a, b), isSameValue(b, a)]).toEqual([false, false]);
});

test('what both share is not looked at', () => {
  const shared = new Proxy(
    {},
    {
      ownKeys: () => {
        throw new Error('looked at');
      },
    },
  );
  expect(isSameValue({ shared, a: [1] }, { shared, a: [1] })).toBe(true);
});
