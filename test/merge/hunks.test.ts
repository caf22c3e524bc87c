import fc from 'fast-check';
import { expect, test } from 'vitest';
import { WIDE_MARKER } from '../../src/lib/markers.ts';
import { decided, hunksIn, linesOf, readMarked, union } from '../../src/merge/hunks.ts';
import { hasNewMarkers } from '../../src/merge/markers.ts';
import { decideWhitespace } from '../../src/merge/whitespace.ts';

const mark = (sign: string): string => sign.repeat(WIDE_MARKER);

test('a text with places that are not decided is read, and is itself again with each side', () => {
  const text = `a\n${mark('<')} \nours\n${mark('|')} \nbase\n${mark('=')}\ntheirs\n=======\n${mark('>')} \nz`;
  const marked = readMarked(text);
  expect(hunksIn(marked)).toEqual([{ ours: ['ours\n'], base: ['base\n'], theirs: ['theirs\n', '=======\n'] }]);
  expect(decided(marked, (hunk) => hunk.theirs)).toBe('a\ntheirs\n=======\nz');
  expect(decided(marked, () => undefined)).toBeUndefined();
});

test('a text without such places is one piece, whatever is in it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(decided(readMarked(text), () => undefined)).toBe(text);
      expect(linesOf(text).join('')).toBe(text);
    }),
  );
});

const line: fc.Arbitrary<string> = fc.constantFrom('a\n', 'b\n', 'c\n', 'd\n');
const lines = fc.uniqueArray(line, { maxLength: 4 });

test('the lines of both hold what either added once, and nothing that either took away', () => {
  fc.assert(
    fc.property(lines, lines, lines, (base, ours, theirs) => {
      const both = union({ base, ours, theirs });
      expect(new Set(both).size).toBe(both.length);
      for (const one of ['a\n', 'b\n', 'c\n', 'd\n']) {
        const [was, mine, yours] = [base, ours, theirs].map((side) => side.includes(one));
        expect(both.includes(one)).toBe(was ? mine && yours : mine || yours);
      }
    }),
  );
});

test('a side that changed blanks alone gives way; where blanks say something they are a change', () => {
  const hunk = {
    base: ['if (a) {\n', '  b()\n'],
    ours: ['if (a) {\n', '\tb()  \n', '\n'],
    theirs: ['if (a) {\n', '  c()\n'],
  };
  expect(decideWhitespace('x.js', hunk)).toEqual(hunk.theirs);
  expect(decideWhitespace('x.js', { ...hunk, ours: hunk.theirs, theirs: hunk.ours })).toEqual(hunk.theirs);
  expect(decideWhitespace('x.py', hunk)).toBeUndefined();
  expect(decideWhitespace('x.py', { ...hunk, ours: ['if (a) {\r\n', '  b()\r\n'] })).toEqual(hunk.theirs);
  expect(decideWhitespace('x.js', { ...hunk, ours: ['if (a) {\n', '  b( )\n'] })).toBeUndefined();
});

test('markers that a merge adds are seen, those that both sides have and a line under a heading are not', () => {
  const conflict = 'a\n<<<<<<< HEAD\nb\n=======\nc\n>>>>>>> main\n';
  const none = { base: null, ours: 'a\n', theirs: 'a\n' };
  expect(hasNewMarkers(conflict, none)).toBe(true);
  expect(hasNewMarkers('Title\n=======\n', none)).toBe(false);
  expect(hasNewMarkers(conflict, { base: conflict, ours: conflict, theirs: conflict })).toBe(false);
  expect(hasNewMarkers(conflict + conflict, { base: conflict, ours: conflict, theirs: conflict })).toBe(true);
  expect(hasNewMarkers(conflict + conflict, { base: null, ours: conflict, theirs: conflict })).toBe(false);
});
