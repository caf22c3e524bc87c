import { chmod, mkdir } from 'node:fs/promises';
import type { Paths } from '../../lib/paths.ts';
import type { Store } from '../../ports/index.ts';
import { cutFile, type OpenFile, openForAppend, slowed } from './disk.ts';
import { storeClosed } from './errors.ts';
import { makeGroupCommit } from './group-commit.ts';
import { readEvents } from './history.ts';
import { type Keeper, makeKeeper } from './keeper.ts';
import { makeLedger } from './ledger.ts';
import { groupOf } from './line.ts';
import { takeLock } from './lock.ts';
import { PROJECTION_VERSION } from './migrate.ts';
import { openProjection } from './projection.ts';
import { type Recovered, recover, type Tip } from './recover.ts';
import { listSegments } from './segment.ts';
import { makeWatchers } from './watchers.ts';
import { openWriter, type SegmentLimits, type SegmentWriter } from './writer.ts';

export type StoreOptions = {
  readonly paths: Paths;
  /** ISO 8601 UTC. */
  readonly now: () => string;
  /** Milliseconds added to each sync, to see how a slow disk behaves. */
  readonly syncDelay?: number;
  /** Milliseconds between two writes of the projection, at least (default 1000). */
  readonly projectionEvery?: number;
  /** When a segment is followed by the next one (default 10 000 events or 8 MiB). */
  readonly limits?: SegmentLimits;
  readonly openFile?: OpenFile;
};

export type OpenStore = Store & {
  /** Sentences on what was wrong with the files when they were opened, and what was done about it. */
  readonly repairs: readonly string[];
  /** Why nothing is accepted any more; null while all is well. */
  readonly failure: Error | null;
  /** Why `db.json` is behind, in words; null when it is not. */
  readonly projectionTrouble: string | null;
};

const LIMITS: SegmentLimits = { events: 10_000, bytes: 8 * 1024 * 1024 };

const makeFolders = async ({ state, journal }: Paths): Promise<void> => {
  for (const folder of [state, journal]) {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await chmod(folder, 0o700);
  }
};

const writerFor = async (options: StoreOptions, { state, crc, last }: Recovered): Promise<SegmentWriter> => {
  if (last?.torn) await cutFile(last.path, last.end.offset);
  const { openFile = openForAppend, syncDelay = 0, limits = LIMITS } = options;
  const place = {
    journal: options.paths.journal,
    openFile: syncDelay > 0 ? slowed(openFile, syncDelay) : openFile,
    limits,
  };
  return openWriter(place, last && { ...last, size: last.end.offset }, { seq: state.seq, crc });
};

const keeperFor = (
  { paths, now, projectionEvery = 1000 }: StoreOptions,
  tip: () => Tip,
  written: number | null,
): Keeper => {
  const { state, crc } = tip();
  const first = { version: PROJECTION_VERSION, seq: state.seq, crc, written_at: now(), state };
  return makeKeeper(openProjection(paths.projection, first), { tip, now }, { every: projectionEvery, written });
};

/** The store on top of what was recovered; it has the lock and gives it back when it is closed. */
const storeOn = async (options: StoreOptions, recovered: Recovered, lock: AsyncDisposable): Promise<OpenStore> => {
  const { paths, now } = options;
  const writer = await writerFor(options, recovered);
  const ledger = makeLedger(writer, recovered, { now, rotated: () => void keeper.write() });
  const keeper = keeperFor(options, () => ledger.tip, recovered.written);
  const watchers = makeWatchers(() => ledger.tip.state);
  let failure: Error | null = null;
  let closing: Promise<void> | undefined;

  const commit = makeGroupCommit(ledger.flush, {
    flushed: (events) => {
      keeper.changed();
      watchers.notify(events.flat(), ledger.tip.state);
    },
    failed: (error) => {
      failure = error;
      watchers.end(error);
    },
  });

  const close = async () => {
    commit.stop(storeClosed());
    await commit.settled();
    watchers.end(failure ?? storeClosed());
    await keeper.close();
    await writer.close().finally(() => lock[Symbol.asyncDispose]());
  };

  if (recovered.written === null) await keeper.write();
  return {
    get state() {
      return ledger.tip.state;
    },
    get failure() {
      return failure;
    },
    get projectionTrouble() {
      return keeper.trouble;
    },
    repairs: recovered.repairs,
    append: async (drafts, origin) => (drafts.length === 0 ? [] : commit.submit(groupOf(drafts, origin))),
    subscribe: watchers.subscribe,
    until: watchers.until,
    events: (fromSeq) => readEvents(paths.journal, fromSeq, () => ledger.tip.state.seq),
    [Symbol.asyncDispose]: () => (closing ??= close()),
  };
};

/**
 * Opens the one store of a repository: takes its lock, repairs what may be repaired and replays the rest.
 * Rejects with `store/locked` when another process has it and with `store/damaged` when only a person can decide.
 */
export const openStore = async (options: StoreOptions): Promise<OpenStore> => {
  const { paths } = options;
  await makeFolders(paths);
  const lock = await takeLock(paths.lock);
  let store: OpenStore | undefined;
  try {
    const recovered = await recover(paths.projection, await listSegments(paths.journal));
    store = await storeOn(options, recovered, lock);
    if (recovered.repairs.length > 0) {
      const drafts = recovered.repairs.map((message) => ({ type: 'journal.repaired', data: { message } }) as const);
      await store.append(drafts, { actor: 'daemon', corr: 'repair' });
    }
    return store;
  } catch (error) {
    await (store ?? lock)[Symbol.asyncDispose]();
    throw error;
  }
};
