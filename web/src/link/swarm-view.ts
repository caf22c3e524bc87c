import type { Surroundings } from '../../../src/attention/step.ts';
import { type AppEvent, reduceAll, type State } from '../../../src/state/index.ts';
import type { ResourceRow } from '../../../src/text/resource-rows.ts';
import type { DaemonPresence, PastPoint, Snapshot } from '../../../src/web/wire.ts';
import { type UseHistory, withUses } from '../model/resource-history.ts';
import { withSample } from '../model/swarm-samples.ts';
import type { LastState } from './last-state.ts';

/** What is known of a swarm now; a new object after each change. */
export type SwarmView = {
  readonly state: State;
  readonly repository: string;
  readonly surroundings: Surroundings | null;
  /** `live`; or `lost`: how it was when the server was heard last; `old`: how it was when this page was closed. */
  readonly link: 'live' | 'lost' | 'old';
  /** When the server was heard last, in milliseconds since 1970 by its clock. */
  readonly heardAt: number;
  readonly daemon: DaemonPresence;
  /** How far the clock of the server is ahead, in milliseconds. */
  readonly ahead: number;
  /** What agents took over the last minutes. */
  readonly uses: UseHistory;
  /** How things were since the page was opened. */
  readonly samples: readonly PastPoint[];
};

const viewOf = (snapshot: Snapshot, heardAt: number): Omit<SwarmView, 'link' | 'ahead' | 'uses' | 'samples'> => ({
  state: snapshot.state,
  repository: snapshot.repository,
  surroundings: snapshot.surroundings,
  daemon: { connected: snapshot.connected, silentSince: snapshot.silentSince, identity: snapshot.identity ?? null },
  heardAt,
});

/** The resources that the server told of, with those that it told before. */
const mergedRows = (
  known: ReadonlyMap<string, ResourceRow>,
  changed: Readonly<Record<string, ResourceRow | null>>,
): ReadonlyMap<string, ResourceRow> => {
  const next = new Map(known);
  for (const [id, row] of Object.entries(changed))
    if (row) next.set(id, row);
    else next.delete(id);
  return next;
};

/** So many of the latest events are kept while a state is waited for. */
const KEPT = 2000;

/** Keeps the view, and folds into it what the server tells. */
export const makeSwarmKeeper = (onChange: (view: SwarmView) => void) => {
  let view: SwarmView | null = null;
  let rows: ReadonlyMap<string, ResourceRow> = new Map();
  /** What came while a state was on its way: it may be older than that. */
  let early: readonly AppEvent[] | null = null;
  const set = (next: SwarmView): void => {
    const samples = next.link === 'live' ? withSample(next.samples, next.state, next.heardAt) : next.samples;
    view = { ...next, samples };
    onChange(view);
  };
  /** Now, by the clock of the server. */
  const now = (): number => Date.now() + (view?.ahead ?? 0);
  const change = (part: Partial<SwarmView>): void => {
    if (view) set({ ...view, ...part });
  };
  const hear = (part: Partial<SwarmView> = {}): void => change({ ...part, heardAt: now() });
  /** False where events are missing before these. */
  const fold = (events: readonly AppEvent[]): boolean => {
    const [first] = events;
    if (!view || !first) return true;
    if (first.seq > view.state.seq + 1) return false;
    hear({ state: reduceAll(view.state, events), link: 'live' });
    return true;
  };
  return {
    get view() {
      return view;
    },
    now,
    change,
    hear,
    /** A whole state is on its way. */
    expect: (): void => {
      early ??= [];
    },
    /** The whole state, as it was when it was asked for, and what came since; false where something is missing between them. */
    take: (snapshot: Snapshot): boolean => {
      const since = early ?? [];
      early = null;
      const ahead = Date.parse(snapshot.now) - Date.now();
      const { uses = new Map(), samples = [] } = view ?? {};
      set({ ...viewOf(snapshot, Date.parse(snapshot.now)), link: 'live', ahead, uses, samples });
      return fold(since);
    },
    /** The state as it was when the page was open last. */
    takeOld: ({ snapshot, savedAt }: LastState): void =>
      set({ ...viewOf(snapshot, savedAt), link: 'old', ahead: 0, uses: new Map(), samples: [] }),
    /** False where events are missing before these. */
    fold: (events: readonly AppEvent[]): boolean => {
      if (!early) return fold(events);
      early = [...early, ...events].slice(-KEPT);
      return true;
    },
    takeUses: (changed: Readonly<Record<string, ResourceRow | null>>): void => {
      rows = mergedRows(rows, changed);
      change({ uses: withUses(view?.uses ?? new Map(), [...rows.values()]) });
    },
  };
};
