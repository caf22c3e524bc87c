import type { Reply } from '../../../src/ports/swarm.ts';
import { STATE_FORMAT } from '../../../src/state/index.ts';
import type { HistoryAnswer, ServerFrame, Snapshot } from '../../../src/web/wire.ts';
import { ApiError, api } from './api.ts';
import { type EventsSocket, openEventsSocket } from './events-socket.ts';
import { type Forecasts, openForecasts } from './forecasts.ts';
import { openStateSaver, readLastState } from './last-state.ts';
import { type Keyboard, openKeyboard } from './keyboard.ts';
import { openListeners } from './listeners.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { openQueryHub, type QueryHub } from './query-hub.ts';
import { makeSwarmKeeper, type SwarmView } from './swarm-view.ts';
import { openTerminalFeed, type TerminalFeed } from './terminal-feed.ts';

export type SwarmStore = {
  /** Null before the first state is there. */
  readonly view: SwarmView | null;
  /** Why there is none. */
  readonly trouble: ApiError | null;
  subscribe(listener: () => void): () => void;
  say(line: string, options?: { confirm?: string }): Promise<Reply>;
  readonly queries: QueryHub;
  readonly forecasts: Forecasts;
  readonly terminals: TerminalFeed;
  readonly keyboard: Keyboard;
  /** How it was before the page was opened. */
  history(): Promise<HistoryAnswer>;
  close(): void;
};

type Options = {
  readonly repo: string;
  /** The session has ended. */
  readonly onEnded: () => void;
};

const RETRY_MS = 3000;

const lineId = (): string => Array.from(crypto.getRandomValues(new Uint8Array(9)), (one) => one.toString(36)).join('');

type Takers = { readonly [K in ServerFrame['kind']]: (frame: Extract<ServerFrame, { readonly kind: K }>) => void };

type Parts = {
  readonly keeper: ReturnType<typeof makeSwarmKeeper>;
  readonly terminals: TerminalFeed;
  readonly keyboard: Keyboard;
  readonly load: () => void;
};

/** What each kind of frame does. */
const takersOf = ({ keeper, terminals, keyboard, load }: Parts): Takers => ({
  events: ({ events }) => {
    if (!keeper.fold(events)) load();
  },
  resync: load,
  daemon: (daemon) => keeper.hear({ daemon }),
  resources: (frame) => keeper.takeUses(frame.rows),
  screen: terminals.take,
  log: terminals.take,
  'log-ended': terminals.take,
  typing: keyboard.hear,
  hello: ({ seq }) => {
    // The journal has fewer events than this page: it is another one.
    if (seq < (keeper.view?.state.seq ?? 0)) load();
    keeper.hear({ link: 'live' });
  },
  pong: () => keeper.hear(),
  refused: () => keeper.hear(),
});

/** What is asked for when the connection is there, and what ends with it. */
const linkTaker =
  ({ keeper, terminals, keyboard }: Parts, send: EventsSocket['send']) =>
  (isOpen: boolean): void => {
    if (!isOpen) {
      keyboard.end('the connection is gone');
      keeper.change({ link: 'lost' });
      return;
    }
    send({ kind: 'resources', on: true });
    terminals.renew();
  };

/** Shows what was known last, where nothing newer has come meanwhile. */
const showLast = async (repo: string, keeper: Parts['keeper']): Promise<void> => {
  const last = await readLastState(repo).catch(() => null);
  if (last && !keeper.view && last.snapshot.format === STATE_FORMAT) keeper.takeOld(last);
};

/** The state as it is; undefined where it is for a newer page, which is loaded then. */
const stateNow = async (repo: string, { expect }: Parts['keeper']): Promise<Snapshot | undefined> => {
  expect();
  const snapshot = await api.state(repo);
  if (snapshot.format === STATE_FORMAT) return snapshot;
  window.location.reload();
  return undefined;
};

/**
 * A copy of the swarm's state in the browser that follows by the same fold as everywhere. While the connection is lost it
 * stays readable; a gap in the events makes it ask for the whole state.
 */
export const openSwarmStore = ({ repo, onEnded }: Options): SwarmStore => {
  const { notify, subscribe } = openListeners();
  const saver = openStateSaver(repo);
  let trouble: ApiError | null = null;
  let socket: EventsSocket | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let closed = false;
  const queries = openQueryHub({ ask: (line) => api.command({ repo, line }), onAnswer: notify });
  const forecasts = openForecasts({ ask: async (line) => (await api.complete(repo, line)).hint, onAnswer: notify });
  const keeper = makeSwarmKeeper((view) => {
    notify();
    queries.refresh(view.state.seq);
    if (view.link === 'live') saver.keep(view);
  });
  const send: EventsSocket['send'] = (frame) => socket?.send(frame);
  const terminals = openTerminalFeed(send);
  const keyboard = openKeyboard({ send, onChange: notify });

  const connect = (): void => {
    const parts: Parts = { keeper, terminals, keyboard, load: () => void load() };
    const takers = takersOf(parts);
    socket ??= openEventsSocket({
      repo,
      since: () => keeper.view?.state.seq ?? 0,
      onFrame: (frame) => {
        if (Object.hasOwn(takers, frame.kind)) takers[frame.kind](frame as never);
      },
      onLink: linkTaker(parts, send),
      onEnded,
    });
  };
  const fail = async (error: unknown): Promise<void> => {
    if (!(error instanceof ApiError)) throw error;
    if (error.status === 401) return onEnded();
    trouble = error;
    if (!keeper.view) await showLast(repo, keeper);
    notify();
    if (!closed) retry = setTimeout(load, RETRY_MS);
  };
  const load = oneAtATime(async () => {
    clearTimeout(retry);
    try {
      const snapshot = await stateNow(repo, keeper);
      if (closed || !snapshot) return false;
      trouble = null;
      const isWhole = keeper.take(snapshot);
      connect();
      return !isWhole;
    } catch (error) {
      await fail(error);
      return false;
    }
  });
  void load();
  return {
    get view() {
      return keeper.view;
    },
    get trouble() {
      return trouble;
    },
    ...{ subscribe, queries, forecasts, terminals, keyboard, history: () => api.history(repo) },
    say: (line, { confirm } = {}) => {
      const said_at = new Date(keeper.now()).toISOString();
      return api.command({ repo, line, id: lineId(), said_at, ...(confirm ? { confirm } : {}) });
    },
    close: () => {
      closed = true;
      clearTimeout(retry);
      socket?.close();
      queries.close();
      saver.close();
    },
  };
};
