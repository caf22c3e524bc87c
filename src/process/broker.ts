import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '../lib/errors.ts';
import type { Exit, Processes, ProcessRequest } from '../ports/index.ts';
import { brokerLost, processesClosed } from './errors.ts';
import { takeBroker } from './fork-broker.ts';
import type { Answer, Order } from './messages.ts';
import { type Running, start } from './run.ts';

type Waiting = {
  readonly file: string;
  readonly resolve: (exit: Exit) => void;
  readonly reject: (error: Error) => void;
};

/** Longer than what the broker ends takes to be gone, in milliseconds. */
const LEAVE_MS = 5000;

/** Something that runs one request; the broker in another process, or this process itself. */
type Engine = { start(request: ProcessRequest): Running; close(): Promise<void> };

const answered = (waiting: Waiting, answer: Answer): void => {
  if (answer.kind === 'exit') waiting.resolve(answer.exit);
  else waiting.reject(new AppError(answer.code, answer.exit, answer));
};

/** One life of the broker: from its fork to its end. `alive` turns false as soon as it cannot take orders any more. */
const openBroker = () => {
  const { child, spawned } = takeBroker();
  const waiting = new Map<number, Waiting>();
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  let next = 1;
  let alive = true;
  let why: (waiting: { file: string }) => Error = brokerLost;
  const lose = () => {
    alive = false;
    for (const one of waiting.values()) one.reject(why(one));
    waiting.clear();
  };
  child.on('message', (message) => {
    const answer = message as Answer;
    const one = waiting.get(answer.id);
    waiting.delete(answer.id);
    if (one) answered(one, answer);
  });
  child.once('disconnect', lose);
  child.once('error', lose);
  // A write that fails because it has just died is reported by the end of the line itself.
  const send = (order: Order) => void (child.connected && child.send(order, () => {}));
  return {
    spawned,
    isAlive: () => alive,
    start: (request: ProcessRequest): Running => {
      const id = next++;
      const ended = new Promise<Exit>((resolve, reject) => {
        waiting.set(id, { file: request.file, resolve, reject });
        send({ kind: 'run', id, request });
      });
      return { ended, kill: () => send({ kind: 'kill', id }) };
    },
    close: async (): Promise<void> => {
      why = processesClosed;
      if (child.connected) child.disconnect();
      // What is to outlive us would hold us up for as long as it takes.
      await Promise.race([gone, pause(LEAVE_MS, undefined, { ref: false })]);
    },
  };
};

const forkedEngine = async (): Promise<Engine> => {
  let broker = openBroker();
  await broker.spawned;
  return {
    start: (request) => {
      if (!broker.isAlive()) broker = openBroker();
      return broker.start(request);
    },
    close: () => broker.close(),
  };
};

const directEngine = (): Engine => {
  const running = new Set<Running>();
  return {
    start: (request) => {
      const child = start(request);
      running.add(child);
      const forget = () => void running.delete(child);
      child.ended.then(forget, forget);
      return child;
    },
    close: async () => {
      for (const child of running) child.kill();
      await Promise.allSettled([...running].map((child) => child.ended));
    },
  };
};

const ourEnvironment = (): Record<string, string> =>
  Object.fromEntries(Object.entries(process.env).filter((pair): pair is [string, string] => pair[1] !== undefined));

/**
 * Starts processes through a small helper process, because a start blocks the starter the longer the more memory it has.
 * Without `forked` they are children of this process. Disposing ends what still runs.
 */
export const openProcesses = async (options: { forked?: boolean } = {}): Promise<Processes> => {
  const engine = (options.forked ?? true) ? await forkedEngine() : directEngine();
  let started = 0;
  let closed = false;
  return {
    get started() {
      return started;
    },
    run: async (request, signal) => {
      if (closed) throw processesClosed({ file: request.file });
      signal?.throwIfAborted();
      started += 1;
      const { ended, kill } = engine.start({ ...request, env: request.env ?? ourEnvironment() });
      signal?.addEventListener('abort', kill, { once: true });
      try {
        const exit = await ended;
        signal?.throwIfAborted();
        return exit;
      } finally {
        signal?.removeEventListener('abort', kill);
      }
    },
    [Symbol.asyncDispose]: async () => {
      closed = true;
      await engine.close();
    },
  };
};
