import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Paths } from '../lib/paths.ts';
import type { Reply, SwarmClient } from '../ports/swarm.ts';
import type { View } from '../protocol/frame.ts';
import { type AppEvent, emptyState, reduce, type State } from '../state/index.ts';
import type { Connection } from './connection.ts';
import { noDaemon } from './errors.ts';
import { connectOrStart, tryConnect } from './start.ts';

type Options = { paths: Paths; env: NodeJS.ProcessEnv; view: () => View; actor: string };

const RETRY_MS = 500;

/**
 * A copy of the daemon's state that follows by its own fold. When the connection is lost it stays readable and a new
 * daemon is started, unless the old one said goodbye: then somebody wanted it to end, and only a command starts it.
 */
export const openReplica = async ({ paths, env, view, actor }: Options): Promise<SwarmClient & { close(): void }> => {
  let state: State = emptyState;
  let connection: Connection | undefined;
  let closed = false;
  let dismissed = false;
  const listeners = new Set<() => void>();
  const waiting = new Map<string, (reply: Reply) => void>();
  const changed = () => {
    for (const listener of listeners) listener();
  };

  const take = (frame: Record<string, unknown>): void => {
    if (frame['kind'] === 'reply') {
      waiting.get(String(frame['id']))?.(frame['reply'] as Reply);
      waiting.delete(String(frame['id']));
      return;
    }
    if (frame['kind'] === 'bye') dismissed = true;
    if (frame['kind'] === 'state') state = frame['state'] as State;
    if (frame['kind'] === 'events') state = (frame['events'] as AppEvent[]).reduce(reduce, state);
    changed();
  };

  const lost = () => {
    connection = undefined;
    for (const [id, resolve] of waiting) resolve(lostReply(id));
    waiting.clear();
    changed();
    if (!closed) void reconnect();
  };

  const join = (next: Connection): void => {
    connection = next;
    dismissed = false;
    next.onFrame(take);
    next.send({ v: 1, kind: 'subscribe' });
    void next.closed.then(lost);
    changed();
  };

  const reconnect = async (): Promise<void> => {
    while (!closed && connection === undefined) {
      const next = await (dismissed ? tryConnect(paths) : connectOrStart(paths, env)).catch(() => undefined);
      if (next && !connection) return join(next);
      await pause(RETRY_MS, undefined, { ref: false });
    }
  };

  join(await connectOrStart(paths, env));
  await new Promise<void>((resolve) => {
    const first = () => {
      if (state.seq === 0) return;
      listeners.delete(first);
      resolve();
    };
    listeners.add(first);
  });

  return {
    get state() {
      return state;
    },
    get connected() {
      return connection !== undefined;
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    run: async (text, options = {}) => {
      if (!connection) join(await connectOrStart(paths, env));
      const id = randomUUID().slice(0, 13);
      const { promise, resolve } = Promise.withResolvers<Reply>();
      waiting.set(id, resolve);
      connection!.send({ v: 1, kind: 'run', id, text, actor, view: view(), ...options });
      return promise;
    },
    close: () => {
      closed = true;
      connection?.close();
    },
  };
};

const lostReply = (id: string): Reply => {
  const { message, hint, exit } = noDaemon({ why: 'the connection was lost before the answer came' });
  const empty = { text: message, data: null, sideEffects: [], elapsedMs: 0, confirm: null };
  return { exit, message, hint, correlation: id, ...empty };
};
