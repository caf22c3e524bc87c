import { once } from 'node:events';
import { rename, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import type { Reply } from '../ports/swarm.ts';
import type { Store } from '../ports/index.ts';
import { readClientFrame, type RunFrame, type SubscribeFrame } from '../protocol/frame.ts';

/** A client that does not read is let go when so much waits for it, in bytes; it can come back and ask for the rest. */
const MOST_WAITING = 32 * 1024 * 1024;
const LONGEST_LINE = 4 * 1024 * 1024;

type Serve = {
  store: Store;
  run: (frame: RunFrame) => Promise<Reply>;
  /** Called when an answer was handed to the client: a command that ends the daemon ends it then, not before. */
  answered: () => void;
  log: (line: string) => void;
};

const subscribe = (store: Store, socket: Socket, frame: SubscribeFrame): void => {
  const send = (what: object) => {
    if (socket.writableLength > MOST_WAITING) socket.destroy();
    else socket.write(`${JSON.stringify(what)}\n`);
  };
  if (frame.from === undefined) send({ kind: 'state', state: store.state });
  const stop = store.subscribe((events) => {
    const wanted = frame.from === undefined ? events : events.filter((event) => event.seq >= frame.from!);
    if (wanted.length > 0) send({ kind: 'events', events: wanted });
  });
  socket.once('close', stop);
  if (frame.from !== undefined) void replay(store, frame.from, send);
};

/** What happened before the subscription; what is told twice is folded once. */
const replay = async (store: Store, from: number, send: (what: object) => void): Promise<void> => {
  const until = store.state.seq;
  if (from > until) return;
  for await (const event of store.events(from)) {
    send({ kind: 'events', events: [event] });
    if (event.seq >= until) break;
  }
};

const answer = async (line: string, socket: Socket, serve: Serve): Promise<void> => {
  if (line.trim() === '') return;
  const frame = readClientFrame(line);
  if (!frame)
    return void socket.end(`${JSON.stringify({ kind: 'refused', message: 'not a frame of this version' })}\n`);
  if (frame.kind === 'subscribe') return subscribe(serve.store, socket, frame);
  const reply = await serve.run(frame);
  // Somebody who spoke in words is answered in words.
  if (frame.id === '' && !line.startsWith('{')) socket.write(`${reply.text}${reply.hint ? `\n${reply.hint}` : ''}\n`);
  else socket.write(`${JSON.stringify({ kind: 'reply', id: frame.id, reply })}\n`);
  serve.answered();
};

const attend = (socket: Socket, serve: Serve): void => {
  let rest = '';
  socket.setEncoding('utf8');
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop()!;
    if (rest.length > LONGEST_LINE) socket.destroy();
    for (const line of lines)
      answer(line, socket, serve).catch((error: unknown) => {
        serve.log(`a request failed: ${(error as Error).stack ?? error}`);
        socket.destroy();
      });
  });
};

/**
 * Listens on the socket, which appears under its name only when it is ready. The lock is held by us, so a file that
 * lies there already is a dead one's.
 */
export const openServer = async (path: string, serve: Serve): Promise<{ close(goodbye: string): Promise<void> }> => {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket.once('close', () => sockets.delete(socket)));
    attend(socket, serve);
  });
  const early = `${path}.${process.pid}`;
  const mask = process.umask(0o077);
  try {
    await rm(early, { force: true });
    server.listen(early);
    await once(server, 'listening');
  } finally {
    process.umask(mask);
  }
  await rename(early, path);
  return {
    close: async (goodbye) => {
      await rm(path, { force: true });
      server.close();
      for (const socket of sockets) socket.end(`${JSON.stringify({ kind: 'bye', why: goodbye })}\n`);
      await once(server, 'close');
    },
  };
};
