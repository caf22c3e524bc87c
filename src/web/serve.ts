import { randomBytes } from 'node:crypto';
import { getRequestListener } from '@hono/node-server';
import { openSessions, type Visitor } from './access/sessions.ts';
import { openThrottle } from './access/throttle.ts';
import { openTokens, tokenFile } from './access/tokens.ts';
import { halfTls, needsTls, openToAll } from './errors.ts';
import { makeApp } from './http/app.ts';
import { listenAt, makeServer, type Patience, type TlsFiles, USUAL_PATIENCE } from './http/listen.ts';
import { isLoopback, nameForLinks, namesFor } from './http/names.ts';
import type { AppParts } from './http/parts.ts';
import { openPageFiles } from './http/static-files.ts';
import type { Access } from './http/visitors.ts';
import { openRefusals } from './refusals.ts';
import { openDoor } from './socket/door.ts';
import { openResourceNews, type ResourceNews } from './socket/resource-news.ts';
import { type Hub, openHub } from './swarm/hub.ts';
import type { ServedRepository } from './swarm/served-repository.ts';
import type { WebRole } from './wire.ts';

/** Where a page is served, and who may come. */
export type WebPlace = {
  readonly host: string;
  /** 0 for any that is free. */
  readonly port: number;
  /** Other names under which it is asked for. */
  readonly names?: readonly string[];
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  /** Whether somebody has to prove who they are. */
  readonly auth: boolean;
};

export type WebOptions = WebPlace & {
  /** The first one is meant where none is said, and its state folder has the tokens. */
  readonly repositories: readonly [ServedRepository, ...ServedRepository[]];
  readonly stateFolder: string;
  /** The folder of the built page. */
  readonly pageFolder: string;
  readonly version: string;
  /** Where faults are told that nobody at a page can do anything about. */
  readonly complain: (line: string) => void;
  readonly patience?: Patience;
  readonly mostPages?: number;
  readonly mostPagesOfOne?: number;
  readonly lookMs?: number;
  /** The connection with a daemon is given up when nobody has looked for so long, in milliseconds. */
  readonly idleMs?: number;
};

export type WebServer = {
  readonly url: string;
  readonly port: number;
  /** How many pages are open. */
  readonly pages: number;
  /** An address that lets in whoever opens it first, once. The word stands where no server and no log ever sees it. */
  link(who: { readonly name: string; readonly role: WebRole }): string;
  close(): Promise<void>;
};

/** Refuses a place where strangers could come in, or listen; gives the files of TLS. */
export const checkPlace = ({ host, auth, cert, key }: WebPlace): TlsFiles | null => {
  if ((cert === undefined) !== (key === undefined))
    throw halfTls(cert === undefined ? { given: 'key', missing: 'cert' } : { given: 'cert', missing: 'key' });
  if (!isLoopback(host) && !auth) throw openToAll({ host });
  if (!isLoopback(host) && cert === undefined) throw needsTls({ host });
  return cert === undefined || key === undefined ? null : { cert, key };
};

/** How long it runs, in milliseconds: a clock may be set back, and what is over after a minute would last. */
const elapsed = (): number => performance.now();

/** Everybody on this machine, where nobody has to prove anything; a page of another site does not know the word. */
const everybody = (): Visitor => ({
  ...{ name: '', role: 'admin', until: null, key: null, holds: () => true },
  csrf: randomBytes(32).toString('base64url'),
});

const openAccess = ({ auth, stateFolder }: WebOptions, isSecure: boolean): Omit<Access, 'cookie'> => {
  const tokens = openTokens(tokenFile(stateFolder), () => new Date().toISOString());
  const sessions = openSessions({ file: `${stateFolder}/web/sessions.json`, tokens, now: Date.now });
  const anybody = auth ? null : everybody();
  return { tokens, sessions, throttle: openThrottle(elapsed), anybody, isSecure, now: Date.now };
};

/** A browser sends a cookie with the prefix over TLS only, and to the very name that has set it. */
const cookieName = (port: number, isSecure: boolean): string => `${isSecure ? '__Host-' : ''}drover-${port}`;

/** Serves the page and the interface until it is closed. */
export const openWeb = async (options: WebOptions): Promise<WebServer> => {
  const { host, names = [], repositories, idleMs } = options;
  const tls = checkPlace(options);
  const isSecure = tls !== null;
  const server = makeServer(tls, options.patience ?? USUAL_PATIENCE);
  const port = await listenAt(server, host, options.port);
  const hubs = new Map<string, Hub>(repositories.map((one) => [one.id, openHub(one, idleMs)]));
  const news = new Map<string, ResourceNews>([...hubs].map(([id, hub]) => [id, openResourceNews(hub)]));
  const refusals = openRefusals({ note: repositories[0].note, now: elapsed });
  const access: Access = { ...openAccess(options, isSecure), cookie: cookieName(port, isSecure) };
  const parts: AppParts = {
    ...{ access, hubs, refusals, version: options.version, complain: options.complain },
    place: { names: namesFor(host, names), isSecure },
    pageFiles: openPageFiles(options.pageFolder),
  };
  const answer = getRequestListener(makeApp(parts).fetch, { overrideGlobalObjects: false });
  server.on('request', (request, response) => void answer(request, response));
  const { mostPages, mostPagesOfOne, lookMs } = options;
  const door = openDoor(server, {
    ...{ ...parts, resourcesOf: (id: string) => news.get(id)! },
    ...(mostPages === undefined ? {} : { mostPages }),
    ...(mostPagesOfOne === undefined ? {} : { mostPagesOfOne }),
    ...(lookMs === undefined ? {} : { lookMs }),
  });
  const url = `http${isSecure ? 's' : ''}://${nameForLinks(host, names)}:${port}/`;
  return {
    url,
    port,
    get pages() {
      return door.pages;
    },
    link: (who) => `${url}#once=${access.sessions.once(who)}`,
    close: async () => {
      door.close();
      refusals.close();
      for (const one of [...news.values(), ...hubs.values()]) one.close();
      const { promise, resolve } = Promise.withResolvers<void>();
      server.close(() => resolve());
      server.closeAllConnections();
      await promise;
    },
  };
};
