import { once } from 'node:events';
import { chmod, rename, rm } from 'node:fs/promises';
import { createServer, type Server as NetServer, type Socket } from 'node:net';
import type { Store } from '../../ports/index.ts';
import type { Traffic } from '../../ports/machine.ts';
import type { Reply } from '../../ports/swarm.ts';
import { type RunFrame, readClientFrame, type SubscribeFrame } from '../../protocol/frame.ts';

/** A client that does not read is let go when so much waits for it, in bytes; it can come back and ask for the rest. */
const MOST_WAITING = 32 * 1024 * 1024;
/** How long a client may take to say goodbye as well. */
const GOODBYE_MS = 500;
const LONGEST_LINE = 4 * 1024 * 1024;

type Serve = {
  store: Store;
  run: (frame: RunFrame) => Promise<Reply>;
  /** Called when an answer was handed to the client: a command that ends the daemon ends it then, not before. */
  answered: (correlation: string) => void;
  log: (line: string) => void;
  /** Overrides how many bytes may wait for a client. */
  mostWaiting?: number;
  /** Hears of each client that follows the events. */
  followed?: (socket: Socket) => void;
};

export type Server = {
  close(goodbye: string): Promise<void>;
  /** How many are connected, follow, and wait for an answer now, and what they have not read yet. */
  traffic(): Omit<Traffic, 'spooled'>;
};

const subscribe = (socket: Socket, frame: SubscribeFrame, serve: Serve): void => {
  const { store } = serve;
  serve.followed?.(socket);
  const send = (what: object): boolean => {
    if (socket.destroyed) return true;
    if (socket.writableLength > (serve.mostWaiting ?? MOST_WAITING)) socket.destroy();
    return socket.destroyed || socket.write(`${JSON.stringify(what)}\n`);
  };
  const live = () =>
    void socket.once(
      'close',
      store.subscribe((events) => void send({ kind: 'events', events })),
    );
  if (frame.from !== undefined)
    return void replay(socket, frame.from, { store, send, live }).catch((error: unknown) => {
      serve.log(`past events could not be read: ${(error as Error).message}`);
      socket.destroy();
    });
  send({ kind: 'state', state: store.state });
  live();
};

type Replay = { store: Store; send: (what: object) => boolean; live: () => void };

/** What happened before, as fast as the client reads it, and then without a gap what happens. */
const replay = async (socket: Socket, from: number, { store, send, live }: Replay): Promise<void> => {
  for (let next = from; next <= store.state.seq; ) {
    const until = store.state.seq;
    for await (const event of store.events(next)) {
      if (socket.destroyed) return;
      if (!send({ kind: 'events', events: [event] }))
        await Promise.race([once(socket, 'drain'), once(socket, 'close')]);
      next = event.seq + 1;
      if (event.seq >= until) break;
    }
    if (next <= until) break; // Older ones than are kept: there is nothing more to come.
  }
  if (!socket.destroyed) live();
};

const answer = async (line: string, socket: Socket, serve: Serve): Promise<void> => {
  if (line.trim() === '') return;
  const frame = readClientFrame(line);
  if (!frame)
    return void socket.end(`${JSON.stringify({ kind: 'refused', message: 'not a frame of this version' })}\n`);
  if (frame.kind === 'subscribe') return subscribe(socket, frame, serve);
  const reply = await serve.run(frame);
  // Somebody who spoke in words is answered in words.
  if (frame.id === '' && !line.startsWith('{')) socket.write(`${reply.text}${reply.hint ? `\n${reply.hint}` : ''}\n`);
  else socket.write(`${JSON.stringify({ kind: 'reply', id: frame.id, reply })}\n`);
  serve.answered(reply.correlation);
};

const attend = (socket: Socket, serve: Serve): ReadonlySet<Promise<void>> => {
  let rest = '';
  const open = new Set<Promise<void>>();
  const take = (line: string): void => {
    const job: Promise<void> = answer(line, socket, serve)
      .catch((error: unknown) => {
        serve.log(`a request failed: ${(error as Error).stack ?? error}`);
        socket.destroy();
      })
      .finally(() => open.delete(job));
    open.add(job);
  };
  socket.setEncoding('utf8');
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop()!;
    if (rest.length > LONGEST_LINE) socket.destroy();
    for (const line of lines) take(line);
  });
  // `echo status | nc -U …` says all it has to say and then waits for the answer.
  socket.on('end', () => {
    take(rest);
    void Promise.all(open).then(() => socket.end());
  });
  return open;
};

/**
 * Listens on the socket, which appears under its name only when it is ready. The lock is held by us, so a file that
 * lies there already is a dead one's.
 */
export const openServer = async (path: string, serve: Serve): Promise<Server> => {
  const sockets = new Map<Socket, ReadonlySet<Promise<void>>>();
  const followers = new WeakSet<Socket>();
  const followed = (socket: Socket) => void followers.add(socket);
  const server: NetServer = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.set(
      socket.once('close', () => sockets.delete(socket)),
      attend(socket, { ...serve, followed }),
    );
  });
  const early = `${path}.${process.pid}`;
  const mask = process.umask(0o177);
  try {
    await rm(early, { force: true });
    server.listen(early);
    await once(server, 'listening');
  } finally {
    process.umask(mask);
  }
  await chmod(early, 0o600);
  await rename(early, path);
  return {
    traffic: () => {
      const all = [...sockets];
      return {
        clients: all.length,
        followers: all.filter(([socket]) => followers.has(socket)).length,
        requests: all.reduce((sum, [, open]) => sum + open.size, 0),
        waiting_bytes: all.reduce((sum, [socket]) => sum + socket.writableLength, 0),
      };
    },
    close: async (goodbye) => {
      await rm(path, { force: true });
      server.close();
      for (const socket of sockets.keys())
        socket.end(`${JSON.stringify({ kind: 'bye', why: goodbye })}\n`, () => socket.destroy());
      // A client that was stopped (Ctrl-Z) says nothing any more, and nobody waits for it.
      const impatient = setTimeout(() => {
        for (const socket of sockets.keys()) socket.destroy();
      }, GOODBYE_MS);
      await once(server, 'close');
      clearTimeout(impatient);
    },
  };
};
