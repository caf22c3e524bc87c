/** So many wrong words of one address within the time, and of all together, before everybody there has to wait. */
const MOST_OF_ONE = 5;
const MOST_OF_ALL = 50;
const WINDOW_MS = 60_000;

/** Counts failed attempts to get in. */
export type Throttle = {
  /** For how many seconds an address is not listened to; 0 when it is. */
  waitFor(address: string): number;
  fail(address: string): void;
};

/** Every address has a count, which is forgotten when its time is over: what many addresses could fill is bounded by all. */
export const openThrottle = (now: () => number): Throttle => {
  let failures: readonly { readonly address: string; readonly at: number }[] = [];
  const recent = (): typeof failures => {
    failures = failures.filter(({ at }) => now() - at < WINDOW_MS);
    return failures;
  };
  const waitAfter = (times: readonly { readonly at: number }[], most: number): number => {
    const first = times.at(-most);
    return first === undefined ? 0 : Math.max(1, Math.ceil((first.at + WINDOW_MS - now()) / 1000));
  };
  return {
    waitFor: (address) => {
      const all = recent();
      const own = all.filter((one) => one.address === address);
      return Math.max(waitAfter(own, MOST_OF_ONE), waitAfter(all, MOST_OF_ALL));
    },
    fail: (address) => {
      failures = [...recent(), { address, at: now() }].slice(-MOST_OF_ALL);
    },
  };
};
