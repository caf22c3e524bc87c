import { asciiGlyph } from './ascii.ts';
import { BLINK, type Grid, WIDE } from './cell.ts';
import { type ColourLevel, styleCode } from './colour.ts';
import { isPlain } from './glyph.ts';

/** Collects the text that turns what a terminal shows into what it shall show. */
type Pen = {
  /** Draws those cells of a row that differ, and takes them over into `front`. */
  row(front: Grid, back: Grid, y: number): void;
  /** Takes the collected text, which ends in the plain style; empty when nothing differed. */
  take(): string;
};

export const makePen = (level: ColourLevel, { ascii, calm } = { ascii: false, calm: false }): Pen => {
  const unseen = WIDE | (calm ? BLINK : 0);
  let out = '';
  let at = { x: -1, y: -1 };
  let style = { fg: 0, bg: 0 };

  const move = (x: number, y: number): void => {
    if (at.y === y && at.x === x) return;
    const forward = at.y === y && at.x >= 0 && x > at.x;
    out += forward ? (x - at.x === 1 ? '\u001B[C' : `\u001B[${x - at.x}C`) : `\u001B[${y + 1};${x + 1}H`;
  };
  const dress = (fg: number, bg: number): void => {
    if (fg === style.fg && bg === style.bg) return;
    out += styleCode(fg, bg, level);
    style = { fg, bg };
  };
  const draw = (cell: string, place: { x: number; y: number; cols: number }, wide: boolean): void => {
    const { x, y, cols } = place;
    move(x, y);
    const glyph = ascii ? asciiGlyph(cell) + (wide ? ' ' : '') : cell;
    const plain = ascii || isPlain(glyph);
    // Terminals differ in how many cells such a glyph takes: blank both first, so that none keeps what was there.
    if (wide && !plain) out += `  \u001B[${y + 1};${x + 1}H`;
    out += glyph;
    const next = x + (wide ? 2 : 1);
    at = plain && next < cols ? { x: next, y } : { x: -1, y: -1 };
  };

  return {
    row: (front, back, y) => {
      const start = y * back.cols;
      for (let x = 0; x < back.cols; x += 1) {
        const i = start + x;
        const glyph = back.chars[i]!;
        const fg = back.fg[i]!;
        const bg = back.bg[i]!;
        if (front.chars[i] === glyph && front.fg[i] === fg && front.bg[i] === bg) continue;
        front.chars[i] = glyph;
        front.fg[i] = fg;
        front.bg[i] = bg;
        if (glyph === '') continue;
        dress(fg, bg & ~unseen);
        draw(glyph, { x, y, cols: back.cols }, (bg & WIDE) !== 0);
      }
    },
    take: () => {
      dress(0, 0);
      const text = out;
      out = '';
      at = { x: -1, y: -1 };
      return text;
    },
  };
};
