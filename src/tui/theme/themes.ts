/** The colours that panels may name. `dim` is what stands back: it is a colour of its own, so that it can be read. */
export const COLOUR_NAMES = ['red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'grey', 'dim'] as const;
export type ColourName = (typeof COLOUR_NAMES)[number];

/** The colours of the names. Each colour is made readable on the background, so a theme fits every one. */
export type Theme = {
  readonly name: string;
  /** The least contrast of any text with its background, 1 to 21. */
  readonly contrast: number;
  readonly colors: Readonly<Record<ColourName, number>>;
};

const DARK: Theme = {
  name: 'dark',
  contrast: 4.5,
  colors: {
    red: 0xff7b72,
    green: 0x7ccf8a,
    yellow: 0xe3b341,
    blue: 0x79b8ff,
    magenta: 0xd2a8ff,
    cyan: 0x5ccfe0,
    grey: 0x8b949e,
    dim: 0x8d96a0,
  },
};

const LIGHT: Theme = {
  name: 'light',
  contrast: 4.5,
  colors: {
    red: 0xcf222e,
    green: 0x1a7f37,
    yellow: 0x8a5a00,
    blue: 0x0969da,
    magenta: 0x8250df,
    cyan: 0x0b7285,
    grey: 0x6e7781,
    dim: 0x656d76,
  },
};

const HIGH_CONTRAST: Theme = {
  name: 'high-contrast',
  contrast: 7,
  colors: {
    red: 0xff6b6b,
    green: 0x50fa7b,
    yellow: 0xffe94d,
    blue: 0x7aa7ff,
    magenta: 0xff8cff,
    cyan: 0x5ff0ff,
    grey: 0xc4c4c4,
    dim: 0xc8c8c8,
  },
};

// Good is blue, bad a deep red, and between them a light yellow: apart by brightness and by the axis of blue and
// yellow, which those see who do not tell red from green.
const COLOR_BLIND: Theme = {
  name: 'color-blind',
  contrast: 4.5,
  colors: {
    red: 0x85150e,
    green: 0x2288dd,
    yellow: 0xeccb76,
    blue: 0x9a86e8,
    magenta: 0xcc79a7,
    cyan: 0x7cc8f0,
    grey: 0x8b949e,
    dim: 0x8d96a0,
  },
};

/** The themes that `auto` chooses from. */
export const BY_BACKGROUND = { dark: DARK, light: LIGHT } as const;

/** The themes that are always there, by their names. */
export const THEMES: ReadonlyMap<string, Theme> = new Map(
  [DARK, LIGHT, HIGH_CONTRAST, COLOR_BLIND].map((theme) => [theme.name, theme]),
);

/** The name of the choice that goes by the terminal's background. */
export const AUTO = 'auto';
