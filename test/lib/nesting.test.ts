import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tooDeepAt } from '../../src/lib/nesting.ts';

const depthOf = (value: unknown): number =>
  typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;

test('a text of JSON is too deep exactly where its value is nested deeper', () => {
  fc.assert(
    fc.property(
      fc.jsonValue(),
      fc.integer({ min: 0, max: 6 }),
      fc.constantFrom(undefined, 2),
      (value, most, indent) => {
        const text = JSON.stringify(value, null, indent);
        expect(tooDeepAt(text, most) !== undefined).toBe(depthOf(value) > most);
      },
    ),
  );
});

test.each([
  ['[[1]]', 1],
  ['// [[\n[[1]]', 7],
  ['/* [[ */ {"[[\\"[": [1]}', undefined],
  ['["[[", [1]]', 7],
  ['[ "', undefined],
  ['/* [[', undefined],
])('%j is too deep for one bracket at %s', (text, at) => {
  expect(tooDeepAt(text, text.startsWith('/*') ? 2 : 1)).toBe(at);
});

test('no depth is too much for who tells of it', () => {
  expect(tooDeepAt('['.repeat(1_000_000), 32)).toBe(32);
});
