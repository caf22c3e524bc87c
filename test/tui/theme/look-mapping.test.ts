import fc from 'fast-check';
import { expect, test } from 'vitest';
import { themeOf } from '../../../src/lib/palette.ts';
import { BOLD, COLOUR, DIM, INVERSE, KIND, PALETTE, RGB } from '../../../src/tui/compositor/cell.ts';
import { contrast, isLight, luminance, makeReadable, mixColours } from '../../../src/tui/theme/contrast.ts';
import { lookMappingFor } from '../../../src/tui/theme/look-mapping.ts';
import { COLOUR_NAMES, THEMES } from '../../../src/tui/theme/themes.ts';

const BACKGROUNDS = [0x000000, 0x1e1e1e, 0x282c34, 0x002b36, 0xffffff, 0xfdf6e3, 0xf0f0f0];
const NUMBERS = [1, 2, 3, 4, 5, 6, 8, 9, 14];

test('contrast is 21 for black on white and 1 for a colour on itself', () => {
  expect(contrast(0, 0xffffff)).toBeCloseTo(21);
  expect(contrast(0x336699, 0x336699)).toBe(1);
  expect([isLight(0xffffff), isLight(0x1e1e1e), isLight(0xfdf6e3)]).toEqual([true, false, true]);
  expect(luminance(0x777777)).toBeGreaterThan(luminance(0x555555));
  expect(mixColours(0x000000, 0xff8000, 0.5)).toBe(0x804000);
});

test('a colour that can be read stays as it is, any other one becomes readable', () => {
  expect(makeReadable(0xffffff, 0, 4.5)).toBe(0xffffff);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 0xffffff }), fc.constantFrom(...BACKGROUNDS), (colour, background) => {
      expect(contrast(makeReadable(colour, background, 4.5), background)).toBeGreaterThanOrEqual(4.5);
    }),
  );
  // What no colour can reach is at least as far as it goes.
  expect(makeReadable(0x808080, 0x777777, 21)).toBe(0x000000);
});

test.each([...THEMES.keys()])('[COL-1] every colour of the theme %s can be read on every usual background', (name) => {
  const theme = THEMES.get(name)!;
  for (const background of BACKGROUNDS) {
    const dress = lookMappingFor(theme, background, 3);
    const looks = [
      ...NUMBERS.map((number) => ({ fg: PALETTE | number, bg: 0 })),
      ...NUMBERS.map((number) => ({ fg: PALETTE | number, bg: DIM })),
      { fg: 0, bg: DIM },
      ...Array.from({ length: 32 }, (_, i) => ({
        fg: RGB | Number.parseInt(themeOf(i).primary_color.slice(1), 16),
        bg: i % 2 === 0 ? 0 : DIM,
      })),
    ];
    for (const look of looks) {
      const { fg, bg } = dress(look);
      expect(fg & KIND).toBe(RGB);
      expect(bg & DIM).toBe(0);
      expect(contrast(fg & COLOUR, background)).toBeGreaterThanOrEqual(theme.contrast);
    }
  }
});

test('attributes and what has no colour stay as they are', () => {
  const dress = lookMappingFor(THEMES.get('dark')!, 0x1e1e1e, 3);
  expect(dress({ fg: BOLD | INVERSE, bg: 0 })).toEqual({ fg: BOLD | INVERSE, bg: 0 });
  expect(dress({ fg: PALETTE | 7, bg: 0 })).toEqual({ fg: PALETTE | 7, bg: 0 });
  expect(dress({ fg: PALETTE | 200, bg: DIM })).toEqual({ fg: PALETTE | 200, bg: DIM });
  const { fg } = dress({ fg: BOLD | PALETTE | 1, bg: 0 });
  expect(fg & BOLD).toBe(BOLD);
});

test('sixteen colours keep the attribute for what stands back, and without colours nothing is coloured', () => {
  const sixteen = lookMappingFor(THEMES.get('dark')!, 0x1e1e1e, 1);
  expect(sixteen({ fg: 0, bg: DIM })).toEqual({ fg: 0, bg: DIM });
  expect(sixteen({ fg: PALETTE | 1, bg: DIM }).bg).toBe(DIM);
  const none = lookMappingFor(THEMES.get('dark')!, 0x1e1e1e, 0);
  expect(none({ fg: PALETTE | 1, bg: DIM })).toEqual({ fg: PALETTE | 1, bg: DIM });
});

// What the two commonest kinds of colour blindness see, after Machado, Oliveira and Fernandes (2009), in linear light.
const SEEN = {
  protanopia: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
  deuteranopia: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
};
const channels = (rgb: number) => [rgb >> 16, (rgb >> 8) & 255, rgb & 255].map((value) => (value / 255) ** 2.2);
const seen = (rgb: number, m: readonly number[]): number[] => {
  const [r = 0, g = 0, b = 0] = channels(rgb);
  return [0, 3, 6].map((row) => Math.max(0, m[row]! * r + m[row + 1]! * g + m[row + 2]! * b) ** (1 / 2.2));
};

test.each(Object.keys(SEEN) as (keyof typeof SEEN)[])(
  'with %s good, waiting and bad still look different in the theme for it',
  (kind) => {
    const { colors } = THEMES.get('color-blind')!;
    for (const background of [0x1e1e1e, 0xffffff]) {
      const shown = (['red', 'green', 'yellow'] as const).map((name) =>
        seen(makeReadable(colors[name], background, 4.5), SEEN[kind]),
      );
      for (const [i, a] of shown.entries())
        for (const b of shown.slice(i + 1)) expect(Math.hypot(...a.map((v, at) => v - b[at]!))).toBeGreaterThan(0.2);
    }
  },
);

test('every name has a colour in every theme', () => {
  for (const { colors } of THEMES.values())
    expect(Object.keys(colors).toSorted()).toEqual([...COLOUR_NAMES].toSorted());
});
