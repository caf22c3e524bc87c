import { constants } from 'node:fs';
import { open as openFolder, rm } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { basename, dirname } from 'node:path';
import { type Duplex, pipeline } from 'node:stream';
import type { Destination, HostRule } from '../state/sandbox-hosts.ts';
import { connectTarget, requestTarget } from './destination.ts';
import { dial } from './dial.ts';
import { authorized } from './through.ts';
import type { Asked, Upstream } from './upstream.ts';
import type { World } from './world.ts';

/** How much one program may ask of the proxy. */
type ProxyLimits = {
  /** How long the head of a request may take, in milliseconds. */
  readonly headMs: number;
  /** A connection on which nothing moves for so long is closed, in milliseconds. */
  readonly idleMs: number;
  readonly headBytes: number;
  readonly connections: number;
};

/** Models think for minutes without a word. */
const USUAL_LIMITS: ProxyLimits = { headMs: 15_000, idleMs: 30 * 60_000, headBytes: 16 * 1024, connections: 200 };

/** Whom a program was kept from: the list does not have it, or what stands behind the name is hidden from the internet. */
export type Blocked = { readonly to: Destination; readonly why: 'unlisted' | 'hidden' };

export type ProxyOptions = {
  /** The path of the socket; what lies there is replaced. */
  readonly socket: string;
  /** The list as it is now. */
  readonly rules: () => readonly HostRule[];
  readonly world: World;
  /** Hears of each request that was not allowed. */
  readonly refused: (blocked: Blocked) => void;
  readonly limits?: ProxyLimits;
};

/** What every system takes for the path of a socket, in bytes and with room to spare. */
const LONGEST_PATH = 100;

/** Headers that are between a program and the proxy alone, beside those that `Connection` names (RFC 9110, 7.6.1). */
const HOP_BY_HOP = [
  ...['connection', 'keep-alive', 'proxy-authenticate', 'proxy-authorization', 'proxy-connection'],
  ...['expect', 'te', 'trailer', 'transfer-encoding', 'upgrade'],
];

const endToEnd = (headers: IncomingHttpHeaders): IncomingHttpHeaders => {
  const named = (headers.connection ?? '')
    .toLowerCase()
    .split(',')
    .map((name) => name.trim());
  const gone = new Set([...HOP_BY_HOP, ...named]);
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !gone.has(name)));
};

const NOT_UNDERSTOOD =
  'This is the proxy of a sandbox: it takes CONNECT host:port, and requests with a whole http:// address.';
const REASONS: Readonly<Record<number, string>> = { 400: 'Bad Request', 403: 'Forbidden', 502: 'Bad Gateway' };

const headOf = (status: number, length: number): string =>
  [
    `HTTP/1.1 ${status} ${REASONS[status]}`,
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${length}`,
    'Connection: close',
    '\r\n',
  ].join('\r\n');

/** Answers what asked for a tunnel, and hangs up. */
const refuseTunnel = (client: Duplex, status: number, sentence: string): void => {
  const body = `${sentence}\n`;
  client.end(headOf(status, Buffer.byteLength(body)) + body);
};

const refuseRequest = (response: ServerResponse, status: number, sentence: string): void => {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', Connection: 'close' });
  response.end(`${sentence}\n`);
};

/** Joins two connections: each direction ends by itself, and what fails on one side ends both. */
const join = (client: Duplex, server: Socket, idleMs: number): void => {
  server.setTimeout(idleMs, () => server.destroy());
  for (const [from, to] of [
    [client, server],
    [server, client],
  ] as const)
    pipeline(from, to, () => undefined);
};

type Going = ProxyOptions & { readonly limits: ProxyLimits };

const goTo = async ({ world, rules, refused }: Going, to: Destination, asked: Asked) => {
  const way = await dial(world, rules(), to, asked);
  if ('refusal' in way && way.refusal.why !== null) refused({ to, why: way.refusal.why });
  return way;
};

const openTunnel = async (going: Going, { url = '' }: IncomingMessage, client: Duplex, head: Buffer): Promise<void> => {
  // A client that goes away while it is decided is no failure of ours.
  client.on('error', () => client.destroy());
  const to = connectTarget(url);
  if (!to) {
    refuseTunnel(client, 400, NOT_UNDERSTOOD);
    return;
  }
  const way = await goTo(going, to, 'tunnel');
  if ('refusal' in way) {
    refuseTunnel(client, way.refusal.status, way.refusal.sentence);
    return;
  }
  if (client.destroyed) {
    way.socket.destroy();
    return;
  }
  client.write('HTTP/1.1 200 Connection established\r\n\r\n');
  if (head.length > 0) way.socket.write(head);
  join(client, way.socket, going.limits.idleMs);
};

const hostHeader = ({ host, port }: Destination): string => {
  const name = host.includes(':') ? `[${host}]` : host;
  return port === 80 ? name : `${name}:${port}`;
};

/** Hands on a request over a connection that was made for it, to the very host that was allowed or the proxy that leads there. */
const handOn = (
  { limits }: Going,
  { incoming, response }: { incoming: IncomingMessage; response: ServerResponse },
  { to, path: below, socket, upstream }: { to: Destination; path: string; socket: Socket; upstream?: Upstream },
): void => {
  const { method = 'GET', headers } = incoming;
  // Whatever says no length itself is told in pieces, also where a program sends a body that nobody expects.
  const pieces = headers['transfer-encoding'] === undefined ? {} : { 'transfer-encoding': 'chunked' };
  const path = upstream ? `http://${hostHeader(to)}${below}` : below;
  const who = upstream ? authorized(upstream) : {};
  const outgoing = request({
    ...{ method, path },
    headers: { ...endToEnd(headers), ...pieces, ...who, host: hostHeader(to), connection: 'close' },
    setHost: false,
    createConnection: () => socket,
  });
  socket.setTimeout(limits.idleMs, () => socket.destroy());
  outgoing.on('error', () => refuseRequest(response, 502, `${hostHeader(to)} gave no answer that could be read.`));
  outgoing.on('response', (answer) => {
    const { statusCode: status = 0 } = answer;
    // It is the daemon that is to say who it is, and not whoever asks.
    if (upstream && status === 407) {
      refuseRequest(response, 502, 'The proxy by which this machine goes out gave the answer 407.');
      return;
    }
    if (status < 200) socket.destroy();
    else response.writeHead(status, { ...endToEnd(answer.headers), connection: 'close' });
    pipeline(answer, response, () => undefined);
  });
  response.on('close', () => socket.destroy());
  pipeline(incoming, outgoing, () => undefined);
};

const answerRequest = async (going: Going, incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
  const wanted = requestTarget(incoming.url ?? '');
  if (!wanted) {
    refuseRequest(response, 400, NOT_UNDERSTOOD);
    return;
  }
  const way = await goTo(going, wanted.to, 'request');
  if ('refusal' in way) refuseRequest(response, way.refusal.status, way.refusal.sentence);
  else if (response.destroyed) way.socket.destroy();
  else handOn(going, { incoming, response }, { ...wanted, ...way });
};

/**
 * Listens for the programs of one sandbox and lets them reach what the list names. It resolves names itself and connects
 * with the very address that it has checked: a name that leads elsewhere a moment later leads nowhere else here.
 */
export const openProxy = async (options: ProxyOptions): Promise<AsyncDisposable> => {
  const going: Going = { ...options, limits: options.limits ?? USUAL_LIMITS };
  const { headMs, headBytes, connections } = going.limits;
  const connected = new Set<Duplex>();
  const server = createServer({
    maxHeaderSize: headBytes,
    headersTimeout: headMs,
    // What is sent or fetched may take its time, as long as it goes on.
    requestTimeout: 0,
    connectionsCheckingInterval: Math.min(headMs, 5000),
    keepAliveTimeout: 5000,
  });
  server.maxConnections = connections;
  server.on('connection', (socket: Socket) => {
    connected.add(socket.once('close', () => connected.delete(socket)));
  });
  // That it cannot take a connection for a moment, because too many files are open, is no end of it.
  server.on('error', () => undefined);
  server.on('connect', (incoming, client, head) => void openTunnel(going, incoming, client, head));
  server.on('request', (incoming, response) => void answerRequest(going, incoming, response));
  await rm(going.socket, { force: true });
  // The path of a socket has room for a hundred letters: by its open folder it is short, wherever that lies.
  const folder = await openFolder(dirname(going.socket), constants.O_RDONLY | constants.O_DIRECTORY);
  const short = `/proc/self/fd/${folder.fd}/${basename(going.socket)}`;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(going.socket.length < LONGEST_PATH ? going.socket : short, resolve);
  }).catch(async (error: unknown) => {
    await folder.close();
    throw error;
  });
  return {
    [Symbol.asyncDispose]: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of connected) socket.destroy();
      await closed;
      // Node removes the socket by the path that it was given, which leads by the folder.
      await folder.close();
      // Where the program has put something else there, that goes with its folder.
      await rm(going.socket, { force: true }).catch(() => undefined);
    },
  };
};
