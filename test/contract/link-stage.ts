import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { vi } from 'vitest';
import { pipeTransport } from '../../src/link/pipe.ts';
import { unixTransport } from '../../src/link/unix.ts';
import type { Link, LinkTransport } from '../../src/ports/link.ts';
import { temporaryFolder } from '../helpers/folder.ts';

/** The bare bytes of somebody who connected. */
type RawPeer = {
  write(bytes: Uint8Array | string): void;
  end(): void;
  /** Ends abruptly, as a program that is killed. */
  kill(): void;
  /** Reads no more, so that the other side has to wait. */
  pause(): void;
  resume(): void;
  readonly text: string;
  sees(words: string): Promise<unknown>;
  /** The other side says no more. */
  readonly ended: Promise<void>;
};

/** A transport with whatever its links need at their far ends. */
export type LinkStage = AsyncDisposable & {
  readonly transport: LinkTransport;
  /** An address where nobody listens. */
  readonly nowhere: string;
  /** The address for `connect`; whoever comes is given to `accept`, in this process. */
  listen(accept: (link: Link) => void): Promise<{ readonly address: string; close(): Promise<void> }>;
  /** Connects to such an address without the transport. */
  speak(address: string): Promise<RawPeer>;
  /** A link to somebody who says these pieces of bytes one by one and dies. */
  hear(pieces: readonly Uint8Array[]): Promise<Link>;
  /** What the transport says to who listens where somebody listens already. */
  listenTwice(): Promise<unknown>;
};

const rawPeer = (input: Readable, output: Writable, kill: () => void): RawPeer => {
  let text = '';
  input.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  for (const stream of [input, output]) stream.on('error', () => undefined);
  return {
    write: (bytes) => void output.write(bytes),
    end: () => void output.end(),
    kill,
    pause: () => void input.pause(),
    resume: () => void input.resume(),
    get text() {
      return text;
    },
    sees: (words) => vi.waitUntil(() => text.includes(words), { timeout: 30_000, interval: 5 }),
    ended: new Promise((resolve) => void input.once('end', resolve).once('close', resolve)),
  };
};

const soon = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

export const unixStage = (): LinkStage => {
  const folder = temporaryFolder('link');
  const close: (() => Promise<void>)[] = [];
  let count = 0;
  const nextAddress = (): string => {
    count += 1;
    return join(folder.path, `s${count}`);
  };
  const listen: LinkStage['listen'] = async (accept) => {
    const address = nextAddress();
    const listener = await unixTransport.listen(address, accept);
    close.push(listener.close);
    return { address, close: listener.close };
  };
  return {
    transport: unixTransport,
    nowhere: join(folder.path, 'nobody'),
    listen,
    speak: async (address) => {
      const socket = connect({ path: address, allowHalfOpen: true });
      await once(socket, 'connect');
      return rawPeer(socket, socket, () => void socket.destroy());
    },
    hear: async (pieces) => {
      const address = nextAddress();
      const server = createServer(async (socket) => {
        for (const piece of pieces) {
          if (!socket.write(piece)) await once(socket, 'drain');
          await soon();
        }
        socket.destroySoon();
      });
      server.listen(address);
      await once(server, 'listening');
      close.push(async () => void server.close());
      return unixTransport.connect(address);
    },
    listenTwice: async () => {
      const { address } = await listen(() => undefined);
      return unixTransport.listen(address, () => undefined);
    },
    [Symbol.asyncDispose]: async () => {
      for (const one of close) await one();
      folder[Symbol.dispose]();
    },
  };
};

const RELAY = fileURLToPath(new URL('link-relay.ts', import.meta.url));
const TWICE = fileURLToPath(new URL('link-twice.ts', import.meta.url));

const programAt = (...words: readonly string[]): string =>
  JSON.stringify([process.execPath, '--disable-warning=ExperimentalWarning', ...words]);

/** Says pieces of bytes one by one on its standard output, and dies. */
const SPEAKER = `
import { readFileSync } from 'node:fs';
const pieces = JSON.parse(readFileSync(process.argv[1], 'utf8')).map((one) => Buffer.from(one, 'base64'));
for (const piece of pieces) {
  await new Promise((resolve) => process.stdout.write(piece, resolve));
  await new Promise((resolve) => setImmediate(resolve));
}
process.kill(process.pid, 'SIGKILL');`;

/**
 * Each link of this transport is a program of its own. Here that program listens on its standard input and output and
 * passes every frame on to this process, so that both ends of the pipe are those of the transport.
 */
export const pipeStage = (): LinkStage => {
  const inner = unixStage();
  const folder = temporaryFolder('pipe');
  const listen: LinkStage['listen'] = async (accept) => {
    const { address, close } = await inner.listen(accept);
    return { address: programAt(RELAY, address), close };
  };
  return {
    transport: pipeTransport,
    nowhere: JSON.stringify(['/no/such/program']),
    listen,
    speak: async (address) => {
      const [file, ...args] = JSON.parse(address) as [string, ...string[]];
      const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'inherit'] });
      await once(child, 'spawn');
      return rawPeer(child.stdout, child.stdin, () => void child.kill('SIGKILL'));
    },
    hear: (pieces) => {
      const said = join(folder.path, 'said');
      writeFileSync(said, JSON.stringify(pieces.map((piece) => Buffer.from(piece).toString('base64'))));
      return pipeTransport.connect(programAt('--input-type=module', '-e', SPEAKER, said));
    },
    listenTwice: async () => {
      const link = await pipeTransport.connect(programAt(TWICE));
      const code = await new Promise<string>((resolve) => link.onFrame(resolve));
      link.close();
      throw Object.assign(new Error(code), { code });
    },
    [Symbol.asyncDispose]: async () => {
      await inner[Symbol.asyncDispose]();
      folder[Symbol.dispose]();
    },
  };
};
