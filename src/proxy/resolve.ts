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

/** Whether an address is one of this machine itself, under which its own services answer. */
export const isOwnAddress = (address: string): boolean =>
  Object.values(networkInterfaces()).some((some) => some?.some((one) => one.address === address));
