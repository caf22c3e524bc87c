import { setTimeout as pause } from 'node:timers/promises';
import { isWhole, parseSpoolFile, type SpoolMessage } from '../../agents/spool-message.ts';
import { messageOf } from '../../lib/errors.ts';
import type { Health } from '../../ports/reflective.ts';
import type { Files } from '../../ports/target.ts';
import { storeFailed } from '../../state/store/errors.ts';
import { joinMachines } from '../health/health-report.ts';
import { makeRounds, type Service } from '../health/service.ts';
import type { DaemonServices } from '../services.ts';

const POLL_MS = 1000;

/** The pause between two looks, in milliseconds: a message rings three times, and many agents ring without a pause. */
const REST_MS = 10;

/** How many messages are read together, so that many of them are known soon. */
const AT_ONCE = 50;

/** How long others wait at most for an instance whose messages take long, in milliseconds. */
const SLOW_MS = 250;

/** A hook that has not come to its end after so long was ended by its agent. */
const ABANDONED_MS = 15_000;

type Found = { readonly file: string; readonly at: bigint };

/** How the names of files end that grow under their last name; others get their name when they are whole. */
const GROWING = '.hook';

/** The names of files that hold, or are going to hold, a message. */
export const MESSAGE = /\.(?:json|hook)$/u;

/** The messages of a spool folder in the order in which they were left. */
const waitingMessages = async (files: Files, folder: string): Promise<Found[]> => {
  const entries = await files.entries(folder, MESSAGE);
  // Somebody may tidy up, and agents leave nothing where no folder is.
  if (entries === null) await files.makeFolder(folder);
  return (entries ?? [])
    .map(({ name, changedNs }) => ({ file: `${folder}/${name}`, at: changedNs }))
    .toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.file < b.file ? -1 : 1));
};

/** Whether more is to come into the file of a message. */
const isUnfinished = ({ file, at }: Found, text: string): boolean =>
  file.endsWith(GROWING) && !isWhole(text) && Date.now() - Number(at / 1_000_000n) < ABANDONED_MS;

type Loaded = { readonly file: string; readonly message: SpoolMessage | undefined };

/** Reads a file of the spool; undefined when more is to come into it, which rings again. */
const load = async (files: Files, found: Found): Promise<Loaded | undefined> => {
  const text = (await files.readText(found.file)) ?? '';
  return isUnfinished(found, text) ? undefined : { file: found.file, message: parseSpoolFile(text) };
};

/** How many messages lie in a spool folder. */
export const spooledIn = async (files: Files, folder: string): Promise<number> =>
  ((await files.list(folder)) ?? []).filter((name) => MESSAGE.test(name)).length;

type Spool = {
  readonly files: Files;
  readonly folder: string;
  readonly log: (line: string) => void;
  readonly signal: AbortSignal;
};

type SpoolWatch = Pick<Service, 'done' | 'health'> & {
  /** Resolves when the messages that were there at the start are taken. */
  readonly backlogTaken: Promise<void>;
};

/**
 * Takes messages out of the spool folder, those of one instance one after the other. A message is removed when it was
 * taken, so one that arrives while no daemon runs, or while it dies, is not lost. The folder is watched; a slow look is the
 * safety net.
 */
export const watchSpool = async (
  { files, folder, log, signal }: Spool,
  take: (message: SpoolMessage) => Promise<void>,
): Promise<SpoolWatch> => {
  await files.makeFolder(folder);
  let { promise: news, resolve: wake } = Promise.withResolvers<void>();
  let isWatched = true;
  const listen = async (): Promise<void> => {
    for await (const _news of files.watch(folder, signal)) wake();
    isWatched = false;
  };
  // Without a watch (none may be left) the slow look still finds everything.
  void listen().catch((error: unknown) => log(`the spool cannot be watched: ${messageOf(error)}`));
  signal.addEventListener('abort', () => wake(), { once: true });

  const takeOne = async ({ file, message }: Loaded): Promise<void> => {
    if (signal.aborted) return;
    try {
      if (message) await take(message);
    } catch (error) {
      // A message that could not be taken because everything ends is taken by the next daemon.
      if (signal.aborted || storeFailed.matches(error)) return;
      log(`a message could not be taken: ${messageOf(error)}`);
    }
    await files.remove(file);
  };
  const takeInOrder = async (messages: readonly Loaded[]): Promise<void> => {
    for (const one of messages) await takeOne(one);
  };
  // A message that waits for something is no reason for those of other instances to wait.
  const queues = new Map<string | undefined, Promise<void>>();
  const queued = new Set<string>();
  const queue = (sender: string | undefined, messages: readonly Loaded[]): void => {
    for (const { file } of messages) queued.add(file);
    const last = (queues.get(sender) ?? Promise.resolve())
      .then(() => takeInOrder(messages))
      .finally(() => {
        for (const { file } of messages) queued.delete(file);
        if (queues.get(sender) === last) queues.delete(sender);
      });
    queues.set(sender, last);
  };
  const allTaken = async (): Promise<void> => void (await Promise.all(queues.values()));
  const takeAll = async (): Promise<void> => {
    const found = (await waitingMessages(files, folder)).filter(({ file }) => !queued.has(file));
    for (let at = 0; at < found.length && !signal.aborted; at += AT_ONCE) {
      const loaded = (await Promise.all(found.slice(at, at + AT_ONCE).map((one) => load(files, one)))).filter(
        (one) => one !== undefined,
      );
      for (const [sender, messages] of Map.groupBy(loaded, ({ message }) => message?.instance)) queue(sender, messages);
    }
    await Promise.race([allTaken(), pause(SLOW_MS, undefined, { ref: false })]);
  };

  const rounds = makeRounds({ complaint: 'the spool could not be read', everyMs: POLL_MS, log, signal });
  const health = async (): Promise<Health> => {
    const now = rounds.health();
    const indicators = { ...now.indicators, waiting: await spooledIn(files, folder), under_way: queued.size };
    if (now.state !== 'ok' || isWatched) return { ...now, indicators };
    return { state: 'degraded', why: 'Its folder cannot be watched: it is read once a second.', indicators };
  };
  const { promise: backlogTaken, resolve: isBacklogTaken } = Promise.withResolvers<void>();
  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      ({ promise: news, resolve: wake } = Promise.withResolvers<void>());
      await rounds.work(takeAll);
      void allTaken().then(isBacklogTaken);
      if (signal.aborted) break;
      await Promise.race([news, pause(POLL_MS, undefined, { ref: false })]);
      await pause(REST_MS);
    }
    await allTaken();
    isBacklogTaken();
  };
  return { done: run(), health, backlogTaken };
};

/** Takes messages out of the spool folders of all machines. */
export const watchSpools = async (
  { targets, log, signal }: Pick<DaemonServices, 'targets' | 'log' | 'signal'>,
  take: (message: SpoolMessage) => Promise<void>,
): Promise<Service & Pick<SpoolWatch, 'backlogTaken'>> => {
  const machines = await Promise.all(
    targets.map(async ({ host, files, paths }) => {
      const spool = await watchSpool({ files, folder: paths.spool, log, signal }, take);
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
