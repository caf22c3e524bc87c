import { clearRow, type Grid, WIDE } from './cell.ts';
import { eachGlyph, safeGlyph } from './glyph.ts';
import { applySgr, type Look } from './sgr.ts';

/** Turns the look that a line asks for into the look that is shown. */
export type LookMapping = (look: Readonly<Look>) => Readonly<Look>;

export const sameLook: LookMapping = (look) => look;

// Only SGR sequences mean something here; every other sequence is skipped.
const SEQUENCE =
  /\u001B\[(?<codes>[\d;:]*)m|\u001B\[[0-?]*[ -/]*[@-~]|\u001B[\]PX^_][^\u0007\u001B]*(?:\u0007|\u001B\\)?|\u001B./gu;

const put = (grid: Grid, at: number, text: string, look: Readonly<Look>): void => {
  grid.chars[at] = text;
  grid.fg[at] = look.fg;
  grid.bg[at] = look.bg;
};

/** Draws a line with SGR sequences into a row; the rest of the row becomes blank, what is too long is cut off. */
export const drawStyledLine = (grid: Grid, y: number, line: string, dress: LookMapping = sameLook): void => {
  clearRow(grid, y);
  const look: Look = { fg: 0, bg: 0 };
  let shown = dress(look);
  const start = y * grid.cols;
  let x = 0;
  const drawGlyph = (glyph: string, width: number): void => {
    if (width <= 0) return;
    if (x + width > grid.cols) {
      x = grid.cols;
      return;
    }
    put(grid, start + x, safeGlyph(glyph), width === 2 ? { fg: shown.fg, bg: shown.bg | WIDE } : shown);
    if (width === 2) put(grid, start + x + 1, '', shown);
    x += width;
  };
  let from = 0;
  for (const match of line.matchAll(SEQUENCE)) {
    eachGlyph(line.slice(from, match.index), drawGlyph);
    from = match.index + match[0].length;
    const codes = match.groups?.['codes'];
    if (codes === undefined) continue;
    applySgr(look, codes.split(/[;:]/).map(Number));
    shown = dress(look);
  }
  eachGlyph(line.slice(from), drawGlyph);
};
