/** Runs what it is given one after the other, in the order of the calls. */
export type Mutex = <T>(work: () => Promise<T>) => Promise<T>;

export const makeMutex = (): Mutex => {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const next = last.then(work);
    last = next.catch(() => {});
    return next;
  };
};

/** Runs at most so many pieces of work at once; the others wait in the order of the calls. */
export const makeTurns = (places: number): Mutex => {
  const waiting: (() => void)[] = [];
  let free = places;
  const enter = (): Promise<void> | undefined => {
    if (free === 0) return new Promise((resolve) => waiting.push(resolve));
    free -= 1;
    return undefined;
  };
  // Who leaves hands the place on, so that nobody who comes meanwhile takes it.
  const leave = (): void => {
    const next = waiting.shift();
    if (next) next();
    else free += 1;
  };
  return async (work) => {
    await enter();
    try {
      return await work();
    } finally {
      leave();
    }
  };
};

/** A mutex for each key; keys do not wait for each other and are forgotten when nobody waits. */
export const makeKeyedMutex = () => {
  const all = new Map<string, { readonly mutex: Mutex; users: number }>();
  return async <T>(key: string, work: () => Promise<T>): Promise<T> => {
    const entry = all.get(key) ?? { mutex: makeMutex(), users: 0 };
    all.set(key, entry);
    entry.users += 1;
    try {
      return await entry.mutex(work);
    } finally {
      entry.users -= 1;
      if (entry.users === 0) all.delete(key);
    }
  };
};
