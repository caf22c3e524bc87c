/** One colour of an instance, in Peacock's words. `accent_color` is the text colour that is readable on `primary_color`. */
export type Theme = {
  readonly color_name: string;
  readonly primary_color: string;
  readonly accent_color: string;
  readonly theme_id: number;
};

// Mid-lightness hues, each at least 3:1 against black and against white (what WCAG 2.2 wants of graphics), ordered so that
// neighbours differ for colour-blind eyes as well (blue, orange, green, pink, …).
const HUES: readonly (readonly [string, string])[] = [
  ['azure', '#2f7fd6'],
  ['orange', '#c76a00'],
  ['green', '#2e8b3d'],
  ['magenta', '#c2459a'],
  ['teal', '#12858f'],
  ['red', '#cf4436'],
  ['violet', '#8461d6'],
  ['olive', '#84801a'],
  ['rose', '#d0486f'],
  ['cyan', '#1a8ab0'],
  ['brown', '#a3703c'],
  ['indigo', '#5f6fd8'],
  ['moss', '#5c8a1f'],
  ['plum', '#a553b8'],
  ['slate', '#6a7d8f'],
  ['amber', '#a87b00'],
];

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
