import { lookup } from 'node:dns/promises';
import { networkInterfaces } from 'node:os';
import { makeTurns } from '../lib/mutex.ts';

/** The addresses behind a name; rejects where there are none. */
export type Resolve = (host: string) => Promise<readonly string[]>;

/** The system resolves names in the threads that also read files: agents may have so many of the four. */
const AT_ONCE = 2;

/** Asks for each name once at a time, however many want it, and for few names at once. */
export const makeResolve = (
  ask: Resolve = async (host) => (await lookup(host, { all: true, order: 'ipv4first' })).map(({ address }) => address),
): Resolve => {
  const inTurn = makeTurns(() => AT_ONCE);
  const asked = new Map<string, Promise<readonly string[]>>();
  return (host) => {
    const known = asked.get(host);
    if (known) return known;
    const answer = inTurn(() => ask(host)).finally(() => asked.delete(host));
    asked.set(host, answer);
    return answer;
  };
};

/** So many names of one sandbox wait at most: whoever asks for more of them and does not wait for the answers gets none. */
const MOST_WAITING = 200;

/** The same for one of several who share it: each asks for one name at a time, so that none waits behind all that another asks. */
export const inTurnWithOthers = (resolve: Resolve): Resolve => {
  const inTurn = makeTurns(() => 1);
  let waiting = 0;
  return async (host) => {
    if (waiting >= MOST_WAITING) throw new Error('too many names wait to be resolved');
    waiting += 1;
    try {
      return await inTurn(() => resolve(host));
    } finally {
      waiting -= 1;
    }
  };
};

/** Whether an address is one of this machine itself, under which its own services answer. */
export const isOwnAddress = (address: string): boolean =>
  Object.values(networkInterfaces()).some((some) => some?.some((one) => one.address === address));
