import {
  type Color,
  converter,
  differenceCiede2000,
  filterDeficiencyDeuter,
  filterDeficiencyProt,
  filterDeficiencyTrit,
} from 'culori';
import { expect, test } from 'vitest';
import { shadesOf, themeOf } from '../../src/lib/palette.ts';
import { COLOUR, RGB } from '../../src/tui/compositor/cell.ts';
import { styleCode } from '../../src/tui/compositor/colour.ts';
import { contrast } from '../../src/tui/theme/contrast.ts';
import { lookMappingFor } from '../../src/tui/theme/look-mapping.ts';
import { BY_BACKGROUND } from '../../src/tui/theme/themes.ts';

const TWELVE = Array.from({ length: 12 }, (_, index) => Number.parseInt(themeOf(index).primary_color.slice(1), 16));
const EYES = {
  usual: [(color: Color) => color, 13],
  protanopia: [filterDeficiencyProt(1), 5.5],
  deuteranopia: [filterDeficiencyDeuter(1), 5.5],
  tritanopia: [filterDeficiencyTrit(1), 5.5],
} as const;
const BACKGROUNDS = { dark: 0x1e1e1e, light: 0xffffff } as const;

const colour = (rgb: number): Color => converter('rgb')(`#${rgb.toString(16).padStart(6, '0')}`)!;
const shown = (kind: keyof typeof BACKGROUNDS, level: 1 | 2 | 3): readonly { fg: number; code: string }[] => {
  const dress = lookMappingFor(BY_BACKGROUND[kind], BACKGROUNDS[kind], level);
  return TWELVE.map((rgb) => dress({ fg: RGB | rgb, bg: 0 })).map(({ fg, bg }) => ({
    fg,
    code: styleCode(fg, bg, level),
  }));
};
const closest = (colours: readonly number[], seenBy: (color: Color) => Color): number => {
  const seen = colours.map((rgb) => seenBy(colour(rgb)));
  return Math.min(...seen.flatMap((a, i) => seen.slice(i + 1).map((b) => differenceCiede2000()(a, b))));
};

test.each(
  (['dark', 'light'] as const).flatMap((kind) =>
    (Object.keys(EYES) as (keyof typeof EYES)[]).map((eyes) => [kind, eyes] as const),
  ),
)('[COL-1] on a %s background no two of twelve agents look alike, for eyes with %s sight', (kind, eyes) => {
  const [seenBy, least] = EYES[eyes];
  const colours = shown(kind, 3).map(({ fg }) => fg & COLOUR);
  expect(closest(colours, seenBy)).toBeGreaterThanOrEqual(least);
});

test.each(['dark', 'light'] as const)(
  '[COL-1] on a %s background the twelve differ in 256 and in 16 colours',
  (kind) => {
    expect(new Set(shown(kind, 2).map(({ code }) => code)).size).toBe(12);
    expect(new Set(shown(kind, 1).map(({ code }) => code)).size).toBe(12);
  },
);

test.each(['dark', 'light'] as const)(
  'on a %s background 256 colours show just what a terminal with all colours shows',
  (kind) => {
    const steps = [0, 95, 135, 175, 215, 255];
    for (const { fg } of shown(kind, 3)) for (const shift of [16, 8, 0]) expect(steps).toContain((fg >> shift) & 255);
  },
);

test.each(['dark', 'light'] as const)(
  'no agent on a %s background has the yellow or the red of what needs a person',
  (kind) => {
    const { red, yellow } = BY_BACKGROUND[kind].colors;
    for (const { fg } of shown(kind, 3))
      for (const reserved of [red, yellow])
        expect(differenceCiede2000()(colour(fg & COLOUR), colour(reserved))).toBeGreaterThan(7);
  },
);

test('a primary colour can be told from black and from white, and one that is no agent’s has no shades', () => {
  for (let index = 0; index < 16; index += 1) {
    const rgb = Number.parseInt(themeOf(index).primary_color.slice(1), 16);
    expect(Math.min(contrast(rgb, 0), contrast(rgb, 0xffffff))).toBeGreaterThanOrEqual(3);
  }
  expect(shadesOf(0x123456)).toBeUndefined();
  expect(new Set(Array.from({ length: 60 }, (_, index) => themeOf(index).primary_color)).size).toBe(60);
});
