/** Values by key, of which those that were not asked for longest go when all of them together weigh too much. */
export type Kept<T> = {
  has(key: string): boolean;
  /** The value, which counts as asked for just now. */
  get(key: string): T | undefined;
  set(key: string, value: T): void;
  /** Lets go of the oldest, but of none of the so many that were asked for last. */
  forget(spared?: number): void;
};

export const keepUpTo = <T>(most: number, weigh: (value: T) => number = () => 1): Kept<T> => {
  const all = new Map<string, T>();
  let weight = 0;
  const remove = (key: string): void => {
    if (!all.has(key)) return;
    weight -= weigh(all.get(key)!);
    all.delete(key);
  };
  const set = (key: string, value: T): void => {
    remove(key);
    all.set(key, value);
    weight += weigh(value);
  };
  return {
    set,
    has: (key) => all.has(key),
    get: (key) => {
      if (!all.has(key)) return undefined;
      const value = all.get(key)!;
      set(key, value);
      return value;
    },
    forget: (spared = 1) => {
      for (const key of all.keys()) {
        if (weight <= most || all.size <= spared) return;
        remove(key);
      }
    },
  };
};
