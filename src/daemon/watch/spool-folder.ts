import { setTimeout as pause } from 'node:timers/promises';
import { isWhole, parseSpoolFile, type SpoolMessage } from '../../agents/spool-message.ts';
import { codeOf, messageOf } from '../../lib/errors.ts';
import type { Files, LeftEntry } from '../../ports/target.ts';
import { storeFailed } from '../../state/store/errors.ts';

/** The names of files that hold, or are going to hold, a message. */
export const MESSAGE = /\.(?:json|hook)$/u;

/** How the names of files end that grow under their last name; others get their name when they are whole. */
const GROWING = '.hook';

/** How many messages are read together, so that many of them are known soon. */
const AT_ONCE = 10;

/** How many messages are read before those that were read first are taken. */
const MOST_UNDER_WAY = 50;

/** How many files one look goes through; hooks leave a few hundred at most. */
const MOST_LISTED = 1000;

/** Hooks leave a megabyte at most. */
const LONGEST = 2 * 1024 * 1024;

/** How long others wait at most for an instance whose messages take long, in milliseconds. */
const SLOW_MS = 250;

/** A hook that has not come to its end after so long was ended by its agent. */
const ABANDONED_MS = 15_000;

/** Messages that get their last name when they are whole are called so before that. */
const DRAFT = /\.tmp$/u;

/** A draft that is so old is of a program that was ended, in milliseconds; one that was frozen may go on. */
const OLD_DRAFT_MS = 3_600_000;

/** How often old drafts are looked for, in milliseconds. */
const SWEEP_MS = 600_000;

/** How a look leaves a folder; `unfinished`: somebody is to come to an end, or not; `more`: there is more to look at. */
export type Left = 'rest' | 'unfinished' | 'more' | 'gone';

type FolderOptions = {
  readonly files: Files;
  readonly folder: string;
  /** Why a message that lies in this folder is none, in words of ours alone; undefined when it may be taken. */
  readonly refuse: (message: SpoolMessage) => string | undefined;
  readonly take: (message: SpoolMessage) => Promise<void>;
  readonly log: (line: string) => void;
  readonly signal: AbortSignal;
};

export type FolderReader = {
  /** Takes what lies there, as far as it can be taken soon. */
  readonly look: () => Promise<Left>;
  readonly allTaken: () => Promise<void>;
  readonly underWay: () => number;
  /** How many files were none of a message that may lie there. */
  readonly refused: () => number;
};

/** The same name with another content is another file. */
const stampOf = ({ name, changedNs, size }: LeftEntry): string => `${changedNs} ${size} ${name}`;

const inOrder = (a: LeftEntry, b: LeftEntry): number =>
  a.changedNs < b.changedNs ? -1 : a.changedNs > b.changedNs ? 1 : a.name < b.name ? -1 : 1;

const isOld = ({ changedNs }: LeftEntry, ms: number): boolean =>
  // A time to come is nobody's: whoever sets it would be waited for without end.
  Math.abs(Date.now() - Number(changedNs / 1_000_000n)) >= ms;

const isAbandoned = (entry: LeftEntry): boolean => isOld(entry, ABANDONED_MS);

type Loaded = { readonly entry: LeftEntry; readonly message: SpoolMessage | undefined };

/** Takes what is loaded: what one instance left in order, and no instance waits for what another one's waits for. */
const makeQueues = (takeOne: (loaded: Loaded) => Promise<void>) => {
  const queues = new Map<string | undefined, Promise<void>>();
  const queued = new Set<string>();
  const takeInOrder = async (messages: readonly Loaded[]): Promise<void> => {
    for (const one of messages) await takeOne(one);
  };
  const add = (sender: string | undefined, messages: readonly Loaded[]): void => {
    for (const { entry } of messages) queued.add(entry.name);
    const last = (queues.get(sender) ?? Promise.resolve())
      .then(() => takeInOrder(messages))
      .finally(() => {
        for (const { entry } of messages) queued.delete(entry.name);
        if (queues.get(sender) === last) queues.delete(sender);
      });
    queues.set(sender, last);
  };
  const allTaken = async (): Promise<void> => void (await Promise.all(queues.values()));
  const takenSoon = async (): Promise<void> => {
    if (queues.size > 0) await Promise.race([allTaken(), pause(SLOW_MS, undefined, { ref: false })]);
  };
  return {
    add,
    allTaken,
    takenSoon,
    has: ({ name }: LeftEntry): boolean => queued.has(name),
    size: (): number => queued.size,
  };
};

/** Removes now and then what killed programs were about to leave: it counts among what may lie there, and nobody ends it. */
const makeSweep = (
  { files, folder }: Pick<FolderOptions, 'files' | 'folder'>,
  remove: (one: LeftEntry) => Promise<void>,
) => {
  let sweptAt = Number.NEGATIVE_INFINITY;
  return async (): Promise<void> => {
    if (performance.now() - sweptAt < SWEEP_MS) return;
    sweptAt = performance.now();
    const drafts = (await files.left(folder, DRAFT, MOST_LISTED)) ?? [];
    await Promise.all(drafts.filter((one) => isOld(one, OLD_DRAFT_MS)).map(remove));
  };
};

/**
 * Takes messages out of one folder, those of one instance one after the other. A message is removed when it was taken, so
 * one that arrives while no daemon runs, or while it dies, is not lost. Whatever else has the name of a message is removed
 * unread, and told of once for each reason: an agent fills no log with it.
 */
export const openFolderReader = ({ files, folder, refuse, take, log, signal }: FolderOptions): FolderReader => {
  const pathOf = ({ name }: LeftEntry): string => `${folder}/${name}`;
  // As they were: neither is looked at again before it changes.
  const unfinished = new Set<string>();
  const irremovable = new Set<string>();
  const told = new Set<string>();
  let refusals = 0;
  const remove = async (entry: LeftEntry): Promise<void> => {
    try {
      await files.remove(pathOf(entry));
    } catch (error) {
      irremovable.add(stampOf(entry));
      if (told.has('remove')) return;
      told.add('remove');
      // Its name is the agent's own.
      log(`a file in ${folder} cannot be removed, and is passed over from now on (${codeOf(error)})`);
    }
  };
  const turnAway = async (entry: LeftEntry, why: string): Promise<void> => {
    refusals += 1;
    if (!told.has(why)) log(`a file in ${folder} was removed unread: ${why} (further ones are not told of)`);
    told.add(why);
    await remove(entry);
  };
  /** Undefined when there is nothing to take, yet or at all. */
  const load = async (entry: LeftEntry): Promise<Loaded | undefined> => {
    const left = await files.readLeft(pathOf(entry), LONGEST);
    if (left === null) return undefined;
    if ('refused' in left) return void (await turnAway(entry, left.refused));
    if (entry.name.endsWith(GROWING) && !isWhole(left.text) && !isAbandoned(entry))
      return void unfinished.add(stampOf(entry));
    const message = parseSpoolFile(left.text);
    const why = message && refuse(message);
    return why === undefined ? { entry, message } : void (await turnAway(entry, why));
  };
  const takeOne = async ({ entry, message }: Loaded): Promise<void> => {
    if (signal.aborted) return;
    try {
      if (message) await take(message);
    } catch (error) {
      // A message that could not be taken because everything ends is taken by the next daemon.
      if (signal.aborted || storeFailed.matches(error)) return;
      log(`a message could not be taken: ${messageOf(error)}`);
    }
    await remove(entry);
  };
  const queues = makeQueues(takeOne);
  const isPassedOver = (entry: LeftEntry): boolean => {
    const stamp = stampOf(entry);
    return irremovable.has(stamp) || (unfinished.has(stamp) && !isAbandoned(entry));
  };
  const forgetOthers = (entries: readonly LeftEntry[]): void => {
    if (unfinished.size + irremovable.size === 0) return;
    const stamps = new Set(entries.map(stampOf));
    for (const known of [unfinished, irremovable]) for (const one of known) if (!stamps.has(one)) known.delete(one);
  };
  const sweep = makeSweep({ files, folder }, remove);
  const look = async (): Promise<Left> => {
    await sweep();
    const entries = await files.left(folder, MESSAGE, MOST_LISTED);
    if (entries === null) return 'gone';
    forgetOthers(entries);
    const found = entries.filter((one) => !queues.has(one) && !isPassedOver(one)).toSorted(inOrder);
    let at = 0;
    for (; at < found.length && queues.size() < MOST_UNDER_WAY && !signal.aborted; at += AT_ONCE) {
      const loaded = (await Promise.all(found.slice(at, at + AT_ONCE).map(load))).filter((one) => one !== undefined);
      for (const [sender, messages] of Map.groupBy(loaded, ({ message }) => message?.instance))
        queues.add(sender, messages);
    }
    await queues.takenSoon();
    const hasMore = at < found.length || (found.length > 0 && entries.length === MOST_LISTED);
    return hasMore ? 'more' : unfinished.size > 0 ? 'unfinished' : 'rest';
  };
  return { look, allTaken: queues.allTaken, underWay: queues.size, refused: () => refusals };
};
