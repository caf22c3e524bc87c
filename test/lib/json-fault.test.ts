import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonFault } from '../../src/lib/json-fault.ts';

test.each([
  ['', 'there is nothing in it', 1],
  ['{\n"a": 1\n"b": 2}', 'a comma is missing', 3],
  ['{\n"a": 1,\n}', 'a name in double quotes is missing, or a comma is too many', 3],
  ['[1,\n]', 'a value is missing, or a comma is too many', 2],
  ['{"a" 1}', 'a colon is missing behind a name', 1],
  ['{"a": [1', 'a closing ] is missing', 1],
  ['{"a": 1', 'a closing } is missing', 1],
  ['{"a": x}', 'a word stands there that needs quotes', 1],
  ['{"a": "x\n}', 'the closing quote of a text is missing', 1],
  ['{"a": "x"}\n}', 'something follows behind its end', 2],
  ['// a\n{}', 'a comment stands in it', 1],
  ['{"a": "\\x"}', 'a backslash stands before something that needs none', 1],
  ['['.repeat(1000), 'its brackets stand too deep in each other', 1],
])('%j is told to be no JSON: %s', (text, what, line) => {
  expect(jsonFault(text)).toMatchObject({ what, line });
});

const piece = fc.constantFrom(
  '{',
  '}',
  '[',
  ']',
  ':',
  ',',
  '"',
  '"a"',
  '1',
  '-',
  'e',
  'x',
  'true',
  '\\',
  '\n',
  ' ',
  '\t',
  '//',
  '\u2028',
);

test('whatever the language does not take as JSON is told in words, with a place in the text', () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const text = pieces.join('');
      try {
        JSON.parse(text);
      } catch {
        const { what, at, line } = jsonFault(text);
        expect(what).toMatch(/^[a-z][^\n]+$/u);
        expect(at).toBeLessThanOrEqual(text.length);
        expect(line).toBe(text.slice(0, at).split('\n').length);
      }
    }),
  );
});
