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
