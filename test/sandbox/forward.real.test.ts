import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import http from 'node:http';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { PERL } from '../../src/sandbox/scope.ts';
import { temporaryFolder } from '../helpers/folder.ts';

const assets = fileURLToPath(new URL('../../assets', import.meta.url));

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });

/** A proxy in a folder that lets through to one port alone, where what is said comes back, and to whom a plain call is answered. */
const openProxy = async (path: string, allowed: number) => {
  const proxy = http.createServer((request, response) => response.end(`asked for ${request.url}`));
  const open = new Set<Socket>();
  proxy.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket)).on('error', () => undefined);
  });
  proxy.on('connect', ({ url }: http.IncomingMessage, socket: Socket) => {
    if (url !== `127.0.0.1:${allowed}`) return void socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    socket.write('HTTP/1.1 200 OK\r\nX-Way: out\r\n\r\nwelcome ');
    return socket.pipe(socket);
  });
  await new Promise<void>((resolve) => proxy.listen(path, resolve));
  return {
    open,
    close: () =>
      new Promise((resolve) => {
        for (const socket of open) socket.destroy();
        proxy.close(resolve);
      }),
  };
};

/** A forwarder to such a proxy: to the proxy itself, to the port that it lets through to, and to one that it refuses. */
const openForward = async (program: string, script: string) => {
  const folder = temporaryFolder('forward');
  const [first, allowed, refused] = [await freePort(), await freePort(), await freePort()];
  const proxy = await openProxy(join(folder.path, 'net.sock'), allowed);
  const words = [`${assets}/${script}`, folder.path, 'net.sock', [first, allowed, refused].join(), String(process.pid)];
  const child = spawn(program, words, { env: {}, stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await proxy.close();
    folder[Symbol.dispose]();
  });
  expect(String(await new Promise((resolve) => child.stdout.once('data', resolve)))).toBe('ready\n');
  return { first, allowed, refused, proxy };
};

/** Says something, and nothing more; what comes back until the other side has said its last as well. */
const say = (port: number, words: string | Buffer): Promise<string> => {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  socket.end(words);
  return text(socket).catch((error: { code?: string }) => error.code ?? 'failed');
};

const FORWARDERS = [
  { script: 'forward.pl', program: PERL },
  { script: 'forward.mjs', program: process.execPath },
];

describe.each(FORWARDERS)('$script', ({ script, program }) => {
  const forwards = test.skipIf(!existsSync(program) || !existsSync('/proc/self'));

  forwards('calls of the proxy come to it, one after the other and many at once', async () => {
    const { first } = await openForward(program, script);
    const call = (path: string): Promise<string> =>
      say(first, `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    expect(await call('/one')).toMatch(/asked for \/one$/u);
    const all = await Promise.all(Array.from({ length: 100 }, (_, n) => call(`/${n}`)));
    expect(all.filter((answer, n) => answer.endsWith(`asked for /${n}`))).toHaveLength(100);
  });

  forwards('a port is led to where the proxy lets it, with all that is said and in both directions', async () => {
    const { allowed } = await openForward(program, script);
    expect(await say(allowed, 'hello')).toBe('welcome hello');
    const much = Buffer.alloc(8 * 1024 * 1024, 'abcdefg ');
    const back = await say(allowed, much);
    expect(back.length).toBe(much.length + 'welcome '.length);
    expect(back.slice('welcome '.length)).toBe(much.toString());
  });

  forwards('whoever the proxy refuses is hung up on, and others are served on', async () => {
    const { allowed, refused } = await openForward(program, script);
    expect(['', 'ECONNRESET']).toContain(await say(refused, 'hello'));
    expect(await say(allowed, 'hello')).toBe('welcome hello');
  });

  forwards('who goes away in the middle leaves nothing open', async () => {
    const { allowed, proxy } = await openForward(program, script);
    const socket = connect(allowed, '127.0.0.1');
    await new Promise((resolve) => socket.once('data', resolve));
    expect(proxy.open.size).toBe(1);
    socket.resetAndDestroy();
    await expect.poll(() => proxy.open.size).toBe(0);
    expect(await say(allowed, 'hello')).toBe('welcome hello');
  });
});
