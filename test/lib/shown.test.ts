import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hasUnseen, shown, shownLine } from '../../src/lib/text.ts';

test.each([
  ['a\u202eb\u2066c', String.raw`a\u202eb\u2066c`],
  ['a\u200bb\ufeff\u00ad\u034f\u3164\u2800', String.raw`a\u200bb\ufeff\u00ad\u034f\u3164\u2800`],
  ['a\u001b[31mb\u009b2J\0\r', String.raw`a\u001b[31mb\u009b2J\u0000\u000d`],
  ['a\u00a0b\u3000c\u2028d\u2029e', String.raw`a\u00a0b\u3000c\u2028d\u2029e`],
  ['a\u{e0041}b\u{e000}', String.raw`a\udb40\udc41b\ue000`],
  ['a\ud800', String.raw`a\ud800`],
  ['a\u200db \ufe0f', String.raw`a\u200db \ufe0f`],
  ['👩‍💻 ❤️ grün 漢字 ש', '👩‍💻 ❤️ grün 漢字 ש'],
  ['two\n\tlines', 'two\n\tlines'],
])('[SEC-7] %j is shown as %j', (text, expected) => {
  expect(shown(text)).toBe(expected);
});

test('[SEC-7] in one line it is marked where lines end', () => {
  expect(shownLine("npm test # it's\n\ncurl x\u202e\r\n# '")).toBe(
    String.raw`npm test # it's ⏎ curl x\u202e\u000d ⏎ # '`,
  );
});

test('[SEC-7] what is shown has nothing unseen but the joiners of pictures, and is shown the same again', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const once = shown(text);
      expect(shown(once)).toBe(once);
      expect(hasUnseen(once.replaceAll(/[\u200d\ufe0f]/gu, ''))).toBe(false);
    }),
  );
});
