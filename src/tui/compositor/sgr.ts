import {
  BLINK,
  BOLD,
  COLOUR,
  DIM,
  HIDDEN,
  INVERSE,
  ITALIC,
  KIND,
  OVERLINE,
  PALETTE,
  RGB,
  STRIKE,
  UNDERLINE,
} from './cell.ts';

export type Look = { fg: number; bg: number };

type Change = readonly [word: 'fg' | 'bg', set: number, clear: number];

const ATTRIBUTES: Readonly<Record<number, readonly Change[]>> = {
  1: [['fg', BOLD, 0]],
  2: [['bg', DIM, 0]],
  3: [['fg', ITALIC, 0]],
  4: [['fg', UNDERLINE, 0]],
  5: [['bg', BLINK, 0]],
  7: [['fg', INVERSE, 0]],
  8: [['bg', HIDDEN, 0]],
  9: [['fg', STRIKE, 0]],
  22: [
    ['fg', 0, BOLD],
    ['bg', 0, DIM],
  ],
  23: [['fg', 0, ITALIC]],
  24: [['fg', 0, UNDERLINE]],
  25: [['bg', 0, BLINK]],
  27: [['fg', 0, INVERSE]],
  28: [['bg', 0, HIDDEN]],
  29: [['fg', 0, STRIKE]],
  53: [['bg', OVERLINE, 0]],
  55: [['bg', 0, OVERLINE]],
};

/** The colour of a simple code (30-37, 39, 90-97 and their background twins), or undefined. */
const simpleColour = (code: number): { word: 'fg' | 'bg'; colour: number } | undefined => {
  const bright = code >= 90 ? 60 : 0;
  const word = code - bright >= 40 ? 'bg' : 'fg';
  const index = code - bright - (word === 'bg' ? 40 : 30);
  if (index === 9 && bright === 0) return { word, colour: 0 };
  return index >= 0 && index < 8 ? { word, colour: PALETTE | (index + (bright ? 8 : 0)) } : undefined;
};

/** Reads `5;n` or `2;r;g;b` after 38, 48 or 58; `used` counts the codes it took. */
const extendedColour = (codes: readonly number[], at: number): { colour: number; used: number } => {
  if (codes[at + 1] === 5) return { colour: PALETTE | ((codes[at + 2] ?? 0) & 255), used: 2 };
  if (codes[at + 1] !== 2) return { colour: 0, used: 0 };
  const [red = 0, green = 0, blue = 0] = codes.slice(at + 2, at + 5);
  return { colour: RGB | ((red & 255) << 16) | ((green & 255) << 8) | (blue & 255), used: 4 };
};

const setColour = (look: Look, word: 'fg' | 'bg', colour: number): void => {
  look[word] = (look[word] & ~(COLOUR | KIND)) | colour;
};

/** Changes the look as one code says that stands for itself: an attribute, or a colour of the sixteen. */
const applySimple = (look: Look, code: number): void => {
  for (const [word, set, clear] of ATTRIBUTES[code] ?? []) look[word] = (look[word] & ~clear) | set;
  const simple = ATTRIBUTES[code] ? undefined : simpleColour(code);
  if (simple) setColour(look, simple.word, simple.colour);
};

/** The codes that a colour of more than one code follows; that of the underline is not drawn. */
const EXTENDED: Readonly<Record<number, 'fg' | 'bg' | null>> = { 38: 'fg', 48: 'bg', 58: null };

/** Changes the look as the codes of one `CSI … m` say. */
export const applySgr = (look: Look, codes: readonly number[]): void => {
  for (let i = 0; i < codes.length; i += 1) {
    const code = codes[i]!;
    if (code === 0) {
      look.fg = 0;
      look.bg = 0;
      continue;
    }
    const word = EXTENDED[code];
    if (word === undefined) {
      applySimple(look, code);
      continue;
    }
    const { colour, used } = extendedColour(codes, i);
    i += used;
    if (word !== null) setColour(look, word, colour);
  }
};
