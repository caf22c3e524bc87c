import fc from 'fast-check';
import { expect, test } from 'vitest';
import { clashingLines, differingLines, joinRanges, parseHunks } from '../../../src/git/radar/hunks.ts';

const patch = (...hunks: readonly string[]): string => ['diff --git a b', '--- a', '+++ b', ...hunks].join('\n');

test('hunks name the lines before them, how many they take out, and what they put in', () => {
  expect(
    parseHunks(patch('@@ -3 +3,2 @@ void', '-x', '+a', '+b', '@@ -7,2 +8,0 @@', '-y', '-z', '@@ -9,0 +9 @@', '+c')),
  ).toEqual([
    { at: 2, removed: 1, from: 3, added: 2, text: '+a\n+b' },
    { at: 6, removed: 2, from: 8, added: 0, text: '' },
    { at: 9, removed: 0, from: 9, added: 1, text: '+c' },
  ]);
});

const change = (line: number, text: string) => parseHunks(patch(`@@ -${line} +${line} @@`, '-x', `+${text}`));

test('changes of the same line or of neighbouring ones exclude each other, equal ones do not', () => {
  expect(clashingLines(change(3, 'a'), change(3, 'b'))).toEqual([[[3, 3]], [[3, 3]]]);
  expect(clashingLines(change(3, 'a'), change(4, 'b'))).toEqual([[[3, 3]], [[4, 4]]]);
  const ours = [...change(3, 'same'), ...change(8, 'a')];
  const theirs = [...change(3, 'same'), ...change(8, 'b'), ...change(20, 'c')];
  expect(clashingLines(ours, theirs)).toEqual([[[8, 8]], [[8, 8]]]);
});

test('files without a base are compared with each other; lines that were only taken out stand for the one before', () => {
  expect(differingLines(parseHunks(patch('@@ -2,2 +2 @@', '-a', '-b', '+c', '@@ -9,0 +8 @@', '+d')))).toEqual([
    [
      [2, 3],
      [9, 9],
    ],
    [
      [2, 2],
      [8, 8],
    ],
  ]);
});

test('joined ranges are in order, hold all lines, and do not touch each other', () => {
  const range = fc.tuple(fc.nat(40), fc.nat(5)).map(([first, more]) => [first, first + more] as const);
  const linesOf = (ranges: readonly (readonly [number, number])[]) =>
    new Set(ranges.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, i) => first + i)));
  fc.assert(
    fc.property(fc.array(range), (ranges) => {
      const joined = joinRanges(ranges);
      expect(linesOf(joined)).toEqual(linesOf(ranges));
      for (const [i, one] of joined.entries()) if (i > 0) expect(one[0]).toBeGreaterThan(joined[i - 1]![1] + 1);
    }),
  );
});
