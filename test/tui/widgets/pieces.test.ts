import { expect, test } from 'vitest';
import { bar } from '../../../src/tui/widgets/bar.ts';
import { paint } from '../../../src/tui/widgets/paint.ts';
import { fitPieces, fitText, fitWords, spread } from '../../../src/tui/widgets/pieces.ts';

test('lines are cut in cells, not in characters, and the right side gives way last', () => {
  expect([fitText('世界世界', 5), fitText('abc', 3), fitText('abc', 0), fitText('abcd', 3)]).toEqual([
    '世界…',
    'abc',
    '',
    'ab…',
  ]);
  expect(spread([{ text: 'a long left side' }], [{ text: 'right' }], 24)).toBe('a long left side   right');
  expect(spread([{ text: 'a long left side' }], [{ text: 'right' }], 12)).toBe('a long left…');
  expect(spread([{ text: 'a long left side' }, { text: ' ' }], [], 12, { text: '─' })).toBe('a long… ────');
  expect([bar(0, 0, 4), bar(1, 1000, 4), bar(999, 1000, 4), bar(5, 5, 4), bar(9, 5, 4)]).toEqual([
    '▱▱▱▱',
    '▰▱▱▱',
    '▰▰▰▱',
    '▰▰▰▰',
    '▰▰▰▰',
  ]);
  expect([paint('x', {}), paint('', { bold: true }), paint('x', { italic: true, color: '#nothex' })]).toEqual([
    'x',
    '',
    '\u001B[3;39mx\u001B[0m',
  ]);
});

test('what is begun shows in its bar, and only what is done fills it', () => {
  expect([bar(10, 100, 4), bar(0, 100, 4), bar(99, 100, 4), bar(10, 100, 1), bar(100, 100, 1)]).toEqual([
    '▰▱▱▱',
    '▱▱▱▱',
    '▰▰▰▱',
    '▱',
    '▰',
  ]);
});

test('a text is cut between two words, and within one only where it has no other', () => {
  expect([12, 13, 14, 17, 18].map((width) => fitWords('Parse the strings', width))).toEqual([
    'Parse the…',
    'Parse the…',
    'Parse the…',
    'Parse the strings',
    'Parse the strings',
  ]);
  expect([fitWords('Parse', 3), fitWords('Parse it', 6), fitWords('Parse, it', 7)]).toEqual([
    'Pa…',
    'Parse…',
    'Parse,…',
  ]);
  expect(fitWords('stops a-1, a-2', 10)).toBe('stops a-1…');
  // What is missing of a path would be the path.
  expect(fitWords('edited src/a/very/long/path.ts', 24)).toBe('edited src/a/very/long/…');
  const look = { bold: true } as const;
  expect(fitPieces([{ text: 'one ' }, { ...look, text: 'two three' }, { text: 'four' }], 11)).toEqual([
    { text: 'one ' },
    { ...look, text: 'two…' },
  ]);
  expect(fitPieces([{ text: 'const three' }], 9, fitText)).toEqual([{ text: 'const th…' }]);
});
