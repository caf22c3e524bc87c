/** So much is kept of what commits are like. */
const KEPT = 2000;

/** Keeps what was found out about commits, by their names: they never come to be otherwise. What fails is asked again. */
export const makeKnown = <Found>() => {
  const known = new Map<string, Found>();
  return async (key: string, find: () => Promise<Found>): Promise<Found> => {
    const before = known.get(key);
    if (before !== undefined) return before;
    const found = await find();
    known.set(key, found);
    for (const old of [...known.keys()].slice(0, -KEPT)) known.delete(old);
    return found;
  };
};
