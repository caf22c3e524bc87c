/** One colour of an instance, in Peacock's words. `accent_color` is the text colour that is readable on `primary_color`. */
export type Theme = {
  readonly color_name: string;
  readonly primary_color: string;
  readonly accent_color: string;
  readonly theme_id: number;
};

/**
 * What a colour of an instance becomes on a screen: on a dark and on a light background (of the 256 colours that every
 * terminal has, so that it is the same there as where any colour can be shown), and among sixteen colours, by number.
 */
export type Shades = { readonly onDark: number; readonly onLight: number; readonly basic: number };

// The primary colours have a middle lightness: at least 3:1 against black and against white (what WCAG 2.2 wants of
// graphics), because nothing is known of what they are put on. The shades of the first twelve were searched for together:
// the least distance of any two (CIEDE2000) is 13 for usual eyes and 5.5 for those who do not tell red from green or blue
// from yellow, on dark and on light backgrounds, and none is near the yellow and red of what needs a person.
const HUES: readonly (readonly [name: string, primary: string, ...shades: readonly number[]])[] = [
  ['azure', '#2f7fd6', 0x0087ff, 0x5f5fff, 12],
  ['orange', '#c76a00', 0xd7875f, 0x5f0000, 3],
  ['green', '#2e8b3d', 0x5fffaf, 0x00875f, 10],
  ['magenta', '#c2459a', 0xd75faf, 0x870087, 5],
  ['teal', '#12858f', 0x87d7d7, 0x005f5f, 6],
  ['red', '#cf4436', 0xd75f5f, 0xaf5f5f, 1],
  ['olive', '#84801a', 0xafd700, 0x5f5f00, 2],
  ['rose', '#d7407f', 0xff87af, 0xaf005f, 9],
  ['cyan', '#1a8ab0', 0x87afd7, 0x005faf, 14],
  ['indigo', '#5f6fd8', 0x8787d7, 0x5f00ff, 4],
  ['plum', '#a553b8', 0xd787ff, 0x875f87, 13],
  ['violet', '#8461d6', 0xffd7ff, 0x0000af, 11],
  ['brown', '#a3703c'],
  ['moss', '#5c8a1f'],
  ['slate', '#6a7d8f'],
  ['amber', '#a87b00'],
];

const SHADES: ReadonlyMap<number, Shades> = new Map(
  HUES.flatMap(([, primary, onDark, onLight, basic]) =>
    onDark === undefined || onLight === undefined || basic === undefined
      ? []
      : [[Number.parseInt(primary.slice(1), 16), { onDark, onLight, basic }]],
  ),
);

/** The shades of a primary colour (0xrrggbb); undefined for one that is not among the first twelve. */
export const shadesOf = (primary: number): Shades | undefined => SHADES.get(primary);

/** The theme of the n-th colour (0-based). Beyond the palette the hues repeat, darker each round, so no two are equal. */
export const themeOf = (index: number): Theme => {
  const [name, hex] = HUES[index % HUES.length]!;
  const round = Math.floor(index / HUES.length);
  const channels = [1, 3, 5].map((at) => Math.max(0, Number.parseInt(hex.slice(at, at + 2), 16) - round * 24));
  const primary_color = `#${channels.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
  return {
    color_name: round === 0 ? name : `${name}-${round + 1}`,
    primary_color,
    accent_color: '#ffffff',
    theme_id: index,
  };
};
