import type { IncomingMessage } from 'node:http';
import type { Context, Hono } from 'hono';
import type { Visitor } from '../access/sessions.ts';
import { notServed } from '../errors.ts';
import type { Refusals } from '../refusals.ts';
import type { Hub } from '../swarm/hub.ts';
import type { Place } from './guard.ts';
import type { openPageFiles } from './static-files.ts';
import type { Access, Asking } from './visitors.ts';

/** What the interface answers from. */
export type AppParts = {
  readonly access: Access;
  readonly place: Place;
  /** The repositories that are served, by their ids; the first is meant where none is said. */
  readonly hubs: ReadonlyMap<string, Hub>;
  readonly pageFiles: ReturnType<typeof openPageFiles>;
  readonly refusals: Pick<Refusals, 'add'>;
  readonly version: string;
  /** Where faults of the program are told. */
  readonly complain: (line: string) => void;
};

type Env = { Bindings: { incoming?: IncomingMessage }; Variables: { visitor: Visitor } };
export type Routes = Hono<Env>;
export type Call = Context<Env>;

export const askingOf = (call: Call): Asking => ({
  headers: call.req.raw.headers,
  // Without a socket, as tests call it, nobody is told from anybody else.
  from: call.env?.incoming?.socket.remoteAddress ?? 'here',
});

export const hubFor = (hubs: AppParts['hubs'], id: string | undefined): Hub => {
  const hub = id === undefined ? hubs.values().next().value : hubs.get(id);
  if (!hub) throw notServed({ what: 'such repository' });
  return hub;
};
