import { playCore } from './play.ts';

type Wanted = { readonly first: number; readonly count: number; readonly told?: ((line: string) => void) | undefined };

/** Plays so many seeds from the first one on: what was wrong with which, and how much happened. */
export const playMany = async ({ first, count, told }: Wanted) => {
  const sums = { deaths: 0, effects: 0, done: 0, wrong: [] as string[] };
  for (let seed = first; seed < first + count; seed += 1) {
    const { wrong, hash, deaths, effects, done } = await playCore(seed, { told });
    told?.(`hash ${hash}`);
    sums.deaths += deaths;
    sums.effects += effects;
    sums.done += done;
    // A failure is played again by: npm run simulate -- --core --seeds 1 --seed N --trace
    if (wrong !== undefined) sums.wrong.push(`seed ${seed}: ${wrong}`);
  }
  return sums;
};
