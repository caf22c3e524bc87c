import { setImmediate as turn } from 'node:timers/promises';

/** Numbers that look random and are the same in every run. */
export const dice = (seed: number) => () => {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
  return seed / 2 ** 32;
};

/** Lets this process go on for so many turns: others are anywhere in their work by then. */
export const turns = async (count: number): Promise<void> => {
  for (let left = count; left > 0; left -= 1) await turn();
};
