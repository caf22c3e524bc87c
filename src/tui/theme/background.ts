import { isLight } from './contrast.ts';
import { AUTO, BY_BACKGROUND, type Theme } from './themes.ts';

/** The usual backgrounds, for a terminal of which no more is known than whether it is dark. */
export const USUAL = { dark: 0x1e1e1e, light: 0xffffff } as const;

/** The sequence that asks the terminal for the colour of its background (OSC 11). */
export const ASK_BACKGROUND = '\u001B]11;?\u001B\\';

const ANSWER = /^\u001B\]11;rgba?:(?<red>[\da-f]{1,4})\/(?<green>[\da-f]{1,4})\/(?<blue>[\da-f]{1,4})/iu;

/** The background that a terminal names in its answer; undefined when this is no such answer. */
export const backgroundIn = (text: string): number | undefined => {
  const { red, green, blue } = ANSWER.exec(text)?.groups ?? {};
  if (red === undefined) return undefined;
  return [red, green!, blue!].reduce((rgb, digits) => {
    // A channel has one to four digits, which are a fraction of the brightest.
    const value = Math.round((Number.parseInt(digits, 16) / (16 ** digits.length - 1)) * 255);
    return (rgb << 8) | value;
  }, 0);
};

/** A background; `sure` when the terminal itself has named it. */
export type Background = { readonly rgb: number; readonly sure: boolean };

/**
 * The background that the environment tells: some terminals put the number of its colour there. Dark where none does.
 */
export const backgroundOf = (env: Readonly<Record<string, string | undefined>>): Background => {
  const number = Number(/;(?<background>\d+)$/u.exec(env['COLORFGBG'] ?? '')?.groups?.['background'] ?? 0);
  const light = number === 7 || (number >= 9 && number <= 15);
  return { rgb: light ? USUAL.light : USUAL.dark, sure: false };
};

/** The theme to use and the background to reckon with: who names a kind knows better than an environment. */
export const onBackground = (
  choice: Theme | typeof AUTO,
  { rgb, sure }: Background,
): { readonly theme: Theme; readonly background: number } => {
  if (choice === AUTO) return { theme: BY_BACKGROUND[isLight(rgb) ? 'light' : 'dark'], background: rgb };
  const kind = (['dark', 'light'] as const).find((one) => BY_BACKGROUND[one] === choice);
  return { theme: choice, background: kind === undefined || sure ? rgb : USUAL[kind] };
};
