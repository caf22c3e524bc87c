import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** One connection to the daemon: JSON objects as lines, in both directions. */
export type Connection = {
  send(frame: object): void;
  /** Called with each object that arrives; nothing is lost that came before it was set. */
  onFrame(listener: (frame: Record<string, unknown>) => void): void;
  /** Reads no more until `resume`: the other side waits then, and what it has sent already still comes. */
  pause(): void;
  resume(): void;
  readonly closed: Promise<void>;
  close(): void;
};

const overLines = (socket: Socket, take: (line: string) => void): void => {
  let rest = '';
  socket.setEncoding('utf8');
  socket.on('data', (chunk: string) => {
    // A state of many tasks comes in many pieces: what was searched once is not searched again.
    if (!chunk.includes('\n')) {
      rest += chunk;
      return;
    }
    const lines = (rest + chunk).split('\n');
    rest = lines.pop()!;
    for (const line of lines) take(line);
  });
};

/** Connects to the socket; rejects with the system's error when nobody listens there. */
export const openConnection = async (path: string): Promise<Connection> => {
  const socket = connect(path);
  await once(socket, 'connect');
  const early: Record<string, unknown>[] = [];
  let take = (frame: Record<string, unknown>): void => void early.push(frame);
  overLines(socket, (line) => take(JSON.parse(line)));
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  socket.on('error', () => socket.destroy());
  socket.on('close', () => resolve());
  return {
    send: (frame) => void socket.write(`${JSON.stringify(frame)}\n`),
    onFrame: (listener) => {
      take = listener;
      for (const frame of early.splice(0)) listener(frame);
    },
    pause: () => void socket.pause(),
    resume: () => void socket.resume(),
    closed,
    close: () => socket.destroy(),
  };
};
