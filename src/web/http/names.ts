import { hostname, networkInterfaces } from 'node:os';

const LOOPBACK: readonly string[] = ['127.0.0.1', 'localhost', '[::1]'];
const ALL: readonly string[] = ['0.0.0.0', '::'];

/** Whether nobody but programs of this machine can come by an address. */
export const isLoopback = (host: string): boolean => /^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/u.test(host);

/** An address as it stands in a URL. */
const inUrl = (host: string): string => (host.includes(':') ? `[${host}]` : host.toLowerCase());

/** The addresses of this machine that are not its own alone. */
const addressesHere = (): readonly string[] =>
  Object.values(networkInterfaces()).flatMap((all) =>
    (all ?? []).filter(({ internal }) => !internal).map(({ address }) => address),
  );

/** The names under which a server at this address is asked for; whatever else is said to be its name is not. */
export const namesFor = (host: string, more: readonly string[]): ReadonlySet<string> =>
  new Set([
    ...LOOPBACK,
    inUrl(host),
    ...(ALL.includes(host) ? [...addressesHere().map(inUrl), hostname().toLowerCase()] : []),
    ...more.map(inUrl),
  ]);

/** The name that is put into links: that of this machine where it listens at all of its addresses. */
export const nameForLinks = (host: string, more: readonly string[]): string =>
  inUrl(more[0] ?? (ALL.includes(host) ? (addressesHere().find((one) => !one.includes(':')) ?? hostname()) : host));
