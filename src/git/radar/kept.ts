/** So long is kept what nobody asks for, in milliseconds: works that ended are not asked for again. */
const UNASKED_MS = 600_000;
/** So many answers are kept: the same two sides are the same again. */
const KEPT = 5000;

/**
 * Values by key, of which those go that nobody has asked for during some minutes, and those that were not asked for longest where
 * all of them together weigh too much.
 */
export type Kept<T> = {
  has(key: string): boolean;
  /** The value, which counts as asked for just now. */
  get(key: string): T | undefined;
  set(key: string, value: T): void;
  /** Lets go of the oldest, but of none of the so many that were asked for last. */
  forget(spared?: number): void;
};

type Entry<T> = { readonly value: T; readonly at: number };

/** `now` is in milliseconds, and never goes back. */
export const keepUpTo = <T>(
  most: number,
  weigh: (value: T) => number = () => 1,
  now: () => number = () => performance.now(),
): Kept<T> => {
  const all = new Map<string, Entry<T>>();
  let weight = 0;
  const remove = (key: string): void => {
    const entry = all.get(key);
    if (entry === undefined) return;
    weight -= weigh(entry.value);
    all.delete(key);
  };
  const set = (key: string, value: T): void => {
    remove(key);
    all.set(key, { value, at: now() });
    weight += weigh(value);
  };
  return {
    set,
    has: (key) => all.has(key),
    get: (key) => {
      const entry = all.get(key);
      if (entry === undefined) return undefined;
      set(key, entry.value);
      return entry.value;
    },
    forget: (spared = 1) => {
      const longAgo = now() - UNASKED_MS;
      for (const [key, { at }] of all) {
        if ((weight <= most && at >= longAgo) || all.size <= spared) return;
        remove(key);
      }
    },
  };
};

/** Remembers what was found out for a key. */
export const memory = <T>(kept: Kept<T> = keepUpTo(KEPT)) => {
  return async (key: string, find: () => Promise<T>): Promise<T> => {
    const known = kept.get(key) ?? (await find());
    kept.set(key, known);
    kept.forget();
    return known;
  };
};
