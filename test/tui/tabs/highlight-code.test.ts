import { expect, test } from 'vitest';
import { highlightCode } from '../../../src/tui/tabs/highlight-code.ts';

test('code has the colours of its language, and the text stays what it was', () => {
  const pieces = highlightCode('const a = `x` && "<b>"; // hi', 'src/a.ts', 'green');
  expect(pieces.map(({ text }) => text).join('')).toBe('const a = `x` && "<b>"; // hi');
  expect(pieces[0]).toEqual({ text: 'const', color: 'magenta' });
  expect(pieces.at(-1)).toEqual({ text: '// hi', dim: true, italic: true });
  expect(pieces[1]).toMatchObject({ color: 'green' });
});

test('what has no known language, or is too long to be read, keeps one colour', () => {
  expect(highlightCode('if x', 'notes.unknown', null)).toEqual([{ text: 'if x' }]);
  expect(highlightCode('if x', 'Makefile', 'red')).toEqual([{ text: 'if x', color: 'red' }]);
  const long = `const a = "${'x'.repeat(500)}"`;
  expect(highlightCode(long, 'a.ts', null)).toEqual([{ text: long }]);
});
