import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { askTerminal } from '../../../src/cli/doctor/ask-terminal.ts';
import type { Io } from '../../../src/cli/io.ts';

/** A terminal that answers every question with these pieces. */
const terminal = (...pieces: readonly string[]) => {
  const raw: boolean[] = [];
  const stdin = Object.assign(new PassThrough(), {
    isRaw: false,
    setRawMode: (on: boolean) => void raw.push(on),
  });
  const asked: string[] = [];
  const stdout = {
    write: (text: string) => {
      asked.push(text);
      for (const piece of pieces) stdin.write(piece);
    },
  };
  return { asked, raw, stdin, io: { stdin, stdout } as unknown as Pick<Io, 'stdin' | 'stdout'> };
};

test.each([
  [['\u001B[?2026;2$y\u001B[?62c'], true],
  [['\u001B[?2026;1$', 'y\u001B[?6', '2;4c'], true],
  [['\u001B[?2026;3$y', '\u001B[?1;2c'], true],
  [['\u001B[?2026;0$y\u001B[?62c'], false],
  [['\u001B[?2026;4$y\u001B[?62c'], false],
  [['\u001B[?1;2c'], false],
])('a terminal that answers %j draws frames in one piece: %s', async (pieces, expected) => {
  const { io, raw, stdin, asked } = terminal(...pieces);
  expect(await askTerminal(io)).toBe(expected);
  expect([asked, raw, stdin.isPaused(), stdin.listenerCount('data')]).toEqual([
    ['\u001B[?2026$p\u001B[c'],
    [true, false],
    true,
    0,
  ]);
});

test('a terminal that says nothing, or something else, is not waited for', async () => {
  const { io, raw } = terminal('typed meanwhile');
  expect([await askTerminal(io, 1), raw]).toEqual([null, [true, false]]);
});

test('a stream without a raw mode can be asked as well', async () => {
  const { io, stdin } = terminal('\u001B[?1;2c');
  Object.assign(stdin, { setRawMode: undefined });
  expect(await askTerminal(io)).toBe(false);
});
