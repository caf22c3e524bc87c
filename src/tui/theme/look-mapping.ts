import { shadesOf } from '../../lib/palette.ts';
import { COLOUR, DIM, KIND, PALETTE, RGB } from '../compositor/cell.ts';
import type { ColourLevel } from '../compositor/colour.ts';
import { type LookMapping, sameLook } from '../compositor/styled-line.ts';
import { isLight, makeReadable, mixColours } from './contrast.ts';
import type { ColourName, Theme } from './themes.ts';

/** The terminal's colours by number, as panels' names are written. */
const BY_NUMBER: Readonly<Record<number, ColourName>> = {
  1: 'red',
  2: 'green',
  3: 'yellow',
  4: 'blue',
  5: 'magenta',
  6: 'cyan',
  8: 'grey',
  9: 'red',
  10: 'green',
  11: 'yellow',
  12: 'blue',
  13: 'magenta',
  14: 'cyan',
};

/** How much of the dim colour is mixed into a colour that is dimmed. */
const FADED = 0.6;

/**
 * The names of colours become those of the theme, an agent's own colour its readable variant, and what stands back a
 * colour instead of an attribute that terminals show as they like. Without colours nothing is changed.
 */
export const lookMappingFor = ({ colors, contrast }: Theme, background: number, level: ColourLevel): LookMapping => {
  if (level === 0) return sameLook;
  const known = new Map<number, number>();
  const read = (rgb: number): number => {
    const hit = known.get(rgb);
    if (hit !== undefined) return hit;
    const made = makeReadable(rgb, background, contrast);
    known.set(rgb, made);
    return made;
  };
  const shade = isLight(background) ? 'onLight' : 'onDark';
  const rgbOf = (word: number): number | undefined => {
    if ((word & KIND) === RGB) return shadesOf(word & COLOUR)?.[shade] ?? word & COLOUR;
    const name = (word & KIND) === PALETTE ? BY_NUMBER[word & COLOUR] : undefined;
    return name && colors[name];
  };
  const basicOf = (word: number): number | undefined =>
    level === 1 && (word & KIND) === RGB ? shadesOf(word & COLOUR)?.basic : undefined;
  return (look) => {
    const basic = basicOf(look.fg);
    if (basic !== undefined) return { fg: (look.fg & ~(COLOUR | KIND)) | PALETTE | basic, bg: look.bg };
    const colour = rgbOf(look.fg);
    // Sixteen colours have no room for shades.
    const dim = (look.bg & DIM) !== 0 && level > 1;
    if (colour === undefined && !(dim && (look.fg & KIND) === 0)) return look;
    const shown = colour === undefined ? colors.dim : dim ? mixColours(colour, colors.dim, FADED) : colour;
    return {
      fg: (look.fg & ~(COLOUR | KIND)) | RGB | read(shown),
      bg: dim ? look.bg & ~DIM : look.bg,
    };
  };
};
