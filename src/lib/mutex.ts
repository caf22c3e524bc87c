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

/** Runs at most so many pieces of work at once, by the number as it is then; the others wait in the order of the calls. */
export const makeTurns = (places: () => number): Mutex => {
  const waiting: (() => void)[] = [];
  let taken = 0;
  const enter = (): Promise<void> | undefined => {
    if (taken >= places()) return new Promise((resolve) => waiting.push(resolve));
    taken += 1;
    return undefined;
  };
  // Who leaves hands the place on, so that nobody who comes meanwhile takes it; there may be more or fewer by now.
  const leave = (): void => {
    taken -= 1;
    while (waiting.length > 0 && taken < places()) {
      taken += 1;
      waiting.shift()!();
    }
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
