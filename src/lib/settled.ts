/** Waits until all have come to an end, whichever fails; throws the failure of the first that failed. */
export const allOrFirstFailure = async (promises: Iterable<PromiseLike<unknown>>): Promise<void> => {
  for (const one of await Promise.allSettled(promises)) if (one.status === 'rejected') throw one.reason;
};
