import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect, createServer as createNetServer } from 'node:net';
import { expect, test } from 'vitest';
import { upstreamFor, upstreamIn } from '../../src/proxy/upstream.ts';
import { openWorld, PUBLIC, talk } from './world.ts';

const HOSTS = ['example.org', '*.example.org', '10.1.2.3:5000', 'localhost:11434', PUBLIC];
const NAMES = {
  'example.org': [PUBLIC],
  'inner.example.org': ['10.0.0.7'],
  'mixed.example.org': ['127.0.0.1', PUBLIC],
  localhost: ['127.0.0.1'],
};

/** A proxy of a company on the loopback, which wants to know who comes, and leads each on to one server. */
const openCompany = async (word: string, leadsTo: () => number) => {
  const asked: string[] = [];
  const isKnown = ({ headers }: IncomingMessage): boolean =>
    headers['proxy-authorization'] === `Basic ${Buffer.from(word).toString('base64')}`;
  const proxy = createServer((incoming, response) => {
    asked.push(`${incoming.method} ${incoming.url}`);
    if (!isKnown(incoming)) response.writeHead(407, { 'Proxy-Authenticate': 'Basic realm=x' }).end();
    else response.end(`${incoming.headers.host} by the company`);
  });
  proxy.on('connect', (incoming: IncomingMessage, client) => {
    asked.push(`CONNECT ${incoming.url}`);
    client.on('error', () => undefined);
    if (!isKnown(incoming)) return void client.end('HTTP/1.1 407 Who Are You\r\nContent-Length: 0\r\n\r\n');
    const server = connect(leadsTo(), '127.0.0.1', () => {
      // What the server says first comes with the answer.
      client.write('HTTP/1.1 200 OK\r\n\r\n');
      client.pipe(server).pipe(client);
    });
    return server.on('error', () => client.destroy());
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  return {
    asked,
    port: (proxy.address() as AddressInfo).port,
    [Symbol.asyncDispose]: async () => {
      proxy.closeAllConnections();
      await new Promise((resolve) => proxy.close(resolve));
    },
  };
};

type Names = Parameters<typeof openWorld>[1];

/** A sandbox of a person whose environment names such a proxy. */
const openShutIn = async (
  { env = {}, names = NAMES, own }: { env?: Record<string, string>; names?: Names; own?: string } = {},
  word = 'ada:top secret',
) => {
  let leadsTo = 0;
  const company = await openCompany('ada:top secret', () => leadsTo);
  const all = { HTTPS_PROXY: `http://${word.replace(' ', '%20')}@127.0.0.1:${company.port}`, ...env };
  const world = await openWorld(HOSTS, names, {
    ...(own === undefined ? {} : { own }),
    upstream: (to, asked) => upstreamFor(all, to, asked),
    dial: (host, port) => (port === company.port ? connect(port, host) : undefined),
  });
  leadsTo = (world.server.address() as AddressInfo).port;
  return {
    world,
    company,
    directly: () => world.connected.filter((way) => !way.endsWith(` ${company.port}`)),
    [Symbol.asyncDispose]: async () => {
      await world[Symbol.asyncDispose]();
      await company[Symbol.asyncDispose]();
    },
  };
};

const tunnel = (authority: string) =>
  `CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\nProxy-Authorization: Basic eDp5\r\n\r\nGET / HTTP/1.1\r\nHost: inside\r\nConnection: close\r\n\r\n`;

test.each([
  ['a name', 'example.org:443', {}],
  ['a name that nobody here knows', 'far.example.org:443', {}],
  [
    'a name that is found too late',
    'slow.example.org:443',
    { 'slow.example.org': () => new Promise<never>(() => undefined) },
  ],
  ['a public address', `${PUBLIC}:443`, {}],
  ['a private address that is in the list itself', '10.1.2.3:5000', {}],
])(
  '[SEC-9] %s of the list is reached by the proxy that the person’s programs go out by',
  async (_name, place, more) => {
    await using stage = await openShutIn({ names: { ...NAMES, ...more } });
    const said = await talk(stage.world.socket, tunnel(place));
    expect(said).toMatch(/^HTTP\/1\.1 200 Connection established\r\n\r\nHTTP\/1\.1 200 OK/u);
    expect(said).toContain('GET / for inside');
    expect([stage.company.asked, stage.directly(), stage.world.refused]).toEqual([[`CONNECT ${place}`], [], []]);
  },
);

test.each([
  ['a name that is not in the list', 'example.com:443', 'unlisted example.com 443'],
  ['a private address', '10.0.0.7:443', 'unlisted 10.0.0.7 443'],
  ['a name that is known to lead into the private network', 'inner.example.org:443', 'hidden inner.example.org 443'],
  ['a name of which one address is none of the internet', 'mixed.example.org:443', 'hidden mixed.example.org 443'],
  ['this machine, where the list has not the port', '127.0.0.1:22', 'unlisted 127.0.0.1 22'],
  ['an address of this machine that the list has', `${PUBLIC}:443`, `hidden ${PUBLIC} 443`],
])('[SEC-9] the proxy of the person is not asked for %s', async (_name, place, why) => {
  await using stage = await openShutIn({ own: PUBLIC });
  expect(await talk(stage.world.socket, tunnel(place))).toMatch(/^HTTP\/1\.1 403 /u);
  expect([stage.company.asked, stage.world.connected, stage.world.refused]).toEqual([[], [], [why]]);
});

test('[SEC-9] services of this machine, and what NO_PROXY names, are reached without it', async () => {
  await using stage = await openShutIn({ env: { NO_PROXY: 'example.org' } });
  for (const place of ['localhost:11434', 'example.org:443'])
    expect(await talk(stage.world.socket, tunnel(place))).toContain('GET / for inside');
  expect([stage.company.asked, stage.directly()]).toEqual([[], ['127.0.0.1 11434', `${PUBLIC} 443`]]);
});

test('[SEC-9] a plain request is handed to the proxy for those, who is told who comes, and the server is not', async () => {
  await using stage = await openShutIn();
  const words = 'GET http://example.org/a?b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';
  // The one for tunnels is none for requests.
  expect(await talk(stage.world.socket, words)).toContain('GET /a?b for example.org');
  expect(stage.company.asked).toEqual([]);
  expect(stage.world.asked[0]!.headers['proxy-authorization']).toBeUndefined();
  const http_proxy = `http://ada:top%20secret@127.0.0.1:${stage.company.port}`;
  await using both = await openShutIn({ env: { http_proxy } });
  // Each stage has a company of its own.
  const own = { http_proxy: http_proxy.replace(`${stage.company.port}`, `${both.company.port}`) };
  await using asked = await openWorld(HOSTS, NAMES, {
    upstream: (to, kind) => upstreamFor(own, to, kind),
    dial: (host, port) => connect(port, host),
  });
  expect(await talk(asked.socket, words)).toContain('example.org by the company');
  expect(both.company.asked).toEqual(['GET http://example.org/a?b']);
});

test('[SEC-9] where it refuses, or nobody is there, one sentence says so, without a word of who comes', async () => {
  await using stage = await openShutIn({}, 'ada:wrong');
  const refused = await talk(stage.world.socket, tunnel('example.org:443'));
  expect(refused).toMatch(/^HTTP\/1\.1 502 .*gave the answer 407 for example\.org:443\.\n$/su);
  const silent = createNetServer((socket) =>
    socket
      .resume()
      .on('error', () => undefined)
      .end('nonsense\r\n\r\n'),
  );
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const { port } = silent.address() as AddressInfo;
  const by = async (env: Record<string, string>) => {
    await using world = await openWorld(HOSTS, NAMES, {
      upstream: (to, asked) => upstreamFor(env, to, asked),
      dial: (host, to) => connect(to, host),
    });
    return await talk(world.socket, tunnel('example.org:443'));
  };
  expect(await by({ all_proxy: `127.0.0.1:${port}` })).toContain(
    'gave no answer that could be read for example.org:443.',
  );
  await new Promise((resolve) => silent.close(resolve));
  const gone = await by({ ALL_PROXY: `http://ada:wrong@127.0.0.1:${port}` });
  expect(gone).toContain('The proxy by which this machine goes out does not answer.');
  for (const said of [refused, gone]) expect(said).not.toMatch(/ada|wrong|YWRh/u);
});

test.each<[string, string, number, boolean]>([
  ['', 'example.org', 443, false],
  ['*', 'example.org', 443, true],
  ['example.org', 'example.org', 443, true],
  ['example.org', 'a.example.org', 443, true],
  ['.example.org', 'a.example.org', 443, true],
  ['*.example.org', 'a.example.org', 443, true],
  ['example.org', 'notexample.org', 443, false],
  ['EXAMPLE.org other.test', 'example.org', 443, true],
  ['example.org:8443', 'example.org', 443, false],
  ['example.org:8443', 'example.org', 8443, true],
  ['10.0.0.0/8,192.168.0.0/16', '192.168.3.4', 443, true],
  ['10.0.0.0/8', '11.0.0.1', 443, false],
  ['10.0.0.0/99', '10.0.0.1', 443, false],
  ['10.0.0.1', '10.0.0.1', 443, true],
  ['10.0.0.1:80', '10.0.0.1', 443, false],
  ['fd00::/8', 'fd12::1', 443, true],
  ['fd12::1', 'fd12::1', 443, true],
  ['[fd12::1]:443', 'fd12::1', 443, true],
  ['10.0.0.0/8', 'example.org', 443, false],
])('[SEC-9] NO_PROXY=%j and %s:%s: without it %s', (list, host, port, isExcepted) => {
  const env = { HTTPS_PROXY: 'proxy.test:3128', NO_PROXY: list };
  expect(upstreamFor(env, { host, port }, 'tunnel') === undefined).toBe(isExcepted);
});

test('[SEC-9] the proxy is the one that programs find, and what is spoken with otherwise is none', () => {
  const proxy = (host: string, port: number, authorization: string | null = null) => ({ host, port, authorization });
  const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;
  const cases: readonly [Record<string, string>, ReturnType<typeof upstreamIn>][] = [
    [{}, undefined],
    [{ HTTPS_PROXY: '  ' }, undefined],
    [{ HTTP_PROXY: 'http://proxy.test:3128' }, undefined],
    [{ HTTPS_PROXY: 'proxy.test:3128' }, { variable: 'HTTPS_PROXY', upstream: proxy('proxy.test', 3128) }],
    [
      { HTTPS_PROXY: 'http://a.test', https_proxy: 'http://b.test/' },
      { variable: 'https_proxy', upstream: proxy('b.test', 80) },
    ],
    [{ ALL_PROXY: 'http://[::1]:8080' }, { variable: 'ALL_PROXY', upstream: proxy('::1', 8080) }],
    [
      { https_proxy: 'http://a%40b:c%25@p.test:1' },
      { variable: 'https_proxy', upstream: proxy('p.test', 1, basic('a@b:c%')) },
    ],
    [
      { https_proxy: 'http://a:100%@p.test:1' },
      { variable: 'https_proxy', upstream: proxy('p.test', 1, basic('a:100%')) },
    ],
    [
      { HTTPS_PROXY: 'socks5://p.test:1', ALL_PROXY: 'http://q.test' },
      { variable: 'HTTPS_PROXY', upstream: null },
    ],
    [{ HTTPS_PROXY: 'https://p.test:1' }, { variable: 'HTTPS_PROXY', upstream: null }],
    [{ HTTPS_PROXY: 'http://' }, { variable: 'HTTPS_PROXY', upstream: null }],
  ];
  for (const [env, named] of cases) expect([env, upstreamIn(env, 'tunnel')]).toEqual([env, named]);
});
