import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { AppError, traceOf } from '../../lib/errors.ts';
import { holdsStill, type Visitor } from '../access/sessions.ts';
import { notServed, notUnderstood, serverFailed, tooBusy, tooManyPages } from '../errors.ts';
import { refusalOf, statusOf } from '../http/answers.ts';
import { judgeProvenance } from '../http/guard.ts';
import { type AppParts, hubFor } from '../http/parts.ts';
import { SECURITY_HEADERS } from '../http/security-headers.ts';
import { visitorOf } from '../http/visitors.ts';
import { API, SESSION_ENDED } from '../wire.ts';
import { attendPage } from './attend-page.ts';
import type { ResourceNews } from './resource-news.ts';

/** The longest frame that is taken from a page, in bytes: a paste is the longest thing that it says. */
const LONGEST_FRAME = 512 * 1024;
/** So many pages are attended to at a time, and so many of one session or token: nobody else is kept out by those. */
const MOST_PAGES = 512;
const MOST_PAGES_OF_ONE = 64;
/** A page is asked so often whether it is there, in milliseconds; one that has not answered by the next time is gone. */
const LOOK_MS = 30_000;
const GOING_AWAY = 1001;

type DoorOptions = Pick<AppParts, 'access' | 'place' | 'hubs' | 'refusals' | 'complain'> & {
  readonly resourcesOf: (repository: string) => ResourceNews;
  readonly mostPages?: number;
  readonly mostPagesOfOne?: number;
  readonly lookMs?: number;
};

/** The door for sockets of pages. */
export type Door = { readonly pages: number; close(): void };

/** What a browser wants with its socket. */
const wantedIn = (
  request: IncomingMessage,
): { readonly repo: string | undefined; readonly since: number | undefined } => {
  // Only the path and the query are said: the rest of the address is for the parser.
  const url = URL.canParse(request.url ?? '', 'http://here') ? new URL(request.url ?? '', 'http://here') : undefined;
  if (url?.pathname !== `${API}/events`) throw notServed({ what: 'such socket' });
  const repo = url.searchParams.get('repo') ?? undefined;
  const since = url.searchParams.get('since');
  if (since !== null && !/^\d{1,15}$/u.test(since)) throw notUnderstood({ why: 'since is no number of an event' });
  return { repo, since: since === null ? undefined : Number(since) };
};

const headersOf = (request: IncomingMessage) => ({
  get: (name: string): string | null => {
    const value = request.headers[name];
    return value === undefined ? null : String(value);
  },
});

const answerRefused = (socket: Duplex, error: AppError): void => {
  const body = JSON.stringify(refusalOf(error));
  const headers = {
    ...SECURITY_HEADERS,
    'content-type': 'application/json; charset=utf-8',
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  socket.end(`HTTP/1.1 ${statusOf(error)} Refused\r\n${lines.join('\r\n')}\r\n\r\n${body}`);
};

/** Judges who wants a socket; throws where it is not given. */
const judge = (request: IncomingMessage, { access, place }: DoorOptions): Visitor => {
  const { host, origin } = request.headers;
  const site = request.headers['sec-fetch-site'];
  const wrong = judgeProvenance(
    { host, origin, site: site === undefined ? undefined : String(site) },
    place,
    'interface',
  );
  if (wrong) throw wrong;
  return visitorOf(access, { headers: headersOf(request), from: request.socket.remoteAddress ?? 'here' });
};

type Room = Required<Pick<DoorOptions, 'mostPages' | 'mostPagesOfOne'>>;

/** Refuses one more page where there is no room for it. */
const checkRoom = (
  pages: ReadonlyMap<WebSocket, Visitor>,
  { key }: Visitor,
  { mostPages, mostPagesOfOne: most }: Room,
): void => {
  if (pages.size >= mostPages) throw tooBusy();
  const own = key === null ? 0 : [...pages.values()].filter((one) => one.key === key).length;
  if (own >= most) throw tooManyPages({ most });
};

/** Lets go of pages that are gone, and of those whose session has ended. */
const watchPages = (pages: ReadonlyMap<WebSocket, Visitor>, lookMs: number): NodeJS.Timeout => {
  const silent = new WeakSet<WebSocket>();
  const look = (): void => {
    for (const [socket, visitor] of pages) {
      if (!holdsStill(visitor)) socket.close(SESSION_ENDED, 'the session has ended');
      else if (silent.has(socket)) socket.terminate();
      else {
        silent.add(socket);
        socket.ping();
        socket.once('pong', () => silent.delete(socket));
      }
    }
  };
  return setInterval(look, lookMs).unref();
};

/** Takes over the connections that are to become sockets, of those who may have one. */
export const openDoor = (server: Server, options: DoorOptions): Door => {
  const { hubs, refusals, complain, resourcesOf, lookMs = LOOK_MS } = options;
  const { mostPages = MOST_PAGES, mostPagesOfOne = MOST_PAGES_OF_ONE } = options;
  const sockets = new WebSocketServer({ noServer: true, maxPayload: LONGEST_FRAME, perMessageDeflate: false });
  const pages = new Map<WebSocket, Visitor>();
  const watch = watchPages(pages, lookMs);

  server.on('upgrade', (request: IncomingMessage, connection: Duplex, head: Buffer) => {
    connection.on('error', () => connection.destroy());
    let visitor: Visitor | undefined;
    try {
      visitor = judge(request, options);
      const { repo, since } = wantedIn(request);
      const hub = hubFor(hubs, repo);
      checkRoom(pages, visitor, { mostPages, mostPagesOfOne });
      const admitted = visitor;
      sockets.handleUpgrade(request, connection, head, (socket) => {
        pages.set(socket, admitted);
        socket.on('close', () => pages.delete(socket));
        void attendPage({ socket, hub, since, visitor: admitted, resources: resourcesOf(hub.repository.id) });
      });
    } catch (thrown) {
      // Nobody else would catch it here: the server would end.
      const error = thrown instanceof AppError ? thrown : serverFailed();
      if (error !== thrown) complain(traceOf(thrown));
      answerRefused(connection, error);
      const from = request.socket.remoteAddress ?? 'here';
      const what = `WebSocket ${(request.url ?? '').split('?')[0]}`;
      if (error.exit === 4) refusals.add({ who: visitor?.name, what, from, why: error });
    }
  });
  return {
    get pages() {
      return pages.size;
    },
    close: () => {
      clearInterval(watch);
      for (const socket of pages.keys()) socket.close(GOING_AWAY, 'the server ends');
      sockets.close();
    },
  };
};
