import { TICK_MS } from '../compositor/compositor.ts';

/** A picture that nobody typed for takes at most one part in so many of the time: the rest is for keys, and for the machine. */
const SHARE = 10;
/** However long the last one took, milliseconds from it to the next. */
const LONGEST_MS = 100;

export type DrawScheduler = {
  /** A picture soon: at most one a tick, and fewer while they take long. */
  request(): void;
  /** A picture after so many milliseconds at the earliest; the last one that asks decides. */
  requestIn(ms: number): void;
  stop(): void;
};

/**
 * Draws at most once a tick, however often a drawing is asked for. Where a machine is busy a picture takes several times as long,
 * and a screen that drew at each tick would be one more program that wants all of a core: keys would wait for their turn.
 */
export const makeDrawScheduler = (draw: () => void, now = (): number => performance.now()): DrawScheduler => {
  let timer: NodeJS.Timeout | undefined;
  let later: NodeJS.Timeout | undefined;
  let notBefore = 0;
  const drawNow = (): void => {
    const begun = now();
    draw();
    const ended = now();
    notBefore = ended + Math.min(LONGEST_MS, (SHARE - 1) * (ended - begun));
  };
  return {
    requestIn: (ms) => {
      clearTimeout(later);
      later = setTimeout(drawNow, ms);
    },
    request: () => {
      timer ??= setTimeout(
        () => {
          timer = undefined;
          drawNow();
        },
        Math.max(TICK_MS, notBefore - now()),
      );
    },
    stop: () => {
      clearTimeout(timer);
      clearTimeout(later);
    },
  };
};
