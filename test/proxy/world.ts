import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openProxy, type ProxyOptions } from '../../src/proxy/proxy.ts';
import type { World } from '../../src/proxy/world.ts';
import { parseHostRule } from '../../src/state/sandbox-hosts.ts';

/** An address that belongs to somebody, and one more. */
export const PUBLIC = '93.184.215.14';
export const OTHER = '2606:2800:21f:cb07:6820:80da:af6b:8b2c';

/** Everything that a program says to a socket, and what comes back until it is closed. */
export const talk = (socket: string, text: string): Promise<string> =>
  new Promise((resolve, reject) => {
    let said = '';
    const client = connect(socket, () => client.write(text));
    client.setEncoding('latin1');
    client.on('data', (piece) => (said += piece));
    client.on('error', reject);
    client.on('close', () => resolve(said));
  });

/** A server of the world outside, which answers with what it was asked. */
const openServer = async (asked: IncomingMessage[]): Promise<Server & { port: number }> => {
  const server = createServer((incoming, response) => {
    asked.push(incoming);
    const parts: Buffer[] = [];
    incoming.on('data', (part: Buffer) => parts.push(part));
    incoming.on('end', () => {
      const { host } = incoming.headers;
      response.setHeader('X-World', 'yes');
      response.end(`${incoming.method} ${incoming.url} for ${host}: ${Buffer.concat(parts).toString()}\n`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(server, { port: (server.address() as AddressInfo).port });
};

/** A proxy before a world in which every address leads to one server, and which remembers what was asked of it. */
export const openWorld = async (
  hosts: readonly string[],
  names: Readonly<Record<string, readonly string[] | (() => readonly string[] | Promise<readonly string[]>)>>,
  more: Partial<Pick<ProxyOptions, 'limits'> & Pick<World, 'upstream'>> & {
    own?: string;
    dial?: (address: string, port: number) => Socket | undefined;
  } = {},
) => {
  const folder = await mkdtemp(join(tmpdir(), 'px-'));
  const socket = join(folder, 'net.sock');
  const asked: IncomingMessage[] = [];
  const server = await openServer(asked);
  const resolved: string[] = [];
  const connected: string[] = [];
  const refused: string[] = [];
  let rules = hosts.map((text) => parseHostRule(text)!);
  const proxy = await openProxy({
    socket,
    rules: () => rules,
    refused: ({ to, why }) => refused.push(`${why} ${to.host} ${to.port}`),
    world: {
      resolve: async (host) => {
        resolved.push(host);
        const found = names[host] ?? (/^[\d.]+$|:/u.test(host) ? [host] : []);
        return typeof found === 'function' ? found() : found;
      },
      isOwn: (address) => address === more.own,
      upstream: more.upstream ?? (() => undefined),
      connect: (address, port) => {
        connected.push(`${address} ${port}`);
        return more.dial?.(address, port) ?? connect({ port: server.port, host: '127.0.0.1', allowHalfOpen: true });
      },
    },
    ...(more.limits ? { limits: more.limits } : {}),
  });
  return {
    socket,
    server,
    asked,
    resolved,
    connected,
    refused,
    allow: (...texts: string[]) => (rules = texts.map((text) => parseHostRule(text)!)),
    [Symbol.asyncDispose]: async () => {
      await proxy[Symbol.asyncDispose]();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true, force: true });
    },
  };
};
