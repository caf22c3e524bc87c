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

/** What a terminal can show: 0 no colours, 1 sixteen, 2 the palette of 256, 3 any. */
export type ColourLevel = 0 | 1 | 2 | 3;

/** The level that the environment promises. `NO_COLOR` wins over everything else. */
export const colourLevel = (env: Readonly<Record<string, string | undefined>>): ColourLevel => {
  const term = env['TERM'] ?? '';
  if (env['NO_COLOR'] || term === 'dumb' || term === '') return 0;
  if (/^(?:truecolor|24bit)$/i.test(env['COLORTERM'] ?? '') || term.endsWith('-direct')) return 3;
  return /-256(?:color)?/.test(term) ? 2 : 1;
};

const STEPS = [0, 95, 135, 175, 215, 255] as const;
const BASE = [
  0x000000, 0xcd3131, 0x0dbc79, 0xc5c510, 0x2472c8, 0xbc3fbc, 0x11a8cd, 0xc0c0c0, 0x666666, 0xf14c4c, 0x23d18b,
  0xf5f543, 0x3b8eea, 0xd670d6, 0x29b8db, 0xffffff,
] as const;

const rgbOf = (index: number): number => {
  if (index < 16) return BASE[index]!;
  if (index >= 232) return (8 + 10 * (index - 232)) * 0x010101;
  const cube = index - 16;
  return (STEPS[Math.floor(cube / 36)]! << 16) | (STEPS[Math.floor(cube / 6) % 6]! << 8) | STEPS[cube % 6]!;
};

const difference = (a: number, b: number): number => {
  const red = (a >> 16) - (b >> 16);
  const green = ((a >> 8) & 255) - ((b >> 8) & 255);
  const blue = (a & 255) - (b & 255);
  return 3 * red * red + 4 * green * green + 2 * blue * blue;
};

const nearestOf = (rgb: number, candidates: readonly number[]): number => {
  let best = candidates[0]!;
  for (const index of candidates) if (difference(rgb, rgbOf(index)) < difference(rgb, rgbOf(best))) best = index;
  return best;
};

const EXTENDED = Array.from({ length: 240 }, (_, i) => i + 16);
const GREYS = [0, 8, 7, 15];
const HUES = [1, 2, 3, 4, 5, 6, 9, 10, 11, 12, 13, 14];

// A muted hue lies nearer to a grey than to any of the sixteen colours, and as a grey it would tell nobody apart.
const toSixteen = (rgb: number): number => {
  const channels = [rgb >> 16, (rgb >> 8) & 255, rgb & 255];
  return nearestOf(rgb, Math.max(...channels) - Math.min(...channels) > 40 ? HUES : GREYS);
};

const CACHED = 4096;
const cacheConversion = (convert: (rgb: number) => number) => {
  const known = new Map<number, number>();
  return (rgb: number): number => {
    const hit = known.get(rgb);
    if (hit !== undefined) return hit;
    if (known.size >= CACHED) known.clear();
    const index = convert(rgb);
    known.set(rgb, index);
    return index;
  };
};
const nearest256 = cacheConversion((rgb) => nearestOf(rgb, EXTENDED));
const nearest16 = cacheConversion(toSixteen);

const colourCode = (word: number, level: ColourLevel, base: 30 | 40): string => {
  const kind = word & KIND;
  const value = word & COLOUR;
  if (kind === 0 || level === 0) return '';
  if (kind === RGB && level === 3) return `;${base + 8};2;${value >> 16};${(value >> 8) & 255};${value & 255}`;
  let index = kind === PALETTE ? value & 255 : level === 1 ? nearest16(value) : nearest256(value);
  if (level === 1 && index >= 16) index = nearest16(rgbOf(index));
  if (index < 8) return `;${base + index}`;
  return index < 16 ? `;${base + 52 + index}` : `;${base + 8};5;${index}`;
};

const FRONT_CODES = [
  [BOLD, ';1'],
  [ITALIC, ';3'],
  [UNDERLINE, ';4'],
  [INVERSE, ';7'],
  [STRIKE, ';9'],
] as const;
const BACK_CODES = [
  [DIM, ';2'],
  [BLINK, ';5'],
  [HIDDEN, ';8'],
  [OVERLINE, ';53'],
] as const;

/** The sequence that makes the next text look like this, whatever came before it. */
export const styleCode = (fg: number, bg: number, level: ColourLevel): string => {
  let codes = '';
  for (const [bit, code] of FRONT_CODES) if (fg & bit) codes += code;
  for (const [bit, code] of BACK_CODES) if (bg & bit) codes += code;
  return `\u001B[${`0${codes}${colourCode(fg, level, 30)}${colourCode(bg, level, 40)}`.replace(/^0$/, '')}m`;
};
