import { stat } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { expect, test, vi } from 'vitest';
import { OTHER, openWorld, PUBLIC, talk } from './world.ts';

const NAMES = {
  'example.org': [PUBLIC],
  'six.example.org': [OTHER],
  'inner.example.org': ['10.0.0.7'],
  'meta.example.org': ['169.254.169.254'],
  'here.example.org': ['127.0.0.1'],
  'here6.example.org': ['::1'],
  'mapped.example.org': ['::ffff:127.0.0.1'],
  'mixed.example.org': ['127.0.0.1', PUBLIC],
  'mine.example.org': ['93.184.215.99'],
  'xn--bcher-kva.example': [PUBLIC],
  localhost: ['127.0.0.1'],
};
const HOSTS = [
  'example.org',
  '*.example.org',
  'api.test:8443',
  'xn--bcher-kva.example',
  '10.1.2.3:5000',
  'localhost:11434',
];

const tunnel = (authority: string, more = '') =>
  `CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n${more}\r\nGET / HTTP/1.1\r\nHost: inside\r\nConnection: close\r\n\r\n`;

test.each<[string, string, string]>([
  ['a name of the list', 'example.org:443', `${PUBLIC} 443`],
  ['the port of plain HTTP', 'example.org:80', `${PUBLIC} 80`],
  ['a name below one', 'six.example.org:443', `${OTHER} 443`],
  ['capital letters', 'EXAMPLE.Org:443', `${PUBLIC} 443`],
  ['a point at the end', 'example.org.:443', `${PUBLIC} 443`],
  ['letters of another script', 'b%C3%BCcher.example:443', `${PUBLIC} 443`],
  ['a percent sign for a letter', '%65xample.org:443', `${PUBLIC} 443`],
  ['a private address that is in the list itself', '10.1.2.3:5000', '10.1.2.3 5000'],
  ['a service of this machine that is in the list', '127.0.0.1:11434', '127.0.0.1 11434'],
  ['that service by the name that the list has', 'localhost:11434', '127.0.0.1 11434'],
  ['a name with a good address beside a bad one', 'mixed.example.org:443', `${PUBLIC} 443`],
])('[SEC-9] a tunnel is opened for %s', async (_name, authority, way) => {
  await using world = await openWorld(HOSTS, NAMES);
  const said = await talk(world.socket, tunnel(authority));
  expect(said).toMatch(/^HTTP\/1\.1 200 Connection established\r\n\r\nHTTP\/1\.1 200 OK/u);
  expect(said).toContain('GET / for inside');
  expect([world.connected, world.refused]).toEqual([[way], []]);
});

test.each<[string, string]>([
  ['a name that is not in the list', 'example.com:443'],
  ['what a star stands for is below, not beside', 'notexample.org:443'],
  ['a name with the list’s at its beginning', 'example.org.evil.test:443'],
  ['another port', 'example.org:22'],
  ['the usual port where the list names another', 'api.test:443'],
  ['a public address for which only its name is in the list', `${PUBLIC}:443`],
  ['a name that leads to this machine', 'here.example.org:443'],
  ['… in the other family', 'here6.example.org:443'],
  ['… in the clothes of the other family', 'mapped.example.org:443'],
  ['a name that leads into the private network', 'inner.example.org:443'],
  ['a name that leads to the keys of the machine', 'meta.example.org:443'],
  ['an address of the machine itself', 'mine.example.org:443'],
  ['the name of this machine', 'localhost:443'],
  ['a name that leads to a service of this machine', 'here.example.org:11434'],
  ['another port of this machine', '127.0.0.1:22'],
  ['that service in octal numbers, for another port', '0177.0.0.01:22'],
  ['that service in the other family', '[::1]:11434'],
  ['that service in the clothes of the other family', '[::ffff:7f00:1]:11434'],
  ['this machine', '127.0.0.1:443'],
  ['… as one number', '2130706433:443'],
  ['… in octal numbers', '0177.0.0.01:443'],
  ['… in hexadecimal numbers', '0x7f.1:443'],
  ['… in the other family', '[::1]:443'],
  ['… in the clothes of the other family', '[::ffff:7f00:1]:443'],
  ['nobody in particular', '0.0.0.0:443'],
  ['the keys of the machine', '169.254.169.254:80'],
])('[SEC-9] 403 in a sentence and no connection for %s: %s', async (_name, authority) => {
  await using world = await openWorld(HOSTS, NAMES, { own: '93.184.215.99' });
  const said = await talk(world.socket, tunnel(authority));
  expect(said).toMatch(/^HTTP\/1\.1 403 Forbidden\r\n/u);
  expect(said).toMatch(/\r\n\r\nThis sandbox does not reach \S+:\d+: .*\.\n$/u);
  expect(world.connected).toEqual([]);
  expect(world.refused).toHaveLength(1);
});

test.each([
  'ada:secret@example.org:443',
  'example.org@evil.test:443',
  'example.org',
  'example.org:',
  'example.org:x',
  'example.org:99999',
  'example.org..:443',
  '[::1:443',
  '[fe80::1%25eth0]:443',
  'example.org:443/path',
  'example.org:443?x',
  'example.org\\evil:443',
  'exa_mple..org:443',
  `${'a'.repeat(300)}.example.org:443`,
  ':443',
  'http://example.org/',
])('[SEC-9] 400 for an authority that is none: %s', async (authority) => {
  await using world = await openWorld(HOSTS, NAMES);
  expect(await talk(world.socket, tunnel(authority))).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/u);
  expect([world.resolved, world.connected, world.refused]).toEqual([[], [], []]);
});

test('[SEC-9] a name is asked for only where the list has it, and what was checked is what is connected with', async () => {
  const answers = [[PUBLIC], ['127.0.0.1']];
  await using world = await openWorld(HOSTS, { 'example.org': () => answers.shift()! });
  await talk(world.socket, tunnel('example.com:443'));
  expect(world.resolved).toEqual([]);
  // A name whose next answer is this machine: there is no second question between the check and the connection.
  expect(await talk(world.socket, tunnel('example.org:443'))).toContain('200 OK');
  expect([world.resolved, world.connected]).toEqual([['example.org'], [`${PUBLIC} 443`]]);
  expect(await talk(world.socket, tunnel('example.org:443'))).toContain('403 Forbidden');
  expect(world.connected).toHaveLength(1);
});

const ask = (line: string, ...headers: string[]) => `${[line, ...headers].join('\r\n')}\r\n\r\n`;

test('[SEC-9] a request with a whole address goes to the host that was allowed, whatever else it says', async () => {
  await using world = await openWorld(HOSTS, NAMES);
  const said = await talk(
    world.socket,
    ask(
      'POST http://Example.org/a%20b?c=d HTTP/1.1',
      'Host: evil.test',
      'Proxy-Authorization: Basic x',
      'Connection: close, X-Mine',
      'X-Mine: 1',
      'X-Kept: 2',
      'Content-Length: 5',
    ).concat('hello'),
  );
  expect(said).toContain('POST /a%20b?c=d for example.org: hello');
  expect(said).toMatch(/x-world: yes/iu);
  const { headers } = world.asked[0]!;
  expect(headers).toMatchObject({ host: 'example.org', 'x-kept': '2', 'content-length': '5' });
  expect(Object.keys(headers)).not.toEqual(expect.arrayContaining(['proxy-authorization']));
  expect(headers['x-mine']).toBeUndefined();
});

test('[SEC-9] a body in pieces stays one, also where none is expected', async () => {
  await using world = await openWorld(HOSTS, NAMES);
  const smuggled = 'GET /other HTTP/1.1\r\nHost: x\r\n\r\n';
  const pieces = `${smuggled.length.toString(16)}\r\n${smuggled}\r\n0\r\n\r\n`;
  const head = ask('GET http://example.org/ HTTP/1.1', 'Host: x', 'Connection: close', 'Transfer-Encoding: chunked');
  expect(await talk(world.socket, head + pieces)).toContain('GET / for example.org: GET /other');
  expect(world.asked).toHaveLength(1);
});

test.each<[string, RegExp]>([
  ['GET http://example.com/ HTTP/1.1', /^HTTP\/1\.1 403 .*example\.com:80: it is not in sandbox\.hosts/su],
  ['GET http://here.example.org/ HTTP/1.1', /^HTTP\/1\.1 403 .*not on the internet/su],
  ['GET http://example.org:22/ HTTP/1.1', /^HTTP\/1\.1 403 /u],
  ['GET http://ada:x@example.org/ HTTP/1.1', /^HTTP\/1\.1 400 /u],
  ['GET https://example.org/ HTTP/1.1', /^HTTP\/1\.1 400 /u],
  ['GET ftp://example.org/ HTTP/1.1', /^HTTP\/1\.1 400 /u],
  ['GET file:///etc/passwd HTTP/1.1', /^HTTP\/1\.1 400 /u],
  ['GET / HTTP/1.1', /^HTTP\/1\.1 400 .*This is the proxy of a sandbox/su],
  ['OPTIONS * HTTP/1.1', /^HTTP\/1\.1 400 /u],
  ['GET http://unknown.example.org/ HTTP/1.1', /^HTTP\/1\.1 502 .*Nobody knows an address of unknown\.example\.org/su],
  ['GIVE me', /^HTTP\/1\.1 400 /u],
])('[SEC-9] %s is answered by %s', async (line, answer) => {
  await using world = await openWorld(HOSTS, NAMES);
  expect(await talk(world.socket, ask(line, 'Host: x', 'Connection: close'))).toMatch(answer);
  expect(world.connected).toEqual([]);
});

test('a head that is too long is refused, and one that never ends is hung up on', async () => {
  const limits = { headMs: 200, idleMs: 60_000, headBytes: 2048, connections: 10 };
  await using world = await openWorld(HOSTS, NAMES, { limits });
  expect(await talk(world.socket, tunnel('example.org:443', `X: ${'x'.repeat(4000)}\r\n`))).toMatch(
    /^HTTP\/1\.1 431 /u,
  );
  expect(await talk(world.socket, 'CONNECT example.org:443 HTTP/1.1\r\nHo')).toMatch(/^HTTP\/1\.1 408 |^$/u);
});

test('more connections than it takes are closed, and the others go on', async () => {
  const limits = { headMs: 5000, idleMs: 60_000, headBytes: 2048, connections: 1 };
  await using world = await openWorld(HOSTS, NAMES, { limits });
  const first = connect(world.socket, () => first.write('CONNECT exam'));
  await vi.waitFor(() => expect(first.bytesWritten).toBeGreaterThan(0));
  expect(await talk(world.socket, tunnel('example.org:443')).catch(() => '')).toBe('');
  const said = new Promise<string>((resolve) => first.once('data', (piece) => resolve(piece.toString())));
  first.write('ple.org:443 HTTP/1.1\r\n\r\n');
  expect(await said).toContain('200 Connection');
  first.destroy();
});

test('a tunnel on which nothing moves is closed', async () => {
  const limits = { headMs: 5000, idleMs: 100, headBytes: 2048, connections: 10 };
  await using world = await openWorld(HOSTS, NAMES, { limits });
  expect(await talk(world.socket, 'CONNECT example.org:443 HTTP/1.1\r\n\r\n')).toMatch(
    /^HTTP\/1\.1 200 [^\n]*\r\n\r\n$/u,
  );
});

test('who goes away leaves nothing open behind, before and after the tunnel stands', async () => {
  let answer: ((found: readonly string[]) => void) | undefined;
  await using world = await openWorld(HOSTS, NAMES);
  const open = () => new Promise<number>((resolve) => world.server.getConnections((_error, count) => resolve(count)));
  const standing = connect(world.socket, () => standing.write('CONNECT example.org:443 HTTP/1.1\r\n\r\n'));
  await new Promise((resolve) => standing.once('data', resolve));
  await vi.waitFor(async () => expect(await open()).toBe(1));
  standing.destroy();
  await vi.waitFor(async () => expect(await open()).toBe(0));
  await using slow = await openWorld(['slow.test'], {
    // Nothing is known until the client has gone.
    'slow.test': () => new Promise((resolve) => (answer = resolve)) as never,
  });
  const gone = connect(slow.socket, () => gone.write('CONNECT slow.test:443 HTTP/1.1\r\n\r\n'));
  await vi.waitFor(() => expect(slow.resolved).toEqual(['slow.test']));
  gone.destroy();
  answer?.([PUBLIC]);
  await vi.waitFor(() => expect(slow.connected).toHaveLength(1));
  expect(await talk(slow.socket, tunnel('nobody.test:443'))).toContain('403');
});

test('addresses that do not answer are passed over, and a server that speaks nonsense is told of', async () => {
  const dead = (): Socket => {
    const socket = connect({ port: 1, host: '127.0.0.1' });
    return socket;
  };
  await using world = await openWorld(
    HOSTS,
    { 'example.org': ['93.184.215.1', PUBLIC], 'x.example.org': ['93.184.215.1'] },
    {
      dial: (address) => (address === '93.184.215.1' ? dead() : undefined),
    },
  );
  expect(await talk(world.socket, tunnel('example.org:443'))).toContain('200 OK');
  expect(world.connected).toEqual(['93.184.215.1 443', `${PUBLIC} 443`]);
  expect(await talk(world.socket, tunnel('x.example.org:443'))).toContain('x.example.org:443 does not answer.');
  const nonsense = createServer((socket) => socket.end('HTTP/1.1 007 James\r\n\r\n'));
  await new Promise<void>((resolve) => nonsense.listen(0, '127.0.0.1', resolve));
  const { port } = nonsense.address() as { port: number };
  await using odd = await openWorld(HOSTS, NAMES, { dial: () => connect(port, '127.0.0.1') });
  expect(await talk(odd.socket, ask('GET http://example.org/ HTTP/1.1', 'Host: x', 'Connection: close'))).toMatch(
    /^HTTP\/1\.1 502 |^$/u,
  );
  nonsense.close();
});

test('the list holds as it is at the moment, and a socket that a dead daemon left is replaced', async () => {
  await using world = await openWorld([], NAMES);
  expect(await talk(world.socket, tunnel('example.org:443'))).toContain('403');
  world.allow('example.org');
  expect(await talk(world.socket, tunnel('example.org:443'))).toContain('200 OK');
  expect((await stat(world.socket)).isSocket()).toBe(true);
});
