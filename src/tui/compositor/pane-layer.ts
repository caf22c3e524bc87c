import type { IBuffer, IBufferCell, Terminal } from '@xterm/headless';
import {
  BLINK,
  BOLD,
  DIM,
  type Grid,
  HIDDEN,
  INVERSE,
  ITALIC,
  OVERLINE,
  PALETTE,
  RGB,
  STRIKE,
  UNDERLINE,
  WIDE,
} from './cell.ts';
import { safeGlyph } from './glyph.ts';

const front = (cell: IBufferCell): number =>
  (cell.isFgRGB() ? RGB | cell.getFgColor() : cell.isFgPalette() ? PALETTE | cell.getFgColor() : 0) |
  (cell.isBold() ? BOLD : 0) |
  (cell.isItalic() ? ITALIC : 0) |
  (cell.isUnderline() ? UNDERLINE : 0) |
  (cell.isInverse() ? INVERSE : 0) |
  (cell.isStrikethrough() ? STRIKE : 0);

const back = (cell: IBufferCell): number =>
  (cell.isBgRGB() ? RGB | cell.getBgColor() : cell.isBgPalette() ? PALETTE | cell.getBgColor() : 0) |
  (cell.isDim() ? DIM : 0) |
  (cell.isBlink() ? BLINK : 0) |
  (cell.isInvisible() ? HIDDEN : 0) |
  (cell.isOverline() ? OVERLINE : 0);

const isBlank = (buffer: IBuffer, row: number): boolean =>
  (buffer.getLine(buffer.baseY + row)?.translateToString(true) ?? '').trim() === '';

/** First row of a terminal to show in so many rows: the last written ones, and always the one with the cursor. */
export const topRow = (terminal: Terminal, height: number): number => {
  if (terminal.rows <= height) return 0;
  const buffer = terminal.buffer.active;
  let last = terminal.rows - 1;
  while (last > buffer.cursorY && last >= height && isBlank(buffer, last)) last -= 1;
  return Math.min(Math.max(0, last - height + 1), buffer.cursorY);
};

/** Draws one cell of a terminal's screen, or a blank where there is none, into a place of a grid. */
const drawCell = (source: IBufferCell | undefined, target: Grid, index: number, dim: number): void => {
  const width = source?.getWidth() ?? 1;
  const isPlain = !source || source.isAttributeDefault();
  target.chars[index] = width === 0 ? '' : safeGlyph(source?.getChars() || ' ');
  target.fg[index] = isPlain ? 0 : front(source);
  target.bg[index] = (isPlain ? 0 : back(source)) | dim | (width === 2 ? WIDE : 0);
};

/** Draws one row of a terminal's screen into a grid, cropped to `width`; nothing but cells crosses over. */
export const drawPaneRow = (
  terminal: Terminal,
  row: number,
  target: Grid,
  at: { x: number; y: number; width: number; dim: boolean },
): void => {
  const buffer = terminal.buffer.active;
  // Below its last row the buffer would begin again with its first one.
  const line = row < terminal.rows ? buffer.getLine(buffer.baseY + row) : undefined;
  const cell = buffer.getNullCell();
  const dim = at.dim ? DIM : 0;
  for (let x = 0; x < at.width && at.x + x < target.cols; x += 1) {
    const index = at.y * target.cols + at.x + x;
    drawCell(x < terminal.cols ? line?.getCell(x, cell) : undefined, target, index, dim);
  }
};
