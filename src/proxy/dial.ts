import { connect, type Socket } from 'node:net';
import { type Destination, type HostRule, isAllowed, LOOPBACK, mayConnect } from '../state/sandbox-hosts.ts';
import type { Resolve } from './resolve.ts';

/** How the world outside is reached. */
export type World = {
  readonly resolve: Resolve;
  /** Whether an address is one of this machine. */
  readonly isOwn: (address: string) => boolean;
  /** Opens a connection with an address, never with a name. */
  readonly connect: (address: string, port: number) => Socket;
};

/** Why nobody is connected: `status` is that of HTTP, `sentence` is for whoever reads what the program prints. */
type Refusal = {
  readonly status: 403 | 502;
  readonly sentence: string;
  /** What forbids it; null where nothing does, and nobody answers. */
  readonly why: 'unlisted' | 'hidden' | null;
};

/** How long one address may take to answer, in milliseconds. */
const PATIENCE_MS = 10_000;
/** So many addresses of a name are tried. */
const TRIES = 4;

const opened = (socket: Socket): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const onTimeout = () => socket.destroy(new Error('it did not answer in time'));
    socket.setTimeout(PATIENCE_MS, onTimeout);
    // It stays: what fails before somebody else listens must not end the daemon.
    socket.on('error', reject);
    socket.once('connect', () => {
      socket.setTimeout(0);
      socket.off('timeout', onTimeout);
      resolve(socket);
    });
  });

/** Connects with the first address that answers; what was checked is what is connected with. */
const connectFirst = async (
  { connect: open }: World,
  addresses: readonly string[],
  port: number,
): Promise<Socket | undefined> => {
  for (const address of addresses.slice(0, TRIES)) {
    const socket = await opened(open(address, port)).catch(() => undefined);
    if (socket) return socket;
  }
  return undefined;
};

/** Where a program wants to go, in the words of a sentence. */
const placeText = ({ host, port }: Destination): string => `${host.includes(':') ? `[${host}]` : host}:${port}`;

/** The name of this machine is its loopback, as in an entry of the list: nobody is asked what it stands for. */
const withoutName = (to: Destination): Destination => (to.host === 'localhost' ? { ...to, host: LOOPBACK } : to);

/** Opens a connection with a destination, if the list has it and it lies on the internet; says why not otherwise. */
export const dial = async (
  world: World,
  rules: readonly HostRule[],
  named: Destination,
): Promise<{ readonly socket: Socket } | { readonly refusal: Refusal }> => {
  const place = placeText(named);
  const to = withoutName(named);
  const lost = (sentence: string) => ({ refusal: { status: 502, sentence, why: null } as const });
  const forbidden = (why: 'unlisted' | 'hidden', because: string) => ({
    refusal: { status: 403, sentence: `This sandbox does not reach ${place}: ${because}.`, why } as const,
  });
  if (!isAllowed(rules, to)) return forbidden('unlisted', 'it is not in sandbox.hosts, where a person can add it');
  const found = await world.resolve(to.host).catch(() => []);
  if (found.length === 0) return lost(`Nobody knows an address of ${to.host}.`);
  // This machine has other addresses as well, and names that lead to them.
  const fit = found.filter((address) => mayConnect(address, to) && (to.host === LOOPBACK || !world.isOwn(address)));
  if (fit.length === 0) return forbidden('hidden', 'the name leads to an address that is not on the internet');
  const socket = await connectFirst(world, fit, to.port);
  return socket ? { socket } : lost(`${place} does not answer.`);
};

/** The world of this machine. */
export const openConnection: World['connect'] = (host, port) => connect({ host, port, allowHalfOpen: true });
