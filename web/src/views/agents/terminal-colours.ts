import type { ITheme } from '@xterm/xterm';
import type { Scheme } from '../../model/own-colour.ts';
import { BY_BACKGROUND, type ColourName } from '../../../../src/tui/theme/themes.ts';

const hex = (rgb: number): string => `#${rgb.toString(16).padStart(6, '0')}`;

const BASE: Readonly<
  Record<Scheme, { readonly back: string; readonly front: string; readonly black: string; readonly white: string }>
> = {
  dark: { back: '#0d1014', front: '#d5d9e0', black: '#20262d', white: '#d5d9e0' },
  light: { back: '#fbfbfc', front: '#1f2328', black: '#24292f', white: '#6e7781' },
};

/** The colours of a terminal on the page: those of the screen's theme. */
export const terminalColours = (scheme: Scheme): ITheme => {
  const { back, front, black, white } = BASE[scheme];
  const colour = (name: ColourName): string => hex(BY_BACKGROUND[scheme].colors[name]);
  const six = (['red', 'green', 'yellow', 'blue', 'magenta', 'cyan'] as const).map((name) => [name, colour(name)]);
  const bright = six.map(([name, value]) => [`bright${name![0]!.toUpperCase()}${name!.slice(1)}`, value]);
  return {
    background: back,
    foreground: front,
    cursor: front,
    cursorAccent: back,
    black,
    white,
    brightBlack: colour('grey'),
    brightWhite: front,
    ...Object.fromEntries(six),
    ...Object.fromEntries(bright),
  };
};
