import { randomUUID } from 'node:crypto';
import type { AppError } from '../lib/errors.ts';
import type { Paths } from '../lib/paths.ts';
import type { Reply, SwarmClient } from '../ports/swarm.ts';
import type { Identity, Known, OutputFormat, RunFrame } from '../protocol/frame.ts';
import { type AppEvent, emptyState, reduceAll, STATE_FORMAT, type State } from '../state/index.ts';
import type { Connection } from './connection.ts';
import type { Tell } from './current.ts';
import { type DaemonFrame, isDismissal } from './daemon-frame.ts';
import { answerLostBy, noDaemon, otherVersion } from './errors.ts';
import { openLastingConnection } from './lasting-connection.ts';

type Options = {
  paths: Paths;
  env: NodeJS.ProcessEnv;
  view: () => OutputFormat;
  actor: string;
  /** Gets the events that were folded, before anybody hears of the change; null when the state came anew instead. */
  heard?: (events: readonly AppEvent[] | null) => void;
  /** Ends the wait for the first state; what comes later is ended by `close`. */
  signal?: AbortSignal;
  /** Hears, in a sentence for a person, that the daemon was replaced by one of this version. */
  tell?: Tell;
};

/** What a request may say beside its line. */
type Extra = Partial<Pick<RunFrame, 'id' | 'knew' | 'actor' | 'role' | 'confirm' | 'said_at' | 'input'>>;

export type Replica = Omit<SwarmClient, 'run'> & {
  run(text: string, extra?: Extra): Promise<Reply>;
  /** Says a command that nobody typed: no daemon is started for it. Rejects while there is no connection. */
  ask(text: string): Promise<Reply>;
  /** Whom the daemon takes this client for; undefined as long as it has not said so. */
  readonly identity: Identity | undefined;
  /** Lets go of the daemon; requests that wait are answered as lost. */
  close(): void;
};

const frameOf = ({ view, actor }: Options, text: string): RunFrame => {
  const id = randomUUID().slice(0, 13);
  return { v: 1, kind: 'run', id, text, actor, said_at: new Date().toISOString(), view: view() };
};

/** What was known when it was said first; whoever gives it an id may have said it before, here or elsewhere. */
const knewOf = ({ id }: Extra, { seq }: State): Extra => (id === undefined ? { knew: seq } : {});

type Waiting = { readonly frame: RunFrame; readonly resolve: (reply: Reply) => void; wasSent: boolean };

/** Requests that were not answered yet. */
const openWaiting = () => {
  const waiting = new Map<string, Waiting>();
  return {
    /** Says it where there is somebody to hear it; else it waits for who comes. */
    send: (frame: RunFrame, connection: Connection | undefined): Promise<Reply> => {
      connection?.send(frame);
      return new Promise((resolve) => {
        waiting.set(frame.id, { frame, resolve, wasSent: connection !== undefined });
      });
    },
    answer: (id: string, reply: Reply): void => {
      waiting.get(id)?.resolve(reply);
      waiting.delete(id);
    },
    /** Says them again; their ids make that harmless. */
    repeat: (connection: Connection): void => {
      for (const one of waiting.values()) {
        connection.send(one.frame);
        one.wasSent = true;
      }
    },
    /** Answers them with why there is no answer: nobody knows what became of those that were sent. */
    fail: (error: AppError): void => {
      for (const [id, { resolve, wasSent }] of waiting) resolve(lostReply(id, wasSent ? answerLostBy(error) : error));
      waiting.clear();
    },
  };
};

/** Who wants to hear of changes. */
const openListeners = () => {
  const listeners = new Set<() => void>();
  return {
    notify: (): void => {
      for (const listener of listeners) listener();
    },
    subscribe: (listener: () => void): (() => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
};

/** Waits for something until the signal says that nobody waits for it any more. */
const orAborted = async (work: Promise<void>, signal: AbortSignal | undefined): Promise<void> => {
  if (!signal) return work;
  const { promise, reject } = Promise.withResolvers<never>();
  const leave = (): void => reject(noDaemon({ why: 'nobody waits for it any more' }));
  signal.addEventListener('abort', leave, { once: true });
  try {
    await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', leave);
  }
};

/** Waits for what is needed to begin, and puts everything away where it fails. */
const orClosed = async (work: Promise<void>, close: () => void): Promise<void> => {
  try {
    await work;
  } catch (error) {
    close();
    throw error;
  }
};

/** What the daemon has said of the swarm, and of whom it takes this client for. */
const openCopy = ({ heard }: Pick<Options, 'heard'>) => {
  let state: State = emptyState;
  let crc: number | undefined;
  let identity: Identity | undefined;
  const add = (events: readonly AppEvent[], next: number | undefined): void => {
    state = reduceAll(state, events);
    crc = next;
    heard?.(events);
  };
  return {
    get state() {
      return state;
    },
    get identity() {
      return identity;
    },
    /** How far it goes, for a daemon that can say what came after that; undefined where none could. */
    get known(): Known | undefined {
      return crc === undefined ? undefined : { seq: state.seq, crc, format: STATE_FORMAT };
    },
    set: (next: Extract<DaemonFrame, { kind: 'state' }>): void => {
      ({ state, crc } = next);
      heard?.(null);
    },
    take: (frame: DaemonFrame): void => {
      // The fact itself is written after the last frame.
      if (isDismissal(frame)) state = { ...state, swarm: { ...state.swarm, daemon: null } };
      if (frame.kind === 'identity') identity = frame.identity;
      if (frame.kind === 'events' || frame.kind === 'resumed') add(frame.events, frame.crc);
    },
  };
};

/** Keeps since when the daemon is silent. */
const keepSilence = (notify: () => void) => {
  let since: number | null = null;
  return {
    get since() {
      return since;
    },
    tell: (next: number | null): void => {
      since = next;
      notify();
    },
  };
};

/**
 * A copy of the daemon's state that follows by its own fold. When the connection is lost the copy stays readable, a new
 * daemon is started and what was not answered is said again; unless the old daemon said goodbye: then somebody wanted it
 * to end, and only a command starts one.
 */
export const openReplica = async (options: Options): Promise<Replica> => {
  const copy = openCopy(options);
  /** The connection, once its daemon is known to be of our version: to another one nothing is said. */
  let following: Connection | undefined;
  const first = Promise.withResolvers<void>();
  const waiting = openWaiting();
  const { notify, subscribe } = openListeners();
  const silence = keepSilence(notify);
  const giveUp = (why: AppError): void => {
    waiting.fail(why);
    first.reject(why);
  };
  const follow = (connection: Connection): void => {
    following = connection;
    waiting.repeat(connection);
  };
  const takeState = (connection: Connection, frame: Extract<DaemonFrame, { kind: 'state' }>): void => {
    // The fold would go wrong on records of another shape, in ways that nobody foresees.
    if (frame.format !== STATE_FORMAT) {
      connection.close(otherVersion({ theirs: frame.format, ours: STATE_FORMAT }));
      return;
    }
    copy.set(frame);
    first.resolve();
    follow(connection);
  };
  const lasting = openLastingConnection(options, {
    joined: (connection) => {
      const { known } = copy;
      connection.send({ v: 1, kind: 'subscribe', actor: options.actor, ...(known && { after: known }) });
      notify();
      return (frame) => {
        if (frame.kind === 'reply') return waiting.answer(frame.id, frame.reply);
        if (frame.kind === 'state') takeState(connection, frame);
        else copy.take(frame);
        if (frame.kind === 'resumed') follow(connection);
        notify();
      };
    },
    silent: silence.tell,
    lost: (dismissed) => {
      following = undefined;
      if (dismissed) giveUp(noDaemon({ why: 'it was told to end' }));
      notify();
    },
    failed: giveUp,
  });
  const close = () => {
    lasting.close();
    waiting.fail(noDaemon({ why: 'the connection was closed' }));
  };
  await orClosed(
    lasting.connect().then(() => orAborted(first.promise, options.signal)),
    close,
  );
  return {
    get state() {
      return copy.state;
    },
    get identity() {
      return copy.identity;
    },
    get connected() {
      return lasting.connection !== undefined;
    },
    get silentSince() {
      return silence.since;
    },
    subscribe,
    run: async (text, extra = {}) => {
      if (!lasting.connection) await lasting.connect();
      return waiting.send({ ...frameOf(options, text), ...knewOf(extra, copy.state), ...extra }, following);
    },
    ask: async (text) => {
      if (!lasting.connection) throw noDaemon({ why: 'there is no connection to it' });
      return waiting.send(frameOf(options, text), following);
    },
    close,
  };
};

const lostReply = (id: string, { message, hint, exit }: AppError): Reply => {
  const empty = { text: message, data: null, sideEffects: [], elapsedMs: 0, confirm: null };
  return { exit, message, hint, correlation: id, ...empty };
};
