import fc from 'fast-check';
import { expect, test } from 'vitest';
import { wildcard } from '../../src/lib/wildcard.ts';

/** What the wildcards of a path stand for, and `*` elsewhere. */
const MEANINGS: Readonly<Record<string, string>> = { '?': '[^/]', '*': '[^/]*', '**': '.*', '**/': '(?:.*/)?' };

/** The same by what each wildcard means, every place tried. */
const meant = (pattern: string, isPath: boolean): RegExp => {
  const parts = pattern.split(isPath ? /(?<star>\*\*\/|\*+|\?)/u : /(?<star>\*+)/u);
  const source = parts.map((part) => {
    if (!isPath) return part.startsWith('*') ? '.*' : part;
    return MEANINGS[part] ?? (part.startsWith('*') ? '.*' : part);
  });
  return new RegExp(`^${source.join('')}$`, 'su');
};

const letters = (...all: string[]) => fc.string({ unit: fc.constantFrom(...all), maxLength: 12 });

test.each([true, false])('a pattern matches what its wildcards mean, whatever stands where (path: %s)', (isPath) => {
  const patterns = letters('a', 'b', '/', '*', '**', ...(isPath ? ['?', '**/'] : []));
  fc.assert(
    fc.property(patterns, letters('a', 'b', '/'), (pattern, text) => {
      expect([pattern, text, wildcard(pattern, isPath).test(text)]).toEqual([
        pattern,
        text,
        meant(pattern, isPath).test(text),
      ]);
    }),
    { numRuns: 20_000 },
  );
});

test.each([
  ['*rm*-rf*/*x', 'rm-rf/'.repeat(60), false],
  ['**/*a*a*a*a*a*b', 'a'.repeat(120), true],
])('%s is tried on a long text within no time', (pattern, text, isPath) => {
  const begun = performance.now();
  expect(wildcard(pattern, isPath).test(text.repeat(20))).toBe(false);
  expect(performance.now() - begun).toBeLessThan(2000);
});
