/** Numbers that look like chance and are the same for the same seed (mulberry32). */
export type Random = {
  /** A whole number below the limit. */
  readonly below: (limit: number) => number;
  readonly chance: (share: number) => boolean;
  readonly oneOf: <T>(all: readonly T[]) => T;
};

export const randomOf = (seed: number): Random => {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d_2b_79_f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return { below, chance: (share) => next() < share, oneOf: (all) => all[below(all.length)]! };
};
