import { traceOf } from '../../lib/errors.ts';
import type { Store } from '../../ports/index.ts';
import type { AppEvent, State } from '../index.ts';

type Listener = Parameters<Store['subscribe']>[0];

export type Watchers = Pick<Store, 'subscribe' | 'until'> & {
  notify(events: readonly AppEvent[], state: State): void;
  /** Nothing more will come: whoever waits for a state gets this error. */
  end(error: Error): void;
};

/** Listeners hear what became durable. One that throws is a bug, which is told: the others still hear, and all goes on. */
export const makeWatchers = (now: () => State, complain: (line: string) => void): Watchers => {
  const listeners = new Set<Listener>();
  const waiting = new Set<(error: Error) => void>();
  let ended: Error | undefined;

  const subscribe = (listener: Listener) => {
    const own: Listener = (events, state) => listener(events, state); // The same function may subscribe twice.
    listeners.add(own);
    return () => void listeners.delete(own);
  };

  const notify = (events: readonly AppEvent[], state: State) => {
    for (const listener of [...listeners]) {
      try {
        if (listeners.has(listener)) listener(events, state);
      } catch (error) {
        complain(`who was told of a change failed at it: ${traceOf(error)}`);
      }
    }
  };

  const until = async (condition: (state: State) => boolean, signal?: AbortSignal): Promise<State> => {
    signal?.throwIfAborted();
    if (condition(now())) return now();
    if (ended) throw ended;
    const { promise, resolve, reject } = Promise.withResolvers<State>();
    const stop = subscribe((_events, state) => {
      try {
        if (condition(state)) resolve(state);
      } catch (error) {
        reject(error);
      }
    });
    const aborted = () => reject(signal?.reason);
    signal?.addEventListener('abort', aborted, { once: true });
    waiting.add(reject);
    try {
      return await promise;
    } finally {
      stop();
      signal?.removeEventListener('abort', aborted);
      waiting.delete(reject);
    }
  };

  return {
    subscribe,
    notify,
    until,
    end: (error) => {
      ended ??= error;
      for (const reject of [...waiting]) reject(ended);
    },
  };
};
