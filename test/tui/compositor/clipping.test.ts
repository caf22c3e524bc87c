import fc from 'fast-check';
import { expect, test } from 'vitest';
import { makeCanvas } from '../../../src/tui/compositor/canvas.ts';
import { safeGlyph } from '../../../src/tui/compositor/glyph.ts';
import { makeEmulator } from '../../../src/tui/panes/emulator.ts';

const SIZE = { columns: 40, rows: 8 };
const AGENT = { cols: 30, rows: 6 };

const write = (terminal: ReturnType<typeof makeEmulator>, text: string): Promise<void> =>
  new Promise((resolve) => terminal.write(text, resolve));

const PIECES = [
  'plain ',
  '世界',
  'ｆｕｌｌ',
  '👍',
  '👍🏽',
  '👩‍👩‍👧',
  '⚠️',
  '🇩🇪',
  'e\u0301',
  'a\u0308\u0301\u0323',
  'क्षि',
  '\u202Eback\u202C',
  '\u200B',
  '\u001B]8;;https://example.org/?a=b\u0007link\u001B]8;;\u0007',
  '\u001B]8;id=1;file:///etc\u001B\\世\u001B]8;;\u001B\\',
  '\u001B[31m',
  '\u001B[48;5;22m',
  '\u001B[m',
  '\r\n',
  '\u001B[3;29H',
  '\u001B[2;1H',
  '\u001B[K',
  '\u001B[2P',
  '\u001B[1@',
  '\u001B[2;4r',
  '\u001B[?1049h',
  '\u001B[?1049l',
];

const cellAt = (terminal: ReturnType<typeof makeEmulator>, x: number, y: number) => {
  const buffer = terminal.buffer.active;
  return buffer.getLine(buffer.baseY + y)?.getCell(x);
};

/** What a pane of this width shows of a row: glyphs of two cells are there as a whole or not at all. */
const clipped = (terminal: ReturnType<typeof makeEmulator>, y: number, width: number): string[] => {
  const shown: string[] = [];
  for (let x = 0; x < width; x += 1) {
    const cell = cellAt(terminal, x, y);
    const wide = cell?.getWidth() === 2;
    if (wide && x + 1 < width) {
      shown.push(safeGlyph(cell.getChars()), '');
      x += 1;
    } else shown.push(wide || !cell ? ' ' : safeGlyph(cell.getChars() || ' '));
  }
  return shown;
};

test('whatever is in a pane is cut exactly at its edges: nothing beside it moves, nothing of a link gets out', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(fc.constantFrom(...PIECES), { maxLength: 12 }), { minLength: 1, maxLength: 3 }),
      fc.integer({ min: 1, max: 34 }),
      fc.integer({ min: 0, max: 5 }),
      async (frames, width, x) => {
        const tty = makeEmulator({ cols: SIZE.columns, rows: SIZE.rows });
        const agent = makeEmulator(AGENT);
        const canvas = makeCanvas(3, SIZE);
        const rect = { x, y: 1, width, height: AGENT.rows };
        canvas.setRegion('around', { x: 0, y: 0, width: SIZE.columns, height: SIZE.rows }, 1);
        canvas.frame('around', Array.from({ length: SIZE.rows }, () => '·'.repeat(SIZE.columns)).join('\n'));
        canvas.setPanes(new Map([['agent', { rect, terminal: agent, dim: false }]]));
        await write(tty, '\u001B[?7l');
        for (const frame of frames) {
          await write(agent, frame.join(''));
          canvas.touch('agent');
          const sent = canvas.paint(true);
          expect(sent.replace(/\u001B\[[\d;]*[mHCJ]/g, '')).not.toContain('\u001B');
          await write(tty, sent);
          for (let y = 0; y < SIZE.rows; y += 1) {
            const cells = Array.from({ length: SIZE.columns }, (_, at) => cellAt(tty, at, y)?.getChars() ?? '');
            const inPane = y >= 1 && y < 1 + AGENT.rows;
            const part = inPane ? clipped(agent, y - 1, Math.min(width, SIZE.columns - x)) : [];
            const expected = inPane
              ? [...'·'.repeat(x), ...part, ...'·'.repeat(SIZE.columns - x - part.length)]
              : [...'·'.repeat(SIZE.columns)];
            expect(cells.map((glyph) => glyph || ' ').join('')).toBe(expected.map((glyph) => glyph || ' ').join(''));
          }
        }
      },
    ),
    { numRuns: 80 },
  );
});
