import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '../lib/errors.ts';
import type { Paths } from '../lib/paths.ts';
import type { Reply, SwarmClient } from '../ports/swarm.ts';
import type { OutputFormat, RunFrame } from '../protocol/frame.ts';
import { type AppEvent, emptyState, reduceAll, type State } from '../state/index.ts';
import type { Connection } from './connection.ts';
import { noDaemon } from './errors.ts';
import { connectOrStart, tryConnect } from './start.ts';

type Options = { paths: Paths; env: NodeJS.ProcessEnv; view: () => OutputFormat; actor: string };

export type Replica = SwarmClient & {
  /** Says a command that nobody typed: no daemon is started for it. Rejects while there is no connection. */
  ask(text: string): Promise<Reply>;
  /** Lets go of the daemon; requests that wait are answered as lost. */
  close(): void;
};

/** Pauses between tries to find a daemon again: starting one that cannot start costs a process each time. */
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 8000;

/** Requests that were sent and not answered yet. */
const openWaiting = () => {
  const waiting = new Map<string, { frame: RunFrame; resolve: (reply: Reply) => void }>();
  return {
    add: (frame: RunFrame): Promise<Reply> => new Promise((resolve) => void waiting.set(frame.id, { frame, resolve })),
    answer: (id: string, reply: Reply): void => {
      waiting.get(id)?.resolve(reply);
      waiting.delete(id);
    },
    /** Says them again; their ids make that harmless. */
    repeat: (connection: Connection): void => {
      for (const { frame } of waiting.values()) connection.send(frame);
    },
    fail: (error: AppError): void => {
      for (const [id, { resolve }] of waiting) resolve(lostReply(id, error));
      waiting.clear();
    },
  };
};

type On = {
  joined(to: Connection): void;
  /** The connection is gone; `dismissed` when the daemon had said goodbye. */
  lost(dismissed: boolean): void;
  /** No daemon could be started. */
  failed(why: AppError): void;
};

/** Holds one connection at a time and finds the next when it is lost. */
const openLine = ({ paths, env }: Options, on: On) => {
  let connection: Connection | undefined;
  let connecting: Promise<void> | undefined;
  let closed = false;
  let dismissed = false;

  const join = (next: Connection): void => {
    if (closed || connection) {
      next.close();
      return;
    }
    connection = next;
    dismissed = false;
    on.joined(next);
    void next.closed.then(() => {
      connection = undefined;
      on.lost(dismissed);
      if (!closed) void find();
    });
  };
  /** Connects, once however many ask for it. */
  const connect = (): Promise<void> => {
    connecting ??= connectOrStart(paths, env)
      .then(join)
      .finally(() => {
        connecting = undefined;
      });
    return connecting;
  };
  const look = async (): Promise<void> => {
    if (!dismissed) return connect();
    const found = await tryConnect(paths);
    if (found) join(found);
  };
  const find = async (): Promise<void> => {
    for (let ms = FIRST_PAUSE_MS; !closed && !connection; ms = Math.min(ms * 2, LONGEST_PAUSE_MS)) {
      await look().catch((error: unknown) =>
        on.failed(error instanceof AppError ? error : noDaemon({ why: String(error) })),
      );
      if (!closed && !connection) await pause(dismissed ? FIRST_PAUSE_MS : ms, undefined, { ref: false });
    }
  };
  return {
    get connection() {
      return connection;
    },
    connect,
    dismiss: () => {
      dismissed = true;
    },
    close: () => {
      closed = true;
      connection?.close();
    },
  };
};

/**
 * A copy of the daemon's state that follows by its own fold. When the connection is lost it stays readable, a new
 * daemon is started and what was not answered is said again; unless the old one said goodbye: then somebody wanted it
 * to end, and only a command starts it.
 */
export const openReplica = async (options: Options): Promise<Replica> => {
  const { view, actor } = options;
  let state: State = emptyState;
  const first = Promise.withResolvers<void>();
  const listeners = new Set<() => void>();
  const waiting = openWaiting();
  const changed = () => {
    for (const listener of listeners) listener();
  };
  const give = (up: AppError): void => {
    waiting.fail(up);
    first.reject(up);
  };
  const take = (frame: Record<string, unknown>): void => {
    if (frame['kind'] === 'reply') {
      waiting.answer(String(frame['id']), frame['reply'] as Reply);
      return;
    }
    if (frame['kind'] === 'bye') {
      line.dismiss();
      // The fact itself is written after the last frame.
      state = { ...state, swarm: { ...state.swarm, daemon: null } };
    }
    if (frame['kind'] === 'state') state = frame['state'] as State;
    if (frame['kind'] === 'state') first.resolve();
    if (frame['kind'] === 'events') state = reduceAll(state, frame['events'] as AppEvent[]);
    changed();
  };
  const line = openLine(options, {
    joined: (connection) => {
      connection.onFrame(take);
      connection.send({ v: 1, kind: 'subscribe' });
      waiting.repeat(connection);
      changed();
    },
    lost: (dismissed) => {
      if (dismissed) give(noDaemon({ why: 'it ended before it answered' }));
      changed();
    },
    failed: give,
  });
  const close = () => {
    line.close();
    waiting.fail(noDaemon({ why: 'the connection was closed' }));
  };
  try {
    await line.connect();
    await first.promise;
  } catch (error) {
    close();
    throw error;
  }
  const send = (connection: Connection | undefined, text: string, extra: { confirm?: string }): Promise<Reply> => {
    const frame: RunFrame = { v: 1, kind: 'run', id: randomUUID().slice(0, 13), text, actor, view: view(), ...extra };
    const answered = waiting.add(frame);
    connection?.send(frame);
    return answered;
  };
  return {
    get state() {
      return state;
    },
    get connected() {
      return line.connection !== undefined;
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    run: async (text, extra = {}) => {
      if (!line.connection) await line.connect();
      return send(line.connection, text, extra);
    },
    ask: async (text) => {
      if (!line.connection) throw noDaemon({ why: 'there is no connection to it' });
      return send(line.connection, text, {});
    },
    close,
  };
};

const lostReply = (id: string, { message, hint, exit }: AppError): Reply => {
  const empty = { text: message, data: null, sideEffects: [], elapsedMs: 0, confirm: null };
  return { exit, message, hint, correlation: id, ...empty };
};
