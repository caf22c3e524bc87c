import { expect, test } from 'vitest';
import { themeOf } from '../../../src/lib/palette.ts';
import { PALETTE, RGB } from '../../../src/tui/compositor/cell.ts';
import { type ColourLevel, colourLevel, styleCode } from '../../../src/tui/compositor/colour.ts';

test.each<[Record<string, string>, ColourLevel]>([
  [{ TERM: 'xterm-256color', COLORTERM: 'truecolor' }, 3],
  [{ TERM: 'xterm-direct' }, 3],
  [{ TERM: 'xterm-256color' }, 2],
  [{ TERM: 'screen' }, 1],
  [{ TERM: 'linux' }, 1],
  [{ TERM: 'dumb', COLORTERM: 'truecolor' }, 0],
  [{}, 0],
  [{ TERM: 'xterm-256color', COLORTERM: 'truecolor', NO_COLOR: '1' }, 0],
])('%j can show level %d', (env, level) => {
  expect(colourLevel(env)).toBe(level);
});

const AZURE = RGB | 0x2f7fd6;
test.each<[string, [number, number], ColourLevel, string]>([
  ['any colour', [AZURE, 0], 3, '\u001B[0;38;2;47;127;214m'],
  ['any colour', [AZURE, AZURE], 2, '\u001B[0;38;5;32;48;5;32m'],
  ['any colour', [AZURE, 0], 1, '\u001B[0;34m'],
  ['a grey', [RGB | 0x808080, RGB | 0x101010], 1, '\u001B[0;90;40m'],
  ['any colour', [AZURE, 0], 0, '\u001B[m'],
  ['a palette colour', [PALETTE | 208, PALETTE | 3], 3, '\u001B[0;38;5;208;43m'],
  ['a palette colour', [PALETTE | 208, PALETTE | 244], 1, '\u001B[0;33;100m'],
  ['a bright colour', [PALETTE | 9, PALETTE | 15], 2, '\u001B[0;91;107m'],
])('%s is shown as context as the terminal can (%#)', (_name, [fg, bg], level, code) => {
  expect(styleCode(fg, bg, level)).toBe(code);
});

test('five instances keep different colours on a terminal of sixteen', () => {
  const codes = [0, 1, 2, 3, 4].map((index) => {
    const rgb = Number.parseInt(themeOf(index).primary_color.slice(1), 16);
    return styleCode(RGB | rgb, 0, 1);
  });
  expect(new Set(codes).size).toBeGreaterThanOrEqual(4);
});

test('more colours than are remembered are still right', () => {
  for (let i = 0; i < 5000; i += 1) styleCode(RGB | i, 0, 2);
  expect(styleCode(RGB | 0xff0000, 0, 2)).toBe('\u001B[0;38;5;196m');
});
