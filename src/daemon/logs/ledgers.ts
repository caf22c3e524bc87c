import { appendFile, rename, rm, stat } from 'node:fs/promises';
import { dropOldLines, findOldLines, joinOldLines } from '../../files/old-lines.ts';
import { asSentence, messageOf } from '../../lib/errors.ts';
import { unlessMissing } from '../../lib/missing.ts';
import { olderOf, type Paths } from '../../lib/paths.ts';
import type { Redact } from '../../lib/redact.ts';
import { oneLine } from '../../lib/text.ts';
import type { History, OldLines } from '../../ports/history.ts';
import type { Store } from '../../ports/index.ts';
import type { Reflective } from '../../ports/reflective.ts';
import type { AppEvent, State } from '../../state/index.ts';
import type { Instance } from '../../state/instances.ts';
import { inWords, isSystemError, storeNotCleaned } from '../../state/store/errors.ts';

type Ledger = {
  write(line: string): void;
  /** Does something with the file while nothing is written. */
  between<T>(work: () => Promise<T>): Promise<T>;
  flushed(): Promise<void>;
  /** Why the last line could not be written, in words; null when it could. */
  readonly trouble: string | null;
};

/** At this size a log is turned over, in bytes: what it holds goes to a second file, in place of what was there. */
const MOST_BYTES = 8 * 1024 * 1024;

/** Appends lines to a file in order, without making anybody wait; for people to read, never read back. */
const openLedger = (file: string, complain: (problem: string) => void, most: number): Ledger => {
  let last: Promise<unknown> = Promise.resolve();
  let trouble: string | null = null;
  /** Undefined where somebody else may have changed it. */
  let size: number | undefined;
  const bound = async (bytes: number): Promise<void> => {
    size ??= (await unlessMissing(stat(file)))?.size ?? 0;
    if (size > 0 && size + bytes > most) {
      await rename(file, olderOf(file));
      size = 0;
    }
    size += bytes;
  };
  const append = async (line: string): Promise<void> => {
    try {
      // What cannot be turned over grows on.
      await bound(Buffer.byteLength(line) + 1).catch(() => undefined);
      await appendFile(file, `${line}\n`, { mode: 0o600 });
      trouble = null;
    } catch (error) {
      trouble = messageOf(error);
      complain(String(error));
      size = undefined;
    }
  };
  return {
    write: (line) => {
      last = last.then(() => append(line));
    },
    between: (work) => {
      const worked = last.then(work).finally(() => {
        size = undefined;
      });
      const done = worked.catch((error: unknown) => {
        throw isSystemError(error) ? storeNotCleaned({ what: 'messages', ...inWords(error) }, error) : error;
      });
      last = done.catch(() => undefined);
      return done;
    },
    flushed: async () => void (await last),
    get trouble() {
      return trouble;
    },
  };
};

/** What is old of what was turned over, and of what came after it. */
const findOld = async (file: string, before: number): Promise<OldLines> => {
  const older = await findOldLines(olderOf(file), before);
  return older.kept.from === null ? joinOldLines(older, await findOldLines(file, before)) : older;
};

/** Lets go of that, the oldest first: whoever is killed in between has let go of a part. */
const dropOld = async (file: string, before: number): Promise<OldLines> => {
  const older = await findOldLines(olderOf(file), before);
  if (older.kept.from !== null) return dropOldLines(olderOf(file), before);
  if (older.old) await rm(olderOf(file), { force: true });
  return joinOldLines(older, await dropOldLines(file, before));
};

export type Ledgers = Reflective & {
  /** Notes one line of what was said, or answered, under a correlation id. */
  communicate(entry: { at: string; actor: string; correlation: string; direction: '→' | '←'; text: string }): void;
  /** What was said, as far as it is kept. */
  readonly messages: History['messages'];
  flushed(): Promise<void>;
};

/** A path as one word that a person reads; one with blanks stands in quotes. */
const pathWord = (path: string): string => (/\s/u.test(path) ? JSON.stringify(oneLine(path)) : oneLine(path));

const colorLine = (instance: Instance, at: string, tasks: readonly string[]): string => {
  const { color_name, primary_color } = instance.peacock_theme;
  const place = pathWord(instance.workspace_path);
  return `${at} ${instance.instance_id} ${color_name} ${primary_color} ${place} tasks=${tasks.join(',') || '-'}`;
};

/**
 * Follows which tasks each instance has, event by event: the state that comes with events is the one after all of them, and
 * each change gets a line of its own. `changedBy` gives the instances for which an event adds a line.
 */
const openQueues = ({ instances }: State) => {
  const queues = new Map(Object.values(instances).map((one) => [one.instance_id, [...one.task_assignments]]));
  const holderOf = (task: string): string | undefined => [...queues].find(([, tasks]) => tasks.includes(task))?.[0];
  const drop = (task: string): string[] => {
    const holder = holderOf(task);
    if (holder === undefined) return [];
    queues.set(
      holder,
      queues.get(holder)!.filter((one) => one !== task),
    );
    return [holder];
  };
  const give = (task: string, instance: string): string[] => {
    if (holderOf(task) === instance) return [instance];
    const before = drop(task);
    queues.set(instance, [...(queues.get(instance) ?? []), task]);
    return [...before, instance];
  };
  const changedBy = (event: AppEvent): string[] => {
    switch (event.type) {
      case 'instance.created':
      case 'instance.placed':
        return [event.data.instance_id];
      case 'instance.removed':
        queues.delete(event.data.instance_id);
        return [];
      case 'task.assigned':
      case 'run.started':
        return give(event.data.id, event.data.instance);
      case 'task.unassigned':
      case 'task.blocked':
      case 'task.reopened':
      case 'task.sent_back':
      case 'task.cancelled':
      case 'task.removed':
      case 'run.verified':
      case 'run.failed':
        return drop(event.data.id);
      default:
        return [];
    }
  };
  return { changedBy, of: (instance: string): readonly string[] => queues.get(instance) ?? [] };
};

/** Opens the two plain-text logs beside the journal: what was said, and which instance has which colour. */
type LedgerParts = {
  readonly paths: Paths;
  readonly store: Store;
  readonly log: (problem: string) => void;
  readonly secrets: { readonly redact: Redact };
};

export const openLedgers = ({ paths, store, log: complain, secrets }: LedgerParts, most = MOST_BYTES): Ledgers => {
  const communication = openLedger(paths.communicationLog, complain, most);
  const colors = openLedger(paths.colorsLog, complain, most);
  const queues = openQueues(store.state);
  store.subscribe((events, state) => {
    for (const event of events)
      for (const id of queues.changedBy(event)) {
        const instance = state.instances[id];
        if (instance) colors.write(colorLine(instance, event.at, queues.of(id)));
      }
  });
  return {
    name: 'ledgers',
    capabilities: ['write down what was said', 'write down which colour is whose'],
    health: () => {
      const why = communication.trouble ?? colors.trouble;
      return { state: why === null ? 'ok' : 'degraded', why: why && asSentence(why), indicators: {} };
    },
    communicate: ({ at, actor, correlation, direction, text }) =>
      communication.write(
        `${at} ${oneLine(actor)} ${oneLine(correlation)} ${direction} ${oneLine(secrets.redact(text))}`,
      ),
    messages: {
      old: (before) => communication.between(() => findOld(paths.communicationLog, before)),
      letGo: (before) => communication.between(() => dropOld(paths.communicationLog, before)),
    },
    flushed: async () => void (await Promise.all([communication.flushed(), colors.flushed()])),
  };
};
