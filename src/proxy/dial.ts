import type { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { parseAddress } from '../lib/addresses.ts';
import { type Destination, type HostRule, isAllowed, LOOPBACK, mayConnect } from '../state/sandbox-hosts.ts';
import { leadThrough } from './through.ts';
import type { Asked, Upstream } from './upstream.ts';
import type { World } from './world.ts';

/** Why nobody is connected: `status` is that of HTTP, `sentence` is for whoever reads what the program prints. */
type Refusal = {
  readonly status: 403 | 502;
  readonly sentence: string;
  /** What forbids it; null where nothing does, and nobody answers. */
  readonly why: 'unlisted' | 'hidden' | null;
};

/** How long one address may take to answer, in milliseconds. */
const PATIENCE_MS = 10_000;
/** The same for another proxy that is asked for a connection, which opens it first. */
const LED_MS = 30_000;
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

const lost = (sentence: string) => ({ refusal: { status: 502, sentence, why: null } as const });

const forbidden = (place: string, why: 'unlisted' | 'hidden', because: string) => ({
  refusal: { status: 403, sentence: `This sandbox does not reach ${place}: ${because}.`, why } as const,
});

const INWARDS = 'the name leads to an address that is not on the internet';

/** A connection with a destination, or with the proxy that hands a request on to it. */
type Way = { readonly socket: Socket; readonly upstream?: Upstream };
type Answer = Way | { readonly refusal: Refusal };

/** Whether a program may be connected with an address. This machine has other addresses as well, and names that lead to them. */
const isFit = ({ isOwn }: World, to: Destination, address: string): boolean =>
  mayConnect(address, to) && (to.host === LOOPBACK || !isOwn(address));

/** How long a name may take to be found here where another proxy resolves it as well, in milliseconds: often nobody here knows it. */
const KNOWN_MS = 1000;

/** The addresses of a destination as far as they are known here; an address needs nobody who knows it. */
const knownHere = async ({ resolve }: World, host: string): Promise<readonly string[]> => {
  if (parseAddress(host)) return [host];
  const patience = new AbortController();
  const none = pause(KNOWN_MS, [], { signal: patience.signal });
  try {
    return await Promise.race([resolve(host), none]);
  } catch {
    return [];
  } finally {
    patience.abort();
  }
};

/** Opens one by the proxy that the person's own programs go out by: it is given the name, and decides itself where that leads. */
const dialThrough = async (
  world: World,
  upstream: Upstream,
  { to, place, asked }: { to: Destination; place: string; asked: Asked },
): Promise<Answer> => {
  // It may choose another one of them.
  if (!(await knownHere(world, to.host)).every((address) => isFit(world, to, address)))
    return forbidden(place, 'hidden', INWARDS);
  const socket = await opened(world.connect(upstream.host, upstream.port)).catch(() => undefined);
  if (!socket) return lost('The proxy by which this machine goes out does not answer.');
  if (asked === 'request') return { socket, upstream };
  const status = await leadThrough(socket, placeText(to), { upstream, patienceMs: LED_MS }).catch(() => 0);
  if (status === null) return { socket };
  socket.destroy();
  const because = status === 0 ? 'no answer that could be read' : `the answer ${status}`;
  return lost(`The proxy by which this machine goes out gave ${because} for ${place}.`);
};

const dialAlone = async (world: World, to: Destination, place: string): Promise<Answer> => {
  const found = await world.resolve(to.host).catch(() => []);
  if (found.length === 0) return lost(`Nobody knows an address of ${to.host}.`);
  const fit = found.filter((address) => isFit(world, to, address));
  if (fit.length === 0) return forbidden(place, 'hidden', INWARDS);
  const socket = await connectFirst(world, fit, to.port);
  return socket ? { socket } : lost(`${place} does not answer.`);
};

/** Opens a connection with a destination, if the list has it and it lies on the internet; says why not otherwise. */
export const dial = async (
  world: World,
  rules: readonly HostRule[],
  named: Destination,
  asked: Asked,
): Promise<Answer> => {
  const place = placeText(named);
  const to = withoutName(named);
  if (!isAllowed(rules, to))
    return forbidden(place, 'unlisted', 'it is not in sandbox.hosts, where a person can add it');
  // What is named of this machine is no other one's.
  const upstream = to.host === LOOPBACK ? undefined : world.upstream(to, asked);
  return upstream ? dialThrough(world, upstream, { to, place, asked }) : dialAlone(world, to, place);
};
