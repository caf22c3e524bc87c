import fc from 'fast-check';
import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import { makeGrid } from '../../../src/tui/compositor/cell.ts';
import { composeRow, regionLayer } from '../../../src/tui/compositor/layers.ts';
import { eachGlyph, safeGlyph } from '../../../src/tui/compositor/glyph.ts';
import { makePen } from '../../../src/tui/compositor/pen.ts';
import { drawStyledLine } from '../../../src/tui/compositor/styled-line.ts';
import { makeEmulator } from '../../../src/tui/panes/emulator.ts';
import { widthOf } from '../../../src/tui/widgets/pieces.ts';
import { cellsOf } from '../screen.ts';

const COLS = 30;
const ROW = { x: 0, y: 0, width: COLS, height: 1 };

/** What a terminal shows that got the cells of the line, and one that got the line itself. */
const both = async (line: string) => {
  const grid = makeGrid(COLS, 1);
  drawStyledLine(grid, 0, line);
  const pen = makePen(3);
  pen.row(makeGrid(COLS, 1), grid, 0);
  const terminals = [pen.take(), line].map(async (text) => {
    const terminal = makeEmulator({ cols: COLS, rows: 1 });
    await new Promise<void>((resolve) => terminal.write(`\u001B[?7l${text}`, resolve));
    return cellsOf(terminal, ROW);
  });
  return Promise.all(terminals);
};

test.each([
  '\u001B[1mbold\u001B[22m \u001B[2mdim\u001B[22m \u001B[3mi\u001B[23m \u001B[4mu\u001B[24m \u001B[7minv\u001B[27m',
  '\u001B[5mb\u001B[25m \u001B[8mh\u001B[28m \u001B[9ms\u001B[29m \u001B[53mo\u001B[55m rest',
  '\u001B[31;42mred\u001B[39m on \u001B[49mgreen \u001B[95mbright\u001B[104m back\u001B[0m',
  '\u001B[38;5;200mpalette\u001B[48;2;1;2;3mtrue\u001B[m \u001B[58;5;3;1mbold',
  'wide 世界 e\u0301 end',
  '\u001B[48;5;22m      \u001B[m',
  '\u001B[38mx\u001B[999my\u001B[99mz',
])('a styled line looks as the terminal itself would show it: %j', async (line) => {
  const [drawn, direct] = await both(line);
  expect(drawn).toEqual(direct);
});

test('signs that stand for themselves are taken one by one exactly where nothing can join them', () => {
  const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  const sign = fc.oneof(
    fc.constantFrom(...'aé─┏▶✔❯…⎇世👍', '\u0301', '\uFE0F', '\u200D', '\u00AD', '\u20E3', '\u231A', '\u{1F1E9}'),
    fc.integer({ min: 0x20, max: 0x2bff }).map((code) => String.fromCharCode(code)),
  );
  fc.assert(
    fc.property(fc.array(sign, { maxLength: 6 }), (signs) => {
      const text = signs.join('');
      const taken: [string, number][] = [];
      eachGlyph(text, (glyph, width) => void taken.push([glyph, width]));
      const joined = [...segmenter.segment(text)].map(({ segment }) => [segment, stringWidth(segment)]);
      expect(taken).toEqual(joined);
      expect(widthOf([{ text }])).toBe(stringWidth(text));
    }),
    { numRuns: 2000 },
  );
});

test('every sign that is drawn as it is has nothing in it that acts on a terminal', () => {
  const invisible = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\p{Cf}]/u;
  for (let code = 0; code < 0x3000; code += 1) {
    const text = String.fromCharCode(code);
    expect(safeGlyph(text)).toBe(invisible.test(text) && text !== '\u200D' ? ' ' : text);
  }
});

test('other sequences in a line are dropped, and what is too long is cut before a wide character would be split', () => {
  const grid = makeGrid(6, 1);
  drawStyledLine(grid, 0, 'a\u001B[2Jb\u001B]0;t\u0007c\u001BXno\u001B\\\u001B7d\u200B\u0007e世f');
  expect(grid.chars.join('')).toBe('abcde ');
});

test('layers that reach beyond the screen are cut, and no half of a wide character is left', () => {
  const text = fc.string({ unit: fc.constantFrom('a', '世', '👍'), maxLength: 12 });
  const place = fc.record({ x: fc.integer({ min: -4, max: 10 }), width: fc.integer({ min: 1, max: 9 }), text });
  fc.assert(
    fc.property(fc.array(place, { maxLength: 5 }), (places) => {
      const layers = places.map(({ x, width, text }, z) => {
        const layer = regionLayer({ x, y: 0, width, height: 1 }, z);
        layer.frame(text);
        return layer;
      });
      const grid = makeGrid(10, 1);
      composeRow(layers, grid, 0);
      grid.chars.forEach((char, x) => {
        const wide = char === '世' || char === '👍';
        if (wide) expect(grid.chars[x + 1]).toBe('');
        if (char === '') expect(['世', '👍']).toContain(grid.chars[x - 1]);
      });
    }),
  );
});
