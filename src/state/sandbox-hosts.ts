import { parseAddress, reachOf } from '../lib/addresses.ts';

/** One entry of the list of hosts that a sandbox may reach. */
export type HostRule = {
  /** A name in small letters, or an address. */
  readonly host: string;
  /** Whether all names below it are meant instead of itself. */
  readonly below: boolean;
  /** Null: the ports of the web. */
  readonly port: number | null;
};

/** This machine for itself, of which a list names services one by one. */
export const LOOPBACK = '127.0.0.1';

const LABEL = '[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?';
const NAME = new RegExp(`^(?=.{1,253}$)${LABEL}(?:\\.${LABEL})*$`, 'u');
const ENTRY = /^(?<star>\*\.)?(?:\[(?<six>[\da-f:.]+)\]|(?<host>[^:[\]]+))(?::(?<port>\d{1,5}))?$/u;

/** What is reached without a port being named: HTTPS and HTTP. */
const WEB_PORTS: readonly number[] = [443, 80];

/** Whether a text is a host as it is written in a list: a name of small letters, or an address that is no riddle. */
const isHost = (host: string): boolean =>
  parseAddress(host) !== undefined || (NAME.test(host) && !/^(?:0x[\da-f]*|\d+)$/u.test(host.split('.').at(-1)!));

const isMeantBySomebody = ({ host, below, port }: HostRule): boolean => {
  const address = parseAddress(host);
  // Nobody means all of a country, or all of .com.
  if (below) return !address && host.includes('.');
  // Nor all that listens on this machine.
  if (host === LOOPBACK) return port !== null;
  return !address || ['public', 'private'].includes(reachOf(address));
};

/**
 * Reads an entry: `example.org`, `*.example.org`, `example.org:8443`, `10.0.0.7:5000`, `[fd00::7]`, `localhost:11434`; undefined
 * for others.
 */
export const parseHostRule = (text: string): HostRule | undefined => {
  const { star, six, host = six!, port } = ENTRY.exec(text.toLowerCase())?.groups ?? {};
  if (host === undefined || !isHost(host)) return undefined;
  const number = port === undefined ? null : Number(port);
  if (number !== null && (number < 1 || number > 65_535)) return undefined;
  const rule = { host: host === 'localhost' ? LOOPBACK : host, below: star !== undefined, port: number };
  return isMeantBySomebody(rule) ? rule : undefined;
};

/** Where a program in a sandbox wants to go: a name in small letters or an address, and a port. */
export type Destination = { readonly host: string; readonly port: number };

const isMeant = ({ host, below, port }: HostRule, wanted: Destination): boolean =>
  (below ? wanted.host.endsWith(`.${host}`) : wanted.host === host) &&
  (port === null ? WEB_PORTS.includes(wanted.port) : wanted.port === port);

/** Whether the list lets a program go there. Of what stands behind a name nothing is known yet. */
export const isAllowed = (rules: readonly HostRule[], wanted: Destination): boolean =>
  rules.some((rule) => isMeant(rule, wanted));

/** Whether a program may be connected with an address that stands behind a destination. */
export const mayConnect = (address: string, wanted: Destination): boolean => {
  const parsed = parseAddress(address);
  if (!parsed) return false;
  const reach = reachOf(parsed);
  // Whoever names a private address has it in the list; behind a name nobody knows what stands tomorrow.
  return reach === 'public' || (address === wanted.host && (reach === 'private' || address === LOOPBACK));
};

/** The ports of the services of this machine that a list names. */
export const loopbackPorts = (entries: readonly string[]): readonly number[] => [
  ...new Set(
    entries.flatMap((entry) => {
      const rule = parseHostRule(entry);
      return rule?.host === LOOPBACK && rule.port !== null ? [rule.port] : [];
    }),
  ),
];

/** A destination as people write it, and as an entry of the list would be. */
export const destinationText = ({ host, port }: Destination): string => {
  const name = host.includes(':') ? `[${host}]` : host;
  return WEB_PORTS.includes(port) ? name : `${name}:${port}`;
};
