import { expect, test } from 'vitest';
import { wrapLines } from '../../../src/tui/widgets/wrap-lines.ts';

test('a line is wrapped at a blank, its further parts a little to the right or in the last column of a table', () => {
  expect(wrapLines(['one two three'], 9)).toEqual(['one two', '    three']);
  expect(wrapLines(['界界界界 é👩‍💻x'], 5)).toEqual(['界界', '界界', 'é👩‍💻x']);
  expect(wrapLines([`  -v, --view  ${'word '.repeat(6)}`.trimEnd()], 40)).toEqual([
    '  -v, --view  word word word word word',
    '              word',
  ]);
  expect(wrapLines(['abcdef'], 1)).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
});

test.each(['a', 'é'])('a very long line of %s is wrapped in a time that grows with its length alone', (sign) => {
  const began = performance.now();
  const wrapped = wrapLines([sign.repeat(400_000)], 80);
  expect(wrapped).toHaveLength(1 + Math.ceil((400_000 - 80) / 76));
  expect(performance.now() - began).toBeLessThan(3000);
});
