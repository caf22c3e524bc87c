// A cell's look is two numbers. Both hold a colour in bits 0-23 and its kind in bits 24-25, then attributes; bit 31
// stays free so that they are never negative.
export const COLOUR = 0xffffff;
export const KIND = 3 << 24;
export const PALETTE = 1 << 24;
export const RGB = 2 << 24;

export const BOLD = 1 << 26;
export const ITALIC = 1 << 27;
export const UNDERLINE = 1 << 28;
export const INVERSE = 1 << 29;
export const STRIKE = 1 << 30;

// The attributes below live in the number of the background.
export const DIM = 1 << 26;
export const BLINK = 1 << 27;
export const HIDDEN = 1 << 28;
export const OVERLINE = 1 << 29;
/** Marks a glyph that takes two cells: the text of the next cell is then empty. */
export const WIDE = 1 << 30;

/** A rectangle of cells, row by row: the text of each and its two numbers of looks. */
export type Grid = {
  readonly cols: number;
  readonly rows: number;
  readonly chars: string[];
  readonly fg: Int32Array;
  readonly bg: Int32Array;
};

export const makeGrid = (cols: number, rows: number): Grid => ({
  cols,
  rows,
  chars: new Array<string>(cols * rows).fill(' '),
  fg: new Int32Array(cols * rows),
  bg: new Int32Array(cols * rows),
});

export const clearRow = (grid: Grid, y: number): void => {
  const from = y * grid.cols;
  grid.chars.fill(' ', from, from + grid.cols);
  grid.fg.fill(0, from, from + grid.cols);
  grid.bg.fill(0, from, from + grid.cols);
};

/** Copies as much of a row as fits; what would fall outside of the target is left out. */
export const copyRow = (from: Grid, fromY: number, to: Grid, at: { x: number; y: number }): void => {
  for (let x = Math.max(0, -at.x); x < from.cols && at.x + x < to.cols; x += 1) {
    const source = fromY * from.cols + x;
    const target = at.y * to.cols + at.x + x;
    to.chars[target] = from.chars[source]!;
    to.fg[target] = from.fg[source]!;
    to.bg[target] = from.bg[source]!;
  }
};

/** Replaces halves of wide glyphs, which are left where one layer covers another, by blanks. */
export const mendRow = (grid: Grid, y: number): void => {
  const start = y * grid.cols;
  for (let x = 0; x < grid.cols; x += 1) {
    const at = start + x;
    const wide = (grid.bg[at]! & WIDE) !== 0 && grid.chars[at] !== '';
    if (wide && x + 1 < grid.cols && grid.chars[at + 1] === '') {
      x += 1;
    } else if (wide || grid.chars[at] === '') {
      grid.chars[at] = ' ';
      grid.bg[at]! &= ~WIDE;
    }
  }
};
