import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Paths } from '../../lib/paths.ts';
import type { History } from '../../ports/history.ts';
import type { Store } from '../../ports/index.ts';
import { emptyState, type State } from '../index.ts';
import type { Position } from '../reducer.ts';
import { type Archivist, makeArchivist } from './archive.ts';
import { finishRestore, halfRestoredOf, isRestored, restoredAtOf } from './backup/finish.ts';
import { removeBefore, wholeStart, writeBase } from './base.ts';
import { cutFile, type Disk, type OpenFile, realDisk, slowed } from './disk.ts';
import { inWords, isSystemError, storeClosed, storeNotCleaned, storeTaken, storeUnopened } from './errors.ts';
import { foldInPieces } from './fold-in-pieces.ts';
import { makeGroupCommit } from './group-commit.ts';
import { type Recorded, readEvents, type WantedLines } from './history.ts';
import { type Keeper, makeKeeper } from './keeper.ts';
import { makeLedger } from './ledger.ts';
import { groupOf } from './line.ts';
import { type Lock, takeLock } from './lock.ts';
import { openMark, readMark } from './mark.ts';
import { PROJECTION_VERSION } from './migrate.ts';
import { openProjection } from './projection.ts';
import { makeReader } from './reader.ts';
import { keepRecent } from './recent.ts';
import { type Recovered, recover, type Tip } from './recover.ts';
import { listSegments } from './segment.ts';
import { makeWaitWatch } from './wait-watch.ts';
import { makeWatchers } from './watchers.ts';
import { openWriter, type SegmentLimits, type SegmentWriter } from './writer.ts';

export type StoreOptions = {
  readonly paths: Paths;
  /** ISO 8601 UTC. */
  readonly now: () => string;
  /** The version of Drover that writes: what a later one has written is not taken for what is known. */
  readonly release?: string | undefined;
  /** Milliseconds added to each sync, to see how a slow disk behaves. */
  readonly syncDelay?: number;
  /** Milliseconds between two writes of the projection, at least (default 1000). */
  readonly projectionEvery?: number;
  /** When a segment is followed by the next one (default 10 000 events or 8 MiB). */
  readonly limits?: SegmentLimits;
  /** The file system (default: this machine's). */
  readonly disk?: Disk;
  /** How the end of the journal is opened (default: by `disk`). */
  readonly openFile?: OpenFile;
  /** Gives back room that was kept for a full disk; whether there was any (default: there is none). */
  readonly makeRoom?: () => Promise<boolean>;
  /** How the place of the only writer is taken (default: by a lock of the kernel). */
  readonly lock?: (path: string) => Promise<Lock>;
  /** Hears of a listener that failed; without it the process warns of it. */
  readonly complain?: (line: string) => void;
};

type Rebuilt = {
  readonly equal: boolean;
  readonly trouble: string | null;
  /** The event of the state that it started from: what led there is not in the journal any more; 0 where all is. */
  readonly from: number;
};

export type OpenStore = Store & {
  /** Sentences on what was wrong with the files when they were opened, and what was done about it. */
  readonly repairs: readonly string[];
  /** Sentences on what could not be repaired: acknowledged events that are gone, and history that cannot be listed. */
  readonly losses: readonly string[];
  /** When this state was restored from a backup, in ISO 8601; null where it never was. */
  readonly restoredAt: string | null;
  /** Folds the whole journal once more and writes `db.json` anew; whether it leads to what is known, and why that was not written. */
  rebuild(): Promise<Rebuilt>;
  readonly history: History['events'];
  /** The last event that was there when it was opened: by daemons before. */
  readonly openedAt: number;
  /** Events as they stand in the journal, for whoever wants a few of many; see `readLines`. */
  lines(wanted: WantedLines): Promise<readonly Recorded[]>;
  /** The file that was removed or replaced while we have it open: somebody else may write there by now. */
  displaced(): string | undefined;
  /** Why nothing is accepted any more; null while all is well. */
  readonly failure: Error | null;
  /** How long what is being recorded has waited for the disk by now, in milliseconds; 0 when nothing is. */
  waitedMs(): number;
  /** Why `db.json` is behind, in words; null when it is not. */
  readonly projectionTrouble: string | null;
};

const LIMITS: SegmentLimits = { events: 10_000, bytes: 8 * 1024 * 1024 };

const makeFolders = async ({ state, journal }: Paths, disk: Disk): Promise<void> => {
  for (const folder of [state, journal]) {
    await disk.makeFolder(folder);
    await disk.syncFolder(dirname(folder));
  }
};

const writerFor = async (options: StoreOptions, recovered: Recovered): Promise<SegmentWriter> => {
  const { state, crc, last, gap, losses } = recovered;
  const { paths, disk = realDisk } = options;
  const { journal } = paths;
  // What may be the rest of something that was acknowledged is kept for whoever wants to look at it.
  if (last?.torn && losses.length > 0) await disk.copy(last.path, `${last.path}.damaged`);
  if (last?.torn) await cutFile(last.path, last.end.offset, disk);
  // Behind a gap the journal leads nowhere by itself: what it goes on from lies beside its next segment.
  if (gap) await writeBase({ journal, disk, release: options.release }, recovered, options.now());
  const { openFile = (path) => disk.open(path, 'a'), syncDelay = 0, limits = LIMITS } = options;
  const place = {
    ...{ disk, journal, makeRoom: options.makeRoom ?? (async () => false) },
    openFile: syncDelay > 0 ? slowed(openFile, syncDelay) : openFile,
    limits,
  };
  return openWriter(place, last && !gap ? { ...last, size: last.end.offset } : null, { seq: state.seq, crc });
};

const keeperFor = (
  { paths, now, release, projectionEvery = 1000, disk = realDisk }: StoreOptions,
  { tip, isOurs }: { readonly tip: () => Tip; readonly isOurs: () => boolean },
  written: number | null,
): Keeper => {
  const { state, crc } = tip();
  const first = { version: PROJECTION_VERSION, release, seq: state.seq, crc, written_at: now(), state };
  return makeKeeper(
    openProjection(paths.projection, first, disk),
    { tip, now, isOurs },
    { every: projectionEvery, written, release },
  );
};

/** Whether the journal, from its last gap on, leads to a state, and the event of the state that it goes on from. */
const leadsTo = async (journal: string, disk: Disk, known: State): Promise<Pick<Rebuilt, 'equal' | 'from'>> => {
  const base = await wholeStart(journal, await listSegments(journal, disk), disk);
  const events = readEvents({ journal, disk }, (base?.seq ?? 0) + 1, () => known.seq);
  const state = await foldInPieces(base?.state ?? emptyState, events);
  return { equal: JSON.stringify(state) === JSON.stringify(known), from: base?.seq ?? 0 };
};

const positionOf = ({ state, crc }: Tip): Position => ({ seq: state.seq, crc });

/** Folds the journal once more, and writes `db.json` anew. */
const rebuildWith = async (keeper: Keeper, fold: () => Promise<Pick<Rebuilt, 'equal' | 'from'>>): Promise<Rebuilt> => {
  const led = await fold();
  await keeper.rewrite();
  return { ...led, trouble: keeper.trouble };
};

/** Whether we are still the only one who writes. */
const ownershipOf = (path: string, lock: Lock, writer: SegmentWriter) => {
  const displaced = (): string | undefined => (lock.isInPlace() ? writer.displaced() : path);
  return {
    displaced,
    isOurs: (): boolean => displaced() === undefined,
    assertOurs: (): void => {
      const taken = displaced();
      if (taken !== undefined) throw storeTaken({ path: taken });
    },
  };
};

const historyOf = (archivist: Archivist, assertOurs: () => void): History['events'] => {
  const inASentence = (error: unknown): never => {
    throw isSystemError(error) ? storeNotCleaned({ what: 'events', ...inWords(error) }, error) : error;
  };
  return {
    old: (before) => archivist.old(before).catch(inASentence),
    letGo: async (before, first) => {
      assertOurs();
      return archivist.letGo(before, first).catch(inASentence);
    },
  };
};

const slowText = (ms: number): string => `the disk took ${(ms / 1000).toFixed(1)} s to keep what was recorded`;

type Opened = Recovered & Pick<OpenStore, 'restoredAt'>;

/** The store on top of what was recovered; it has the lock and gives it back when it is closed. */
const storeOn = async (options: StoreOptions, recovered: Opened, lock: Lock): Promise<OpenStore> => {
  const { paths, now, disk = realDisk } = options;
  const { journal } = paths;
  const writer = await writerFor(options, recovered);
  const mark = openMark(paths, disk);
  const { displaced, isOurs, assertOurs } = ownershipOf(paths.lock, lock, writer);
  const ledger = makeLedger(writer, recovered, {
    now,
    rotated: () => {
      void keeper.write();
      archivist.rotated(ledger.tip);
    },
    assertOurs,
    durable: mark.note,
  });
  const keeper = keeperFor(options, { tip: () => ledger.tip, isOurs }, recovered.written);
  const recent = keepRecent(recovered.gap ? null : recovered.last);
  const { complain, limits = LIMITS } = options;
  const place = { journal, disk, release: options.release, now, isOurs, limits, tip: () => ledger.tip };
  const archivist = makeArchivist({ ...place, complain: complain ?? (() => undefined) });
  const watchers = makeWatchers(() => ledger.tip.state, complain ?? ((line) => process.emitWarning(line)));
  const reader = makeReader({ journal, disk }, recent, () => positionOf(ledger.tip));
  let failure: Error | null = null;
  let closing: Promise<void> | undefined;
  const waiting = makeWaitWatch((ms) => complain?.(slowText(ms)));
  const commit = makeGroupCommit(waiting.time(ledger.flush), {
    flushed: (events) => {
      keeper.changed();
      recent.note(events.flat());
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
    recent.close();
    await archivist.settled();
    await keeper.close();
    mark.close();
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
    waitedMs: waiting.waitedMs,
    get projectionTrouble() {
      return keeper.trouble;
    },
    ...{ repairs: recovered.repairs, losses: recovered.losses, restoredAt: recovered.restoredAt },
    displaced,
    rebuild: () => rebuildWith(keeper, () => leadsTo(journal, disk, ledger.tip.state)),
    history: historyOf(archivist, assertOurs),
    openedAt: recovered.state.seq,
    ...reader,
    append: async (drafts, origin) => (drafts.length === 0 ? [] : commit.submit(groupOf(drafts, origin))),
    subscribe: watchers.subscribe,
    until: watchers.until,
    position: () => positionOf(ledger.tip),
    [Symbol.asyncDispose]: () => (closing ??= close()),
  };
};

/** What is on the disk, without what was let go of when somebody was killed before all of it was removed. */
const recoverAll = async ({ paths, release }: StoreOptions, disk: Disk): Promise<Recovered> => {
  const recovered = await recover(paths, await readMark(paths, disk), disk, release);
  // It does not count any more, so that it is there harms nobody.
  const begin = await removeBefore(paths.journal, disk).catch(() => undefined);
  if (begin === undefined) return recovered;
  const finished = `old events had been let go of and were not all removed: the journal begins with event ${begin}`;
  return { ...recovered, repairs: [...recovered.repairs, finished] };
};

/**
 * Makes the folders and takes the lock in them. Whoever restores a backup may do so just then, or be killed over it and leave
 * it to us to put it in its place: what was locked before it was there is given back. Tells where the states lie that we have
 * moved away for it.
 */
const takePlace = async ({ paths, disk = realDisk, lock: take = takeLock }: StoreOptions) => {
  const moved: string[] = [];
  for (;;) {
    if (disk === realDisk) moved.push(...[await finishRestore(paths)].flatMap((place) => place ?? []));
    await makeFolders(paths, disk);
    const lock = await take(paths.lock);
    if (disk !== realDisk) return { lock, moved };
    if (!isRestored(paths) && lock.isInPlace()) {
      // Whoever restores has this lock: what one left that was killed is in nobody's way, so that it may also stay.
      await rm(halfRestoredOf(paths), { recursive: true, force: true }).catch(() => undefined);
      return { lock, moved };
    }
    await lock[Symbol.asyncDispose]();
  }
};

/**
 * Opens the one store of a repository: takes its lock, repairs what may be repaired and replays the rest.
 * Rejects with `store/locked` when another process has it and with `store/damaged` when only a person can decide.
 */
export const openStore = async (options: StoreOptions): Promise<OpenStore> => {
  const { paths, disk = realDisk } = options;
  let lock: Lock | undefined;
  let store: OpenStore | undefined;
  try {
    const place = await takePlace(options);
    ({ lock } = place);
    const found = await recoverAll(options, disk);
    const restored = place.moved.map(
      (before) => `a backup was put in its place; what was there before lies in ${before}`,
    );
    const restoredAt = await disk.read(restoredAtOf(paths.state)).then(String, () => null);
    const recovered = { ...found, restoredAt, repairs: [...restored, ...found.repairs] };
    store = await storeOn(options, recovered, lock);
    if (recovered.repairs.length > 0) {
      const drafts = recovered.repairs.map((message) => ({ type: 'journal.repaired', data: { message } }) as const);
      await store.append(drafts, { actor: 'daemon', corr: 'repair' });
    }
    return store;
  } catch (error) {
    await Promise.resolve((store ?? lock)?.[Symbol.asyncDispose]()).catch(() => undefined);
    throw isSystemError(error) ? storeUnopened({ state: paths.state, ...inWords(error) }, error) : error;
  }
};
