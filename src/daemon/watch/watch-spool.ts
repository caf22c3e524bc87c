import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { SpoolMessage } from '../../agents/spool-message.ts';
import { codeOf, messageOf } from '../../lib/errors.ts';
import { spoolFolderOf, TMUX_SPOOL } from '../../lib/paths.ts';
import type { Health } from '../../ports/reflective.ts';
import type { Files } from '../../ports/target.ts';
import { untilBeat } from '../health/beat.ts';
import { joinMachines } from '../health/health-report.ts';
import { makeRounds, type Rounds, type Service } from '../health/service.ts';
import { type DaemonServices, instancesOn } from '../services.ts';
import { makeSpoolFolder } from '../spool-place.ts';
import { type FolderReader, type Left, MESSAGE, openFolderReader } from './spool-folder.ts';

/** The pause between two looks at the folder of the folders, and at what cannot be watched, in milliseconds. */
const POLL_MS = 1000;

/** The same for a folder whose news is told: the safety net for news that was lost. */
const WATCHED_MS = 5000;

/** Of many such folders each is looked at less often: one of them in this time, up to so long. */
const SPREAD_MS = 250;
const MOST_MS = 15_000;

/** The pause between two looks, in milliseconds: a message rings three times, and an agent may ring without a pause. */
const REST_MS = 10;

/** How many messages lie in a spool: in the folders of instances, that of tmux, and the place of before. */
export const spooledIn = async (files: Files, spool: string): Promise<number> => {
  const folders = (await files.folders(spool)) ?? [];
  const lists = await Promise.all([spool, ...folders.map((name) => `${spool}/${name}`)].map(files.list));
  return lists.flatMap((names) => names ?? []).filter((name) => MESSAGE.test(name)).length;
};

type Spool = {
  readonly files: Files;
  readonly folder: string;
  /** The instances of this machine; `hasOwnFolder` says that their programs leave nothing in the place of before. */
  readonly instances: () => readonly { readonly id: string; readonly hasOwnFolder: boolean }[];
  readonly log: (line: string) => void;
  readonly signal: AbortSignal;
};

type Take = (message: SpoolMessage) => Promise<void>;

type SpoolWatch = Pick<Service, 'done' | 'health'> & {
  /** Resolves when the messages that were there at the start are taken. */
  readonly backlogTaken: Promise<void>;
};

type Loop = {
  readonly reader: FolderReader;
  readonly rounds: Rounds;
  readonly isWatched: () => boolean;
  /** What lay there at the start is taken. */
  readonly backlogTaken: Promise<void>;
  /** The folder is gone, or everything ends. */
  readonly done: Promise<void>;
  readonly wake: () => void;
};

type LoopOptions = Pick<Spool, 'files' | 'folder' | 'log' | 'signal'> & {
  readonly reader: FolderReader;
  readonly look: () => Promise<Left>;
  /** The longest pause where news is told. */
  readonly watchedMs: () => number;
};

/** Looks at a folder at all its news, until everything ends or the folder is gone. */
const repeatLooks = ({ files, folder, reader, look, watchedMs, log, signal: all }: LoopOptions): Loop => {
  const own = new AbortController();
  const signal = AbortSignal.any([all, own.signal]);
  let { promise: news, resolve: wake } = Promise.withResolvers<void>();
  let isWatched = true;
  let isListening = false;
  let complaint = '';
  // Without a watch (none may be left, or the folder was gone for a while) the slow look still finds everything.
  const listen = async (): Promise<void> => {
    isListening = true;
    try {
      // It rings at the beginning too: what was left before it was watched is not missed.
      // What is taken is removed: that alone is no reason to look again.
      for await (const _news of files.watch(folder, signal, 'arrivals')) {
        isWatched = true;
        wake();
      }
    } catch (error) {
      const why = `${folder} cannot be watched: ${messageOf(error)}`;
      if (why !== complaint) log(why);
      complaint = why;
    }
    isWatched = false;
    isListening = false;
  };
  signal.addEventListener('abort', () => wake(), { once: true });
  const rounds = makeRounds({ complaint: 'the spool could not be read', everyMs: watchedMs(), log, signal });
  const { promise: backlogTaken, resolve: isBacklogTaken } = Promise.withResolvers<void>();
  const waitFor = (left: Left): number => {
    if (left === 'more') return 0;
    const beats = left === 'unfinished' || !isWatched ? 1 : Math.floor(watchedMs() / POLL_MS);
    return untilBeat(POLL_MS) + (beats - 1) * POLL_MS;
  };
  const lookOnce = async (): Promise<Left> => {
    let left: Left = 'unfinished';
    await rounds.work(async () => {
      left = await look();
    });
    return left;
  };
  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      ({ promise: news, resolve: wake } = Promise.withResolvers<void>());
      if (!isListening) void listen();
      const left = await lookOnce();
      if (left !== 'more') void reader.allTaken().then(isBacklogTaken);
      if (signal.aborted || left === 'gone') break;
      // One timer at a time: an agent that rings without a pause leaves none behind.
      let isNews = true;
      const onTime = (): void => {
        isNews = left === 'more';
        wake();
      };
      const timer = setTimeout(onTime, waitFor(left)).unref();
      await news;
      clearTimeout(timer);
      if (isNews) await pause(REST_MS);
    }
    await reader.allTaken();
    isBacklogTaken();
    own.abort();
  };
  return { reader, rounds, isWatched: () => isWatched, backlogTaken, done: run(), wake: () => wake() };
};

/** Why a message is none of the folder in which it lies: whose it is, the folder says, and no header says more. */
const refuseOthers =
  (owner: string) =>
  ({ instance, source }: SpoolMessage): string | undefined => {
    if (owner === TMUX_SPOOL) return source === 'tmux' ? undefined : 'it is not of tmux';
    if (source === 'tmux') return 'only tmux itself tells of sessions';
    return instance === owner ? undefined : 'it names another instance';
  };

const sum = (loops: readonly Loop[], count: (reader: FolderReader) => number): number =>
  loops.reduce((all, { reader }) => all + count(reader), 0);

const without = (names: Iterable<string>, others: ReadonlySet<string>): readonly string[] =>
  [...names].filter((name) => !others.has(name));

/** Keeps the folders in a spool as they have to be: one for each owner, and none of instances that are no more. */
const makeFolderKeeper = ({ files, folder, instances, log }: Spool) => {
  /** Who has a folder, or had one: to remove it gives nobody back the place of before. */
  const owners = new Set<string>([TMUX_SPOOL]);
  const failures = new Set<string>();
  /** What goes wrong with one folder is no reason to leave the others unread; names in it are the agents' own. */
  const attempt = async (what: string, work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      if (!failures.has(what)) log(`${what} (${codeOf(error)})`);
      failures.add(what);
    }
  };
  /** A folder of nobody that cannot be removed is not tried again. */
  const left = new Set<string>();
  const removeOf = async (nobody: string): Promise<void> => {
    left.add(nobody);
    await files.remove(`${folder}/${nobody}`);
    left.delete(nobody);
  };
  /** The folders that are there; undefined where what they lie in is gone, which goes with its repository only. */
  const foldersThere = async (): Promise<ReadonlySet<string> | undefined> => {
    const there = await files.folders(folder);
    if (there === null && (await files.folders(dirname(folder))) === null) return undefined;
    // Somebody may tidy up, and agents leave nothing where no folder is.
    if (there === null) await files.makeFolder(folder);
    return new Set(there);
  };
  const keep = async (): Promise<ReadonlySet<string>> => {
    const folders = await foldersThere();
    if (!folders) return owners;
    const known = instances();
    for (const { id, hasOwnFolder } of known) if (hasOwnFolder || folders.has(id)) owners.add(id);
    const names = new Set([TMUX_SPOOL, ...known.map(({ id }) => id)]);
    for (const id of without(owners, names)) owners.delete(id);
    for (const owner of without(owners, folders))
      await attempt(`the folder ${folder}/${owner} cannot be made`, () => makeSpoolFolder(files, folder, owner));
    for (const nobody of without(without(folders, names), left))
      await attempt(`a folder of nobody in ${folder} cannot be removed`, () => removeOf(nobody));
    return owners;
  };
  return { keep, hasFolder: (id: string): boolean => owners.has(id) };
};

/**
 * Takes messages out of the spool: each instance has a folder there, tmux has one, and programs that were started by a
 * version before leave theirs in the spool itself. Each folder is watched and read for itself, so that nothing an agent does
 * to its own holds up the others; a slow look is the safety net. Folders of instances that are no more are removed.
 */
export const watchSpool = async (spool: Spool, take: Take): Promise<SpoolWatch> => {
  const { files, folder, log, signal } = spool;
  await files.makeFolder(folder);
  const loops = new Map<string, Loop>();
  const open = (owner: string): Loop => {
    const place = { files, folder: `${folder}/${owner}`, log, signal };
    const reader = openFolderReader({ ...place, refuse: refuseOthers(owner), take });
    const watchedMs = (): number => Math.min(Math.max(WATCHED_MS, loops.size * SPREAD_MS), MOST_MS);
    const loop = repeatLooks({ ...place, reader, look: reader.look, watchedMs });
    void loop.done.then(() => {
      loops.delete(owner);
      root.wake();
    });
    return loop;
  };
  const keeper = makeFolderKeeper(spool);
  const lookForFolders = async (): Promise<void> => {
    for (const owner of await keeper.keep()) if (!loops.has(owner)) loops.set(owner, open(owner));
  };
  const refuse = ({ instance, source }: SpoolMessage): string | undefined =>
    source !== 'tmux' && keeper.hasFolder(instance) ? 'its instance has a folder of its own' : undefined;
  const reader = openFolderReader({ files, folder, refuse, take, log, signal });
  const lookAtRoot = async (): Promise<Left> => {
    await lookForFolders();
    const left = await reader.look();
    return left === 'gone' ? 'unfinished' : left;
  };
  const root: Loop = repeatLooks({ files, folder, log, signal, reader, look: lookAtRoot, watchedMs: () => POLL_MS });

  const health = async (): Promise<Health> => {
    const all = [root, ...loops.values()];
    const waiting = await spooledIn(files, folder);
    const counts = { under_way: sum(all, (one) => one.underWay()), refused: sum(all, (one) => one.refused()) };
    const now = all.map(({ rounds }) => rounds.health()).find(({ state }) => state !== 'ok') ?? root.rounds.health();
    const indicators = { ...now.indicators, waiting, ...counts, folders: loops.size };
    if (now.state !== 'ok' || all.every(({ isWatched }) => isWatched())) return { ...now, indicators };
    return { state: 'degraded', why: 'A folder of it cannot be watched: it is read once a second.', indicators };
  };
  const childrenDo = async (what: 'backlogTaken' | 'done'): Promise<void> =>
    void (await Promise.all([...loops.values()].map((one) => one[what])));
  return {
    done: root.done.then(() => childrenDo('done')),
    health,
    backlogTaken: root.backlogTaken.then(() => childrenDo('backlogTaken')),
  };
};

/** Takes messages out of the spools of all machines. */
export const watchSpools = async (
  { targets, store, log, signal }: Pick<DaemonServices, 'targets' | 'store' | 'log' | 'signal'>,
  take: Take,
): Promise<Service & Pick<SpoolWatch, 'backlogTaken'>> => {
  const machines = await Promise.all(
    targets.map(async (target) => {
      const { host, files, paths } = target;
      const instances = () =>
        instancesOn(target, store.state).map(({ instance_id: id, communication_endpoint: told }) => ({
          ...{ id, hasOwnFolder: told === spoolFolderOf(paths, id) },
        }));
      const spool = await watchSpool({ files, folder: paths.spool, instances, log, signal }, take);
      return { host, spool };
    }),
  );
  const allOf = async (part: 'backlogTaken' | 'done'): Promise<void> =>
    void (await Promise.all(machines.map(({ spool }) => spool[part])));
  return {
    name: 'spool',
    capabilities: ['take messages of agents, hooks and tmux', 'keep them while no daemon runs'],
    health: async () =>
      joinMachines(
        await Promise.all(machines.map(async ({ host, spool }) => ({ host, health: await spool.health() }))),
      ),
    done: allOf('done'),
    backlogTaken: allOf('backlogTaken'),
  };
};
