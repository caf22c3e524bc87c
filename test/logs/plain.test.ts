import fc from 'fast-check';
import { expect, test } from 'vitest';
import { plainLines, plainText } from '../../src/logs/plain.ts';

const all = (text: string, size = 1_000_000): readonly string[] => {
  const bytes = new TextEncoder().encode(text);
  const plain = plainText();
  const lines: string[] = [];
  for (let i = 0; i < bytes.length; i += size) lines.push(...plain.push(bytes.subarray(i, i + size)));
  return [...lines, ...plain.end()];
};

test.each([
  ['colours', '\u001B[1;31mred\u001B[m and \u001B(Bplain\r\n', ['red and plain']],
  ['clipboard and titles', 'a\u001B]52;c;cHduZWQ=\u0007b\u001B]2;title\u001B\\c\n', ['abc']],
  ['a title that another sequence breaks off', '\u001B]2;title\u001B[31mx\u0018\n', ['x']],
  ['a sequence that is called off', '\u001B[31\u0018a\u001B]2;x\u001Ab\n', ['ab']],
  ['device control', '\u001BPq#0\u001B\\a\n', ['a']],
  ['C1 characters, which obey nothing', 'a\u009B31mb\u009Dx\u009Cc\u0090z\u0085d\n', ['a31mbxczd']],
  ['a right quote that was read in the wrong code', 'itâ\u0080\u009Ds\nhere\n', ['itâs', 'here']],
  ['a string that a line feed ends', 'a\u001B]2;t\ti\r\u0001t\u007Fl\u009Ce\nb\n', ['a2;t\title', 'b']],
  ['a string that nothing ends', 'a\u001BPq\u0090#0', ['aq#0']],
  ['a progress line', '10 %\r50 %\r100 %\r\ndone\n', ['100 %', 'done']],
  ['words put apart by cursor movements', 'a\u001B[3Cb\u001B[5;1Hc\u001B[Hd\n', ['a   b', 'c', 'd']],
  ['tabs, bells and backspaces', 'a\tb\u0007x\b\u0000\n', ['a\tb']],
  ['an escape inside of a sequence', '\u001B[3\u001B[31mx\u001B\u001B[my\n', ['xy']],
  ['a last line without its end', 'a\nb', ['a', 'b']],
])('%s become plain text', (_, text, expected) => {
  expect(all(text)).toEqual(expected);
});

test('a line without an end is given out in pieces', () => {
  expect(all('x'.repeat(40_000)).map(({ length }) => length)).toEqual([16_384, 16_384, 7_232]);
});

test.each([...']PX^_'])(
  'a string of the kind ESC %s that is too long for one is text, and so is what follows',
  (start) => {
    const lines = all(`a\n\u001B${start}${'x'.repeat(100_000)}\nb\n`, 1000);
    expect([lines[0], lines.at(-1), lines.join('').length]).toEqual(['a', 'b', 100_002]);
  },
);

test('how the bytes are cut makes no difference, and nothing is left that a terminal would act on', () => {
  const part = fc.constantFrom(
    '\u001B',
    '[',
    ']',
    '52;',
    'H',
    'm',
    '3',
    '\\',
    '\u0007',
    '\u009B',
    '\u009D',
    '\u0080',
    'ü',
    '界',
    '\n',
    '\r',
    'P',
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 40 }), fc.integer({ min: 1, max: 5 }), (parts, size) => {
      const text = parts.join('');
      const lines = all(text, size);
      expect(lines).toEqual(all(text));
      expect(lines.join('')).not.toMatch(/[\u0000-\u0008\u000A-\u001F\u007F-\u009F]/u);
    }),
  );
});

test('no C1 character makes a difference', () => {
  const c1 = fc.integer({ min: 0x80, max: 0x9f }).map((code) => String.fromCodePoint(code));
  const part = fc.constantFrom(...'\u001B[]P52;Hm\\\u0007ü\n\rx');
  fc.assert(
    fc.property(fc.array(fc.oneof(part, c1), { maxLength: 40 }), (parts) => {
      const text = parts.join('');
      expect(all(text)).toEqual(all(text.replace(/[\u0080-\u009F]/gu, '')));
    }),
  );
});

test('no line after a line feed is swallowed, whatever came before it', () => {
  const part = fc.constantFrom(...'\u001B[]PX^_52;\\\u0007\u0018\u0090\u0098\u009D\u009Fü\rx\n');
  fc.assert(
    fc.property(fc.array(part, { maxLength: 40 }), (parts) => {
      expect(all(`${parts.join('')}x\nhere\n`)).toContain('here');
    }),
  );
});

test('a stream is read line by line', async () => {
  const chunks = async function* () {
    yield new TextEncoder().encode('one\ntw');
    yield new TextEncoder().encode('o');
  };
  const lines: string[] = [];
  for await (const line of plainLines(chunks())) lines.push(line);
  expect(lines).toEqual(['one', 'two']);
});
