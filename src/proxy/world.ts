import { connect, type Socket } from 'node:net';
import type { Destination } from '../state/sandbox-hosts.ts';
import { isOwnAddress, makeResolve, type Resolve } from './resolve.ts';
import { type Asked, type Upstream, upstreamFor } from './upstream.ts';

/** How the world outside is reached. */
export type World = {
  readonly resolve: Resolve;
  /** Whether an address is one of this machine. */
  readonly isOwn: (address: string) => boolean;
  /** Opens a connection with an address that was checked, or with the proxy that the person has named. */
  readonly connect: (host: string, port: number) => Socket;
  /** The proxy by which a destination is reached; undefined where the person's own programs would ask none. */
  readonly upstream: (to: Destination, asked: Asked) => Upstream | undefined;
};

/** The world of this machine, as an environment says that one goes out. */
export const thisWorld = (env: Readonly<Record<string, string | undefined>>): World => ({
  resolve: makeResolve(),
  isOwn: isOwnAddress,
  connect: (host, port) => connect({ host, port, allowHalfOpen: true }),
  upstream: (to, asked) => upstreamFor(env, to, asked),
});
