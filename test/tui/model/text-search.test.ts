import fc from 'fast-check';
import { expect, test } from 'vitest';
import { marksIn, matchRows, wholeRow } from '../../../src/tui/model/text-search.ts';
import { wrapText } from '../../../src/tui/widgets/wrap-lines.ts';

const rowsOf = (line: string, width: number) => wrapText([line], width);
/** What is marked in each of the rows. */
const marked = (line: string, width: number, wanted: string) => {
  const rows = rowsOf(line, width);
  return marksIn(rows, wanted).map((marks, at) => marks.map(({ from, to }) => rows[at]!.text.slice(from, to)));
};

test('what goes on in the next row is found, and marked in both', () => {
  expect(rowsOf('one two three four', 14).map(({ text }) => text)).toEqual(['one two three', '    four']);
  expect(marked('one two three four', 14, 'Three Four')).toEqual([['three'], ['four']]);
  expect(matchRows(rowsOf('one two three four', 14), 'three four')).toEqual([0]);
  expect(marked('x'.repeat(60), 40, 'x'.repeat(50))).toEqual([['x'.repeat(40)], ['x'.repeat(10)]]);
});

test('each row in which a match begins is one to go to, and the blanks before a row are not searched', () => {
  const rows = rowsOf('one two three two', 14);
  expect(matchRows(rows, 'two')).toEqual([0, 1]);
  expect(matchRows(rows, '    ')).toEqual([]);
  expect(matchRows([...rows, wholeRow('two')], 'e tw')).toEqual([0]);
  expect(matchRows(rows, '')).toEqual([]);
});

test('a text is found whatever the width, with each of its characters marked', () => {
  const anyLine = fc.string({ unit: fc.constantFrom('a', 'B', ' ', '世', 'İ'), maxLength: 60 });
  fc.assert(
    fc.property(
      anyLine,
      fc.integer({ min: 1, max: 30 }),
      fc.nat(50),
      fc.integer({ min: 1, max: 8 }),
      (text, width, at, n) => {
        const line = text.trimEnd();
        const wanted = line.slice(at, at + n).trim();
        fc.pre(wanted !== '');
        expect(marked(line, width, wanted).flat().join('').replaceAll(' ', '')).toContain(wanted.replaceAll(' ', ''));
      },
    ),
  );
});
