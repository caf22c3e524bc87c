import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import type { World } from '../../src/proxy/world.ts';

/** An address that belongs to somebody. */
export const PUBLIC = '93.184.215.14';

/** A world outside in which names are known, and every address leads to one server that says whom it was asked for. */
export const openOutside = async (names: Readonly<Record<string, string>>) => {
  const server = createServer((incoming, response) => response.end(`hello from ${incoming.headers.host}\n`));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const world: World = {
    resolve: async (host) => (names[host] === undefined ? [] : [names[host]]),
    isOwn: () => false,
    upstream: () => undefined,
    connect: () => connect({ host: '127.0.0.1', port, allowHalfOpen: true }),
  };
  return {
    world,
    port,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
