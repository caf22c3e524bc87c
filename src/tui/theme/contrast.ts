// Colours are numbers, 0xrrggbb. What is computed here is the contrast of the Web Content Accessibility Guidelines.
const WHITE = 0xffffff;
const BLACK = 0;
const STEPS = 24;

const linear = (channel: number): number => {
  const share = channel / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
};

/** How bright a colour is, from 0 to 1. */
export const luminance = (rgb: number): number =>
  0.2126 * linear(rgb >> 16) + 0.7152 * linear((rgb >> 8) & 255) + 0.0722 * linear(rgb & 255);

/** The contrast of two colours: from 1 for the same to 21 for black on white. */
export const contrast = (a: number, b: number): number => {
  const [dark = 0, bright = 0] = [luminance(a), luminance(b)].toSorted((x, y) => x - y);
  return (bright + 0.05) / (dark + 0.05);
};

/** Mixes two colours: `share`, from 0 to 1, is how much of `b` is in the result. */
export const mixColours = (a: number, b: number, share: number): number =>
  [16, 8, 0].reduce((rgb, shift) => {
    const from = (a >> shift) & 255;
    return rgb | (Math.round(from + (((b >> shift) & 255) - from) * share) << shift);
  }, 0);

/** Whether text on this background has to be darker than it. */
export const isLight = (background: number): boolean => contrast(BLACK, background) >= contrast(WHITE, background);

/** The colour, made lighter or darker only as far as it takes to be read on the background. */
export const makeReadable = (colour: number, background: number, least: number): number => {
  const towards = isLight(background) ? BLACK : WHITE;
  for (let step = 0; step < STEPS; step += 1) {
    const nearer = mixColours(colour, towards, step / STEPS);
    if (contrast(nearer, background) >= least) return nearer;
  }
  return towards;
};
