import { isInNetwork, parseAddress } from '../lib/addresses.ts';
import type { Destination } from '../state/sandbox-hosts.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** A proxy by which the programs of a person go out; `authorization` is what it is told of who comes, and is for nobody else. */
export type Upstream = { readonly host: string; readonly port: number; readonly authorization: string | null };

/** What is asked for: a connection that is led on as it is, or one request of HTTP. */
export type Asked = 'tunnel' | 'request';

/** Where programs find it, in the order in which they look. */
const VARIABLES: Readonly<Record<Asked, readonly string[]>> = {
  tunnel: ['https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY'],
  request: ['http_proxy', 'HTTP_PROXY', 'all_proxy', 'ALL_PROXY'],
};

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** A proxy as a variable names it: `http://ada:secret@proxy.example.com:3128`, or without what stands before `//`. */
const readUpstream = (text: string): Upstream | null => {
  const address = text.includes('://') ? text : `http://${text}`;
  if (!URL.canParse(address)) return null;
  const { protocol, hostname, port, username, password } = new URL(address);
  if (protocol !== 'http:' || hostname === '') return null;
  const who = `${decoded(username)}:${decoded(password)}`;
  return {
    host: hostname.replace(/^\[|\]$/gu, ''),
    port: port === '' ? 80 : Number(port),
    authorization: who === ':' ? null : `Basic ${Buffer.from(who).toString('base64')}`,
  };
};

/** The variable of an environment that says how one goes out, and what it names; `upstream` is null for what is not spoken with here. */
type Named = { readonly variable: string; readonly upstream: Upstream | null };

/** How an environment says that one goes out; undefined: to each by oneself. */
export const upstreamIn = (env: Env, asked: Asked): Named | undefined => {
  const variable = VARIABLES[asked].find((name) => env[name]?.trim());
  return variable === undefined ? undefined : { variable, upstream: readUpstream(env[variable]!.trim()) };
};

const ENTRY = /^(?:\[(?<six>[\da-f:.]+)\]|(?<host>[^:[\]]+))(?::(?<port>\d{1,5}))?$/u;

/** Whether an entry of `NO_PROXY` means a destination: a name with all below it, an address, a network, all there are. */
const isMeantBy = (entry: string, { host, port }: Destination): boolean => {
  if (entry === '*') return true;
  const address = parseAddress(host);
  const [, base = '', bits = ''] = /^(.+)\/(\d{1,3})$/u.exec(entry) ?? [];
  const network = parseAddress(base);
  if (network) return address !== undefined && isInNetwork(address, network, Number(bits));
  const parts = parseAddress(entry) ? { host: entry } : ENTRY.exec(entry)?.groups;
  const named = parts?.['six'] ?? parts?.['host'];
  if (named === undefined || (parts?.['port'] !== undefined && Number(parts['port']) !== port)) return false;
  const known = parseAddress(named);
  if (known) return address !== undefined && isInNetwork(address, known, known.family === 4 ? 32 : 128);
  const name = named.replace(/^\*?\./u, '');
  return host === name || host.endsWith(`.${name}`);
};

/** Whether the person's programs reach a destination without the proxy. */
const isExcepted = (env: Env, to: Destination): boolean =>
  (env['no_proxy'] ?? env['NO_PROXY'] ?? '')
    .toLowerCase()
    .split(/[\s,]+/u)
    .some((entry) => entry !== '' && isMeantBy(entry, to));

/** The proxy that leads to a destination by an environment, as programs of the person would go. */
export const upstreamFor = (env: Env, to: Destination, asked: Asked): Upstream | undefined =>
  isExcepted(env, to) ? undefined : (upstreamIn(env, asked)?.upstream ?? undefined);
