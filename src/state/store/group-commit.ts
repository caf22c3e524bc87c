export type GroupCommit<T, R> = {
  /** Resolves with what the flush made of the item. After one flush failed everything rejects with its error. */
  submit(item: T): Promise<R>;
  /** Accepts nothing more. What waits already is still flushed. */
  stop(error: Error): void;
  /** Resolves when nothing waits or runs any more. */
  settled(): Promise<void>;
};

type Entry<T, R> = PromiseWithResolvers<R> & { readonly item: T };

/**
 * Flushes whatever was submitted while the flush before ran: no timer, so a lone item waits for nothing
 * and many share one flush. `then` is called after the submitters were answered.
 */
export const makeGroupCommit = <T, R>(
  flush: (items: readonly T[]) => Promise<readonly R[]>,
  then: { flushed: (results: readonly R[]) => void; failed: (error: Error) => void },
): GroupCommit<T, R> => {
  const waiting: Entry<T, R>[] = [];
  let running: Promise<void> | undefined;
  let refusal: Error | undefined;

  const once = async (): Promise<void> => {
    const entries = waiting.splice(0);
    try {
      const results = await flush(entries.map(({ item }) => item));
      entries.forEach(({ resolve }, index) => {
        resolve(results[index]!);
      });
      then.flushed(results);
    } catch (error) {
      refusal = error as Error;
      for (const { reject } of [...entries, ...waiting.splice(0)]) reject(refusal);
      then.failed(refusal);
    }
  };

  const run = async (): Promise<void> => {
    await undefined; // What is submitted in the same turn shares the first flush.
    while (waiting.length > 0) await once();
    running = undefined;
  };

  return {
    submit: (item) => {
      if (refusal) return Promise.reject(refusal);
      const entry: Entry<T, R> = { ...Promise.withResolvers<R>(), item };
      waiting.push(entry);
      running ??= run();
      return entry.promise;
    },
    stop: (error) => {
      refusal ??= error;
    },
    settled: async () => running,
  };
};
