import { EventEmitter, once } from 'node:events';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { WebSocket } from 'ws';
import type { ScreenSink } from '../../src/ports/swarm.ts';
import { openTokens, tokenFile } from '../../src/web/access/tokens.ts';
import { checkPlace, openWeb, type WebOptions } from '../../src/web/serve.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { instance } from '../tasks/journal.ts';
import { openPage } from './page-socket.ts';
import { fact, replyWith, type SwarmStage, swarmStage } from './stage.ts';

const serve = async (swarm: SwarmStage = swarmStage(), more: Partial<WebOptions> = {}) => {
  const folder = temporaryFolder('serve');
  onTestFinished(() => folder[Symbol.dispose]());
  const complaints: string[] = [];
  const server = await openWeb({
    ...{ host: '127.0.0.1', port: 0, auth: true, repositories: [swarm.repository], version: '1.2.3' },
    ...{ stateFolder: folder.path, pageFolder: `${folder.path}/page`, complain: (line) => void complaints.push(line) },
    ...more,
  });
  // The last one that is named is the first to be done.
  onTestFinished(() => server.close());
  const origin = server.url.slice(0, -1);
  const logIn = async (role: 'viewer' | 'admin' = 'viewer'): Promise<string> => {
    const token = server.link({ name: role, role }).split('#once=')[1];
    const headers = { 'content-type': 'application/json', origin };
    const answer = await fetch(`${origin}/api/login`, { method: 'POST', headers, body: JSON.stringify({ token }) });
    return answer.headers.get('set-cookie')!.split(';')[0]!;
  };
  const socketAt = (query = '', headers: Record<string, string> = {}) => {
    const page = openPage(`${origin.replace('http', 'ws')}/api/events${query}`, headers);
    onTestFinished(() => page.close());
    return page;
  };
  /** A page that is logged in, and live. */
  const enter = async (query = '') => {
    const page = socketAt(query, { cookie: await logIn(), origin });
    await page.told('hello');
    await page.told('daemon');
    return page;
  };
  return { server, origin, complaints, logIn, socketAt, enter, folder: folder.path };
};

/** A certificate and key that are good for nothing but these tests. */
const TLS = {
  cert: fileURLToPath(new URL('../fixtures/web/cert.pem', import.meta.url)),
  key: fileURLToPath(new URL('../fixtures/web/key.pem', import.meta.url)),
};

type Asked = { readonly method?: string; readonly headers?: Record<string, string>; readonly body?: string };

/** Asks over TLS, for a server whose certificate is known. */
const askSecurely = (url: string, { method = 'GET', headers = {}, body }: Asked = {}) =>
  new Promise<{ readonly status: number; readonly headers: NodeJS.Dict<string | string[]> }>((resolve, reject) => {
    const asked = request(url, { method, headers, ca: readFileSync(TLS.cert) }, (answer) => {
      answer.resume();
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers }));
    });
    asked.on('error', reject);
    asked.end(body);
  });

/** A connection that says what it likes. */
const rawAt = async (port: number, text: string) => {
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  let answer = '';
  socket.on('data', (chunk) => {
    answer += String(chunk);
  });
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(text);
  return { socket, closed: once(socket, 'close').then(() => answer) };
};

test('[WEB-6] other addresses than this machine’s own take TLS and authentication', () => {
  const place = { host: '0.0.0.0', port: 0, auth: true };
  expect(() => checkPlace({ ...place, auth: false })).toThrow('--no-auth lets everybody in who can reach 0.0.0.0');
  expect(() => checkPlace({ ...place, auth: false, cert: 'c', key: 'k' })).toThrow('--no-auth lets everybody in');
  for (const host of ['0.0.0.0', '192.168.1.2', '::', 'example.org', '127.0.0.1.example.org', 'localhost.example.org'])
    expect(() => checkPlace({ ...place, host })).toThrow('it takes TLS');
  expect(checkPlace({ ...place, cert: 'c', key: 'k' })).toEqual({ cert: 'c', key: 'k' });
  expect(() => checkPlace({ ...place, cert: 'c' })).toThrow('--cert was given without --key.');
  for (const host of ['127.0.0.1', 'localhost', '::1']) expect(checkPlace({ ...place, host, auth: false })).toBeNull();
});

test('[WEB-6] over TLS a cookie is for TLS alone, and a page without it is another site', async () => {
  const { server, origin } = await serve(swarmStage(), TLS);
  expect(origin).toMatch(/^https:/u);
  const token = server.link({ name: 'me', role: 'viewer' }).split('#once=')[1];
  const login = {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin },
    body: JSON.stringify({ token }),
  };
  const insecure = { ...login.headers, origin: origin.replace('https', 'http') };
  expect((await askSecurely(`${origin}/api/login`, { ...login, headers: insecure })).status).toBe(403);
  const answer = await askSecurely(`${origin}/api/login`, login);
  expect(answer.status).toBe(200);
  expect(String(answer.headers['set-cookie'])).toMatch(/^__Host-drover-\d+=.*; HttpOnly; SameSite=Strict; .*Secure$/u);
  expect(
    await rawAt(server.port, 'GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n').then(({ closed }) => closed),
  ).not.toContain('200');
});

test('files that are no certificate and key are refused with their names', async () => {
  const odd = { cert: TLS.cert, key: fileURLToPath(import.meta.url) };
  await expect(serve(swarmStage(), odd)).rejects.toThrow(/serve\.test\.ts could not be used for TLS/u);
  await expect(serve(swarmStage(), { ...TLS, cert: '/nowhere.pem' })).rejects.toThrow('/nowhere.pem could not be used');
});

test('[WEB-6] a socket is given to nobody without a session, from another site, or under another name', async () => {
  const swarm = swarmStage();
  const { logIn, socketAt, origin, server } = await serve(swarm);
  const cookie = await logIn();
  const refused = async (headers: Record<string, string>, path = '') => {
    const end = await socketAt(path, headers).ended;
    return 'status' in end ? end.status : 0;
  };
  expect(await refused({ origin })).toBe(401);
  expect(await refused({ origin, cookie: 'drover=x' })).toBe(401);
  expect(await refused({ origin: 'https://evil.example', cookie })).toBe(403);
  expect(await refused({ origin, cookie, host: 'evil.example' })).toBe(421);
  expect(await refused({ origin, cookie, 'sec-fetch-site': 'cross-site' })).toBe(403);
  expect(await refused({ origin, cookie }, '?repo=constructor')).toBe(404);
  expect(await refused({ origin, cookie }, '?since=x')).toBe(400);
  expect(server.pages).toBe(0);
  await vi.waitFor(() => expect(swarm.notes).toHaveLength(5));
  expect(swarm.notes[2]).toMatchObject({ decision: 'denied', result: expect.stringContaining('web/wrong-origin') });
  expect(JSON.stringify(swarm.notes)).not.toContain(cookie.split('=')[1]);
});

test('[WEB-2] events come as they happen, and after a lost connection from where the page was', async () => {
  const swarm = swarmStage();
  swarm.happen(fact('one'));
  const { enter } = await serve(swarm);
  const page = await enter('?since=1');
  swarm.happen(fact('two'), fact('three'));
  await page.told('events');
  expect(page.seqs()).toEqual([2, 3]);
  page.close();
  swarm.happen(fact('four'));
  const again = await enter('?since=3');
  swarm.happen(fact('five'));
  await vi.waitFor(() => expect(again.seqs()).toEqual([4, 5]));
  expect(again.frames.some(({ kind }) => kind === 'resync')).toBe(false);
});

test('[WEB-2] events that nobody has any more, and numbers of another journal, are a new snapshot', async () => {
  const swarm = swarmStage();
  for (let i = 0; i < 5; i += 1) swarm.happen(fact());
  const { enter } = await serve(swarm);
  const ahead = await enter('?since=99');
  await ahead.told('resync');
  swarm.daemon.forgets = true;
  const behind = await enter('?since=1');
  await behind.told('resync');
  swarm.happen(fact());
  await vi.waitFor(() => expect([...ahead.seqs(), ...behind.seqs()]).toEqual([6, 6]));
});

test('[WEB-2] what happened while the daemon was gone is told when it is back', async () => {
  const swarm = swarmStage();
  swarm.happen(fact());
  const { enter } = await serve(swarm);
  const page = await enter('?since=1');
  swarm.setThere(false);
  expect((await page.told('daemon', 2)).at(-1)).toMatchObject({ connected: false });
  swarm.happenUnseen(fact(), fact());
  swarm.setThere(true);
  swarm.happen(fact());
  await vi.waitFor(() => expect(page.seqs()).toEqual([2, 3, 4]));
  expect((await page.told('daemon', 3)).at(-1)).toMatchObject({ connected: true });
});

test('a page is told whom the daemon takes the server for, and again when that changes', async () => {
  const swarm = swarmStage();
  const { enter } = await serve(swarm);
  const page = await enter();
  expect((await page.told('daemon')).at(-1)).toMatchObject({ identity: null });
  swarm.introduce({ name: 'web', role: 'admin' });
  swarm.introduce({ name: 'web', role: 'admin' });
  swarm.introduce({ name: 'web', role: 'viewer' });
  const told = await page.told('daemon', 3);
  expect(told.map(({ identity }) => identity?.role)).toEqual([undefined, 'admin', 'viewer']);
});

test('what changes about the daemon while a page is told what it missed, it is told as well', async () => {
  const swarm = swarmStage();
  swarm.happen(fact(), fact());
  const reading = Promise.withResolvers<void>();
  const { past } = swarm.repository;
  const repository = {
    ...swarm.repository,
    past: async (after: number, until: number) => {
      await reading.promise;
      return past(after, until);
    },
  };
  const { enter } = await serve({ ...swarm, repository });
  const page = await enter('?since=1');
  swarm.introduce({ name: 'web', role: 'viewer' });
  reading.resolve();
  expect((await page.told('daemon', 2)).at(-1)).toMatchObject({ identity: { role: 'viewer' } });
});

test('a terminal is followed from its screen on, characters in pieces are whole, and it is left', async () => {
  const swarm = swarmStage();
  const { enter } = await serve(swarm);
  const page = await enter();
  page.say({ kind: 'log', instance: '../../etc/passwd' });
  page.say({ kind: 'log', instance: '__proto__' });
  expect((await page.told('refused', 2)).map(({ instance }) => instance)).toEqual(['../../etc/passwd', '__proto__']);
  expect(swarm.sinks.size).toBe(0);
});

test('nobody who looks costs nothing: the daemon is let go of', async () => {
  const swarm = swarmStage();
  const { enter } = await serve(swarm, { idleMs: 1 });
  expect(swarm.daemon.opened).toBe(0);
  const page = await enter();
  expect(swarm.daemon).toMatchObject({ opened: 1, closed: 0 });
  page.close();
  await vi.waitFor(() => expect(swarm.daemon.closed).toBe(1));
});

test('[WEB-6] a page that says too much, or nothing that a page says, is let go of', async () => {
  const { enter, server } = await serve();
  for (const said of ['{', 'null', '{"kind":"run"}', `{"kind":"log","instance":"${'x'.repeat(20_000)}"}`]) {
    const page = await enter();
    page.socket.send(said);
    expect(await page.ended).toMatchObject({ code: expect.toSatisfy((code) => code === 1003 || code === 1009) });
  }
  const page = await enter();
  for (let i = 0; i < 300; i += 1) page.say({ kind: 'ping' });
  expect(await page.ended).toEqual({ code: 1008 });
  await vi.waitFor(() => expect(server.pages).toBe(0));
});

test('[WEB-6] no more pages are attended to than there is room for', async () => {
  const { enter, socketAt, logIn, origin } = await serve(swarmStage(), { mostPages: 1 });
  await enter();
  expect(await socketAt('', { cookie: await logIn(), origin }).ended).toMatchObject({ status: 503 });
});

test('[WEB-6] one session cannot take the places of others', async () => {
  const { socketAt, logIn, origin, server } = await serve(swarmStage(), { mostPagesOfOne: 2 });
  const own = { cookie: await logIn(), origin };
  const first = socketAt('', own);
  for (const page of [first, socketAt('', own)]) await page.told('hello');
  const refused = await socketAt('', own).ended;
  expect(refused).toMatchObject({ status: 429, text: expect.stringContaining('2 pages are open with this session') });
  await socketAt('', { cookie: await logIn(), origin }).told('hello');
  first.close();
  await vi.waitFor(() => expect(server.pages).toBe(2));
  await socketAt('', own).told('hello');
});

test('[WEB-6] the sessions that one token began are counted together', async () => {
  const { folder, origin, socketAt } = await serve(swarmStage(), { mostPagesOfOne: 1 });
  const token = openTokens(tokenFile(folder), () => '').create({ name: 'a', role: 'viewer', expiresAt: null });
  const headers = { 'content-type': 'application/json', origin };
  const answer = await fetch(`${origin}/api/login`, { method: 'POST', headers, body: JSON.stringify({ token }) });
  await socketAt('', { cookie: answer.headers.get('set-cookie')!.split(';')[0]!, origin }).told('hello');
  expect(await socketAt('', { authorization: `Bearer ${token}`, origin }).ended).toMatchObject({ status: 429 });
});

test('[WEB-4] what a page types reaches the agent, by the role of whoever types, until it leaves', async () => {
  const swarm = swarmStage(async ({ line, extra }) =>
    extra?.role === 'viewer'
      ? replyWith({ exit: 4, message: 'It takes the role operator.' })
      : replyWith({ data: { instance: line.split(' ')[1], session: 's', socket: null } }),
  );
  const { socketAt, logIn, origin } = await serve(swarm);
  const viewer = socketAt('', { cookie: await logIn(), origin });
  await viewer.told('hello');
  viewer.say({ kind: 'typing', instance: 'a-1', on: true });
  viewer.say({ kind: 'typed', instance: 'a-1', events: [{ kind: 'text', text: 'no' }] });
  expect(await viewer.told('typing')).toEqual([
    { kind: 'typing', instance: 'a-1', on: false, message: 'It takes the role operator.' },
  ]);
  expect(swarm.typed).toEqual([]);
  const page = socketAt('', { cookie: await logIn('admin'), origin });
  await page.told('hello');
  page.say({ kind: 'typing', instance: 'a-1', on: true });
  page.say({ kind: 'typed', instance: 'a-1', events: [{ kind: 'key', key: 'ctrl+c' }] });
  await vi.waitFor(() => expect(swarm.typed).toEqual(['opened', { kind: 'key', key: 'ctrl+c' }]));
  expect(swarm.said.map(({ line, extra }) => [line, extra?.actor, extra?.role])).toEqual([
    ['attach a-1', 'web:viewer', 'viewer'],
    ['attach a-1', 'web:admin', 'admin'],
  ]);
  page.close();
  await vi.waitFor(() => expect(swarm.typed.at(-1)).toBe('closed'));
});

test('[WEB-6] a page whose session has ended is let go of', async () => {
  const { logIn, socketAt, origin } = await serve(swarmStage(), { lookMs: 1000 });
  const cookie = await logIn('admin');
  const page = socketAt('', { cookie, origin });
  await page.told('hello');
  const { csrf } = (await (await fetch(`${origin}/api/session`, { headers: { cookie } })).json()) as { csrf: string };
  await fetch(`${origin}/api/logout`, { method: 'POST', headers: { cookie, origin, 'x-drover-csrf': csrf } });
  expect(await page.ended).toEqual({ code: 4401 });
});

test('[WEB-6] tokens that cannot be read end the pages that were let in, and not the server', async () => {
  const stage = await serve(swarmStage(), { lookMs: 50 });
  const { server, origin, socketAt, logIn, folder, complaints } = stage;
  const secret = openTokens(tokenFile(folder), () => '').create({ name: 'a', role: 'viewer', expiresAt: null });
  const authorization = `Bearer ${secret}`;
  const page = socketAt('', { authorization, origin });
  await page.told('hello');
  writeFileSync(tokenFile(folder), '{');
  expect(await page.ended).toEqual({ code: 4401 });
  rmSync(tokenFile(folder));
  mkdirSync(tokenFile(folder));
  expect(await socketAt('', { authorization, origin }).ended).toMatchObject({ status: 500 });
  expect((await fetch(`${origin}/api/session`, { headers: { authorization } })).status).toBe(500);
  rmSync(`${folder}/web`, { recursive: true });
  expect((await fetch(`${origin}/api/session`, { headers: { cookie: await logIn() } })).status).toBe(200);
  expect([server.pages, complaints]).toEqual([0, []]);
});

test('a clock that is set back keeps nobody out longer than a minute', async () => {
  const { origin, server } = await serve();
  const logIn = (token: string) =>
    fetch(`${origin}/api/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin },
      body: JSON.stringify({ token }),
    });
  for (let i = 0; i < 5; i += 1) await logIn('guess');
  const now = Date.now();
  vi.spyOn(Date, 'now').mockImplementation(() => now - 86_400_000);
  onTestFinished(() => void vi.restoreAllMocks());
  const answer = await logIn(server.link({ name: 'me', role: 'viewer' }).split('#once=')[1]!);
  expect(answer.status).toBe(429);
  expect(Number(answer.headers.get('retry-after'))).toBeLessThanOrEqual(60);
});

test('[WEB-6] who says what he wants too slowly is not waited for, and a thousand of them keep nobody out', async () => {
  const patience = { headersMs: 1000, requestMs: 1000, lookMs: 100 };
  const { server, logIn, origin } = await serve(swarmStage(), { patience });
  const slow = await rawAt(server.port, 'GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-');
  const body = await rawAt(server.port, 'POST /api/login HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9\r\n\r\n{');
  const silent: Awaited<ReturnType<typeof rawAt>>[] = [];
  // A system keeps only so many that have not been let in yet.
  while (silent.length < 1000)
    silent.push(...(await Promise.all(Array.from({ length: 100 }, () => rawAt(server.port, '')))));
  const cookie = await logIn();
  expect((await fetch(`${origin}/api/session`, { headers: { cookie } })).status).toBe(200);
  expect(await slow.closed).toMatch(/^(?:HTTP\/1\.1 (?:408|400) |$)/u);
  expect(await body.closed).toMatch(/^(?:HTTP\/1\.1 (?:408|400) |$)/u);
  await Promise.all(silent.map(({ closed }) => closed));
});

test('[WEB-6] what is no HTTP, or leads out of the page, gets nothing of this machine', async () => {
  const { server, complaints } = await serve();
  const ask = async (text: string) => (await rawAt(server.port, text)).closed;
  const host = 'Host: 127.0.0.1\r\nConnection: close\r\n';
  expect(await ask('\u0000\u0001\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /u);
  expect(await ask(`GET / HTTP/1.1\r\n${host}X: ${'x'.repeat(40_000)}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 400 /u);
  for (const path of [
    '/../../../../etc/passwd',
    '/%2e%2e/%2e%2e/etc/passwd',
    '//etc/passwd',
    '/..\\..\\etc/passwd',
    '/%00',
  ])
    expect(await ask(`GET ${path} HTTP/1.1\r\n${host}\r\n`)).not.toContain('root:');
  expect(await ask(`GET /api/session HTTP/1.1\r\n${host}Host: evil\r\n\r\n`)).not.toMatch(/^HTTP\/1\.1 200 /u);
  expect(complaints).toEqual([]);
});

test('a page that reads too slowly misses what was printed, and begins with the screen as it is then', async () => {
  const { openTerminals } = await import('../../src/web/socket/terminals.ts');
  const sinks: ScreenSink[] = [];
  const sent: string[] = [];
  const line = { waitingBytes: 0, below: () => undefined as unknown };
  const terminals = openTerminals(
    (_id, sink) => {
      sinks.push(sink);
      sink.reset({ cols: 80, rows: 24, text: `screen ${sinks.length}` });
      return { close: () => undefined, ended: new Promise(() => undefined) };
    },
    {
      send: (frame) => sent.push(frame.kind === 'log' ? `${frame.offset} ${frame.data}` : JSON.stringify(frame)),
      get waitingBytes() {
        return line.waitingBytes;
      },
      whenBelow: (_bytes, call) => {
        line.below = call;
      },
    },
  );
  terminals.follow('a-1');
  const bytes = new TextEncoder().encode('né');
  await sinks[0]!.data(bytes.subarray(0, 2));
  await sinks[0]!.data(bytes.subarray(2));
  expect(sent.slice(1)).toEqual(['2 n', '3 é']);
  line.waitingBytes = 2_000_000;
  await sinks[0]!.data(bytes);
  await sinks[0]!.data(bytes);
  expect(sent).toHaveLength(3);
  line.waitingBytes = 0;
  line.below();
  expect(sent.at(-1)).toContain('screen 2');
  await sinks[0]!.data(bytes);
  expect(sent).toHaveLength(4);
  terminals.close();
});

test('a page that asks for screens and reads none is sent none, until it has read what waits', async () => {
  const { openTerminals } = await import('../../src/web/socket/terminals.ts');
  const followed: string[] = [];
  const sent: string[] = [];
  const below: (() => void)[] = [];
  const line = { waitingBytes: 2_000_000 };
  const sinks: ScreenSink[] = [];
  const terminals = openTerminals(
    (id, sink) => {
      followed.push(id);
      sinks.push(sink);
      return { close: () => undefined, ended: new Promise(() => undefined) };
    },
    {
      send: ({ kind }) => sent.push(kind),
      get waitingBytes() {
        return line.waitingBytes;
      },
      whenBelow: (_bytes, call) => below.push(call),
    },
  );
  for (let i = 0; i < 50; i += 1) for (const id of ['a-1', 'b-1', 'c-1']) terminals.follow(id);
  terminals.leave('c-1');
  expect([followed, below.length]).toEqual([[], 1]);
  line.waitingBytes = 0;
  below.pop()!();
  expect(followed).toEqual(['a-1', 'b-1']);
  line.waitingBytes = 2_000_000;
  sinks[0]!.reset({ cols: 80, rows: 24, text: '' });
  sinks[0]!.reset({ cols: 81, rows: 24, text: '' });
  expect([sent, below.length]).toEqual([[], 1]);
  line.waitingBytes = 0;
  below.pop()!();
  sinks[2]!.reset({ cols: 81, rows: 24, text: '' });
  expect([followed, sent]).toEqual([['a-1', 'b-1', 'a-1'], ['screen']]);
  terminals.close();
});

test('[WEB-6] a page that goes on asking and reads nothing is let go of', async () => {
  const { attendPage } = await import('../../src/web/socket/attend-page.ts');
  const { openHub } = await import('../../src/web/swarm/hub.ts');
  const hub = openHub(swarmStage().repository);
  onTestFinished(() => hub.close());
  const [send, terminate] = [vi.fn(), vi.fn()];
  const socket = Object.assign(new EventEmitter(), { OPEN: 1, readyState: 1, bufferedAmount: 0, send, terminate });
  const resources = { watch: () => () => undefined, close: () => undefined };
  const visitor = { name: 'me', role: 'viewer' as const, holds: () => true };
  await attendPage({ socket: socket as unknown as WebSocket, hub, visitor, since: undefined, resources });
  socket.emit('message', '{"kind":"ping"}', false);
  expect([send.mock.lastCall?.[0], terminate.mock.calls]).toEqual(['{"kind":"pong"}', []]);
  socket.bufferedAmount = 17 * 1024 * 1024;
  socket.emit('message', '{"kind":"ping"}', false);
  expect(terminate).toHaveBeenCalledOnce();
  socket.emit('close');
});

test('a terminal that was left while the daemon was reached is not followed', async () => {
  const swarm = swarmStage();
  const opening = Promise.withResolvers<void>();
  const { open } = swarm.repository;
  const slow = {
    ...swarm.repository,
    open: async (heard: Parameters<typeof open>[0]) => {
      await opening.promise;
      return open(heard);
    },
  };
  swarm.happen(...['a-1', 'b-1', 'c-1'].flatMap((id) => instance(id)));
  const { socketAt, logIn, origin, server } = await serve({ ...swarm, repository: slow });
  const [left, stays] = await Promise.all([1, 2].map(async () => socketAt('', { cookie: await logIn(), origin })));
  for (const { socket } of [left!, stays!]) await once(socket, 'open');
  left!.say({ kind: 'log', instance: 'a-1' });
  stays!.say({ kind: 'log', instance: 'b-1' });
  stays!.say({ kind: 'log', instance: 'c-1' });
  stays!.say({ kind: 'unlog', instance: 'c-1' });
  stays!.say({ kind: 'ping' });
  await stays!.told('pong');
  left!.close();
  await vi.waitFor(() => expect(server.pages).toBe(1));
  opening.resolve();
  await vi.waitFor(() => expect([...swarm.sinks.keys()]).toEqual(['b-1']));
});

test('what the agents take is asked for once for all pages, and told where it has changed', async () => {
  const { openResourceNews } = await import('../../src/web/socket/resource-news.ts');
  vi.useFakeTimers();
  try {
    let rows = [
      { instance_id: 'a-1', cpu_percent: 1, at: '1' },
      { instance_id: 'b-1', cpu_percent: 2, at: '1' },
    ];
    let asked = 0;
    const run = async () => {
      asked += 1;
      return replyWith({ data: rows });
    };
    const news = openResourceNews({ run, presence: { connected: true, silentSince: null, identity: null } });
    const told: unknown[] = [];
    const stop = news.watch((now) => void told.push(now));
    await vi.advanceTimersByTimeAsync(1);
    expect(told).toEqual([{ 'a-1': rows[0], 'b-1': rows[1] }]);
    rows = [{ instance_id: 'a-1', cpu_percent: 1, at: '2' }];
    await vi.advanceTimersByTimeAsync(2000);
    expect(told.slice(1)).toEqual([{ 'b-1': null }]);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(told).toHaveLength(2);
    const sofar = asked;
    stop();
    await vi.advanceTimersByTimeAsync(20_000);
    expect(asked).toBe(sofar);
    news.close();
  } finally {
    vi.useRealTimers();
  }
});
