import { isDeepStrictEqual } from 'node:util';
import type { Replica } from '../../client/replica.ts';
import type { Reply } from '../../ports/swarm.ts';
import type { AppEvent, State } from '../../state/index.ts';
import type { DaemonPresence } from '../wire.ts';
import type { ServedRepository } from './served-repository.ts';

/** How the daemon is while nobody is connected with it. */
const AWAY: DaemonPresence = { connected: false, silentSince: null, identity: null };
/** The connection is given up when nobody has looked for so long, in milliseconds. */
const IDLE_MS = 30_000;
/** So many of the latest events are kept, for those who come back after a lost connection. */
const KEPT = 2000;

/** What is told to those who look on. */
export type News =
  /** A frame as text, made once for everybody, and the number of the last event in it. */
  | { readonly kind: 'events'; readonly text: string }
  | { readonly kind: 'lost' }
  | { readonly kind: 'presence'; readonly presence: DaemonPresence };

/** A line with who says it; by its id it is known again when it is repeated. */
type Said = {
  readonly line: string;
  readonly extra: NonNullable<Parameters<Replica['run']>[1]> & { readonly id: string };
};

/** A repository's swarm, for all who look at it: one connection with its daemon, and none while nobody does. */
export type Hub = {
  readonly repository: ServedRepository;
  /** Connects where there is no connection yet; resolves with the state. */
  state(): Promise<State>;
  readonly presence: DaemonPresence;
  /** The number of the last event that was told to those who look on. */
  readonly told: number;
  /** Tells everything from now on. Gives the way to stop. */
  watch(tell: (news: News) => void): () => void;
  /** The events after a number up to `told`; undefined where they cannot be had any more. */
  since(seq: number): Promise<readonly AppEvent[] | undefined>;
  /** Says a line; the same id while it is under way gets the same answer. */
  run(said: Said): Promise<Reply>;
  close(): void;
};

/** The latest events, in order and without a gap. */
const makeRecent = () => {
  let recent: readonly AppEvent[] = [];
  return {
    add: (events: readonly AppEvent[]): void => {
      const isNext = recent.length === 0 || events[0]?.seq === recent.at(-1)!.seq + 1;
      recent = [...(isNext ? recent : []), ...events].slice(-KEPT);
    },
    /** Those between two numbers; undefined when some of them are not kept. */
    between: (after: number, until: number): readonly AppEvent[] | undefined => {
      if (after >= until) return [];
      const [first] = recent;
      if (!first || first.seq > after + 1 || recent.at(-1)!.seq < until) return undefined;
      return recent.slice(after + 1 - first.seq, until + 1 - first.seq);
    },
  };
};

const framed = (events: readonly AppEvent[]): string => JSON.stringify({ kind: 'events', events });

/** Tells listeners one thing after the other, and what is found out late in its turn. */
const makeTeller = (repository: ServedRepository) => {
  const listeners = new Set<(news: News) => void>();
  const recent = makeRecent();
  let told = 0;
  let turn: Promise<void> = Promise.resolve();
  let isWaiting = false;
  const tell = (news: News): void => {
    for (const listener of [...listeners]) listener(news);
  };
  const tellEvents = (events: readonly AppEvent[]): void => {
    const news = events.filter(({ seq }) => seq > told);
    const last = news.at(-1);
    if (!last) return;
    recent.add(news);
    told = last.seq;
    if (listeners.size > 0) tell({ kind: 'events', text: framed(news) });
  };
  const inTurn = (work: () => void | Promise<void>): void => {
    if (!isWaiting) {
      const going = work();
      if (!going) return;
      isWaiting = true;
      turn = going;
    } else turn = turn.then(work);
    const mine = turn;
    void mine.finally(() => {
      if (turn === mine) isWaiting = false;
    });
  };
  /** The state came anew: what happened before it is told as well, or that it is lost. */
  const catchUp = async (seq: number): Promise<void> => {
    const missed = told > seq ? undefined : await repository.past(told, seq).catch(() => undefined);
    if (missed) return tellEvents(missed);
    told = seq;
    tell({ kind: 'lost' });
  };
  return {
    listeners,
    recent,
    get told() {
      return told;
    },
    tell,
    hear: (events: readonly AppEvent[]): void => inTurn(() => tellEvents(events)),
    /** A state with this number is what events go on from. */
    begin: (seq: number): void => {
      if (listeners.size > 0 && told > 0 && told !== seq) inTurn(() => catchUp(seq));
      else told = seq;
    },
  };
};

/** Keeps the one connection with a daemon, while anybody needs it. */
const keepReplica = (repository: ServedRepository, teller: ReturnType<typeof makeTeller>) => {
  let replica: Replica | undefined;
  let opening: Promise<Replica> | undefined;
  let presence = AWAY;
  let isClosed = false;

  const notePresence = (next: DaemonPresence): void => {
    if (isDeepStrictEqual(next, presence)) return;
    presence = next;
    teller.tell({ kind: 'presence', presence });
  };
  const letGo = (): void => {
    replica?.close();
    replica = undefined;
    opening = undefined;
    notePresence(AWAY);
  };
  const open = async (): Promise<Replica> => {
    const opened = await repository.open((events) => {
      if (events) teller.hear(events);
      // The first state is begun with below: nobody has the replica yet.
      else if (replica) teller.begin(replica.state.seq);
    });
    replica = opened;
    teller.begin(opened.state.seq);
    const look = (): void => {
      const { connected, silentSince, identity = null } = opened;
      if (replica === opened) notePresence({ connected, silentSince, identity });
    };
    opened.subscribe(look);
    look();
    if (isClosed) letGo();
    return opened;
  };
  return {
    get presence() {
      return presence;
    },
    reach: (): Promise<Replica> => {
      opening ??= open().catch((error: unknown) => {
        opening = undefined;
        throw error;
      });
      return opening;
    },
    letGo,
    close: (): void => {
      isClosed = true;
      letGo();
    },
  };
};

export const openHub = (repository: ServedRepository, idleMs = IDLE_MS): Hub => {
  const teller = makeTeller(repository);
  const keeper = keepReplica(repository, teller);
  const running = new Map<string, Promise<Reply>>();
  let idle: NodeJS.Timeout | undefined;

  /** Nobody looks any more, perhaps: the connection is kept for a while, for who loads the page again. */
  const rest = (): void => {
    clearTimeout(idle);
    if (teller.listeners.size === 0 && running.size === 0) idle = setTimeout(keeper.letGo, idleMs).unref();
  };
  const reach = (): Promise<Replica> => {
    rest();
    return keeper.reach();
  };
  const say = async ({ line, extra }: Said): Promise<Reply> => (await reach()).run(line, extra);

  return {
    repository,
    state: async () => (await reach()).state,
    get presence() {
      return keeper.presence;
    },
    get told() {
      return teller.told;
    },
    watch: (tell) => {
      teller.listeners.add(tell);
      clearTimeout(idle);
      return () => {
        teller.listeners.delete(tell);
        rest();
      };
    },
    since: async (seq) => teller.recent.between(seq, teller.told) ?? repository.past(seq, teller.told),
    run: (said) => {
      const { id, actor, role } = said.extra;
      const key = JSON.stringify([id, actor, role]);
      const reply = running.get(key) ?? say(said);
      running.set(key, reply);
      const forget = (): void => {
        running.delete(key);
        rest();
      };
      reply.then(forget, forget);
      return reply;
    },
    close: () => {
      clearTimeout(idle);
      keeper.close();
    },
  };
};
