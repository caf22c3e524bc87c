import { parseAddress } from '../lib/addresses.ts';
import type { Destination } from '../state/sandbox-hosts.ts';

/** A host as `URL` makes one of what was written: numbers in other bases, letters of other scripts, percent signs. */
const canonicalHost = (url: URL): string => url.hostname.replace(/^\[|\]$/gu, '').replace(/\.$/u, '');

const isName = (host: string): boolean => host.length <= 253 && /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/u.test(host);

const destinationOf = (text: string, usual: number): Destination | undefined => {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const host = canonicalHost(url);
  if (url.username !== '' || url.password !== '') return undefined;
  if (!isName(host) && !parseAddress(host)) return undefined;
  return { host, port: url.port === '' ? usual : Number(url.port) };
};

/** Where `CONNECT host:port` wants to go; undefined for whatever else stands there. */
export const connectTarget = (authority: string): Destination | undefined =>
  // `URL` would take a path, a user or blanks, and forgive what is no port.
  /^(?:\[[^\]\s/?#@\\]+\]|[^\s/?#@\\:[\]]+):\d{1,5}$/u.test(authority)
    ? destinationOf(`ws://${authority}`, 80)
    : undefined;

/** Where a request with a whole address wants to go, and what it asks for there; undefined for what is no such request. */
export const requestTarget = (address: string): { readonly to: Destination; readonly path: string } | undefined => {
  if (!/^http:\/\/[^\s/?#\\]/iu.test(address)) return undefined;
  const to = destinationOf(address, 80);
  if (!to) return undefined;
  const { pathname, search } = new URL(address);
  return { to, path: `${pathname}${search}` };
};
