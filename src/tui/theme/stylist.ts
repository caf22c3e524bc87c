import type { Style } from '../compositor/canvas.ts';
import type { ColourLevel } from '../compositor/colour.ts';
import { ASK_BACKGROUND, type Background, backgroundOf, onBackground } from './background.ts';
import { lookMappingFor } from './look-mapping.ts';
import type { Looks } from './looks.ts';

/** Makes the style of the screen from what the person wants and what the terminal says of itself. */
export type Stylist = {
  readonly style: Style;
  readonly looks: Looks;
  /** The question about the background, to be sent when the terminal is taken; empty where colours do not matter. */
  backgroundQuestion(): string;
  /** Takes the background that the terminal has named. */
  setBackground(rgb: number): void;
  /** Takes the looks that the person wants now. */
  choose(looks: Looks): void;
  /** Resolves when no answer of the terminal is expected any more: a late one would be typed into the next program. */
  whenSettled(): Promise<void>;
};

/** How long an answer of the terminal is expected, in milliseconds. */
const PATIENCE_MS = 400;

type Surroundings = {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly level: ColourLevel;
  /** Called after each change of the style. */
  readonly onStyle: (style: Style) => void;
};

export const makeStylist = (first: Looks, { env, level, onStyle }: Surroundings): Stylist => {
  let looks = first;
  let behind: Background = backgroundOf(env);
  let waiting: { readonly over: Promise<void>; readonly end: () => void } | undefined;
  const styleNow = (): Style => {
    const { theme, background } = onBackground(looks.theme, behind);
    return { mapLook: lookMappingFor(theme, background, level), ascii: looks.ascii, calm: looks.calm };
  };
  let style = styleNow();
  const change = (): void => {
    style = styleNow();
    onStyle(style);
  };
  return {
    get style() {
      return style;
    },
    get looks() {
      return looks;
    },
    backgroundQuestion: () => {
      if (level === 0) return '';
      const { promise, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, PATIENCE_MS);
      waiting = {
        over: promise,
        end: () => {
          clearTimeout(timer);
          resolve();
        },
      };
      return ASK_BACKGROUND;
    },
    setBackground: (rgb) => {
      waiting?.end();
      if (behind.sure && behind.rgb === rgb) return;
      behind = { rgb, sure: true };
      change();
    },
    choose: (next) => {
      looks = next;
      change();
    },
    whenSettled: async () => {
      await waiting?.over;
      waiting = undefined;
    },
  };
};

/** The step of the shown time: in whole seconds all ages change at once and are drawn once. */
const AGE_MS = 1000;
const CALM_AGE_MS = 10_000;

const wholeSteps = (time: number, step: number): number => Math.floor(time / step) * step;

/** The time as the screen shows it: in steps that are far apart where less motion is wanted. */
export const shownTime = (now: () => number, stylist: Pick<Stylist, 'looks'>) => (): number =>
  wholeSteps(now(), stylist.looks.calm ? CALM_AGE_MS : AGE_MS);
