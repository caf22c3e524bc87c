import { setTimeout as pause } from 'node:timers/promises';
import { messageOf } from '../../lib/errors.ts';
import { spoolFolderOf } from '../../lib/paths.ts';
import { allOrFirstFailure } from '../../lib/settled.ts';
import { oneLine, shorten } from '../../lib/text.ts';
import { dataOf } from '../../state/facts.ts';
import type { EventDraft, State } from '../../state/index.ts';
import type { Instance } from '../../state/instances.ts';
import type { DaemonServices } from '../services.ts';
import { clearAlertFacts } from '../signals/alert-facts.ts';

/** A process that an agent has started and that is in its worktree when it has ended itself. */
type Left = { readonly pid: number; readonly words: string };
type Marked = Left & { readonly mark: string };

/** What was found, and whether some of it was not told of yet. */
type News = { readonly left: readonly Left[]; readonly isNews: boolean };
type Found = News & { readonly left: readonly Marked[] };

/** So many are named with their words, of so many characters each. */
const NAMED = 3;
const WORDS_LENGTH = 60;

/** What tells the processes that were found last for an instance from any other, by their ids. */
type Known = { readonly host: string; readonly marks: ReadonlyMap<number, string> };

/**
 * What a daemon knows of processes that were left: the marks of those that a person was told of, for what is left on purpose is not told
 * of at each start, and what was found last, by the id of the instance.
 */
type Memory = { readonly told: Set<string>; readonly last: Map<string, Known> };

const knownOf = ({ host }: Pick<Instance, 'host'>, found: readonly Marked[]): Known => ({
  host,
  marks: new Map(found.map(({ pid, mark }) => [pid, mark])),
});

const memories = new WeakMap<DaemonServices, Memory>();

const memoryOf = (services: DaemonServices): Memory => {
  const memory = memories.get(services) ?? { told: new Set(), last: new Map() };
  memories.set(services, memory);
  return memory;
};

const look = async (services: DaemonServices, instance: Instance): Promise<readonly Marked[]> => {
  const { instance_id: id, workspace_path: path } = instance;
  const { files, paths, processes } = services.targetOf(instance);
  const there = await processes.livingIn(await files.realPath(path));
  if (there.length === 0) return [];
  const pids = there.map(({ pid }) => pid);
  const [lineages, marks] = await Promise.all([processes.lineages(pids), processes.marks(pids)]);
  const spool = spoolFolderOf(paths, id);
  return there.flatMap(({ pid, argv }) => {
    const { DROVER_INSTANCE: name, DROVER_SPOOL: folder } = lineages.get(pid)?.[0]?.env ?? {};
    const mark = marks.get(pid);
    if (name !== id || folder !== spool || mark === undefined) return [];
    return [{ pid, words: shorten(oneLine(argv.join(' ')), WORDS_LENGTH), mark }];
  });
};

/** How long what is there may take to hear that its agent has ended, and how often it is looked at until then, in milliseconds. */
const SETTLES_MS = 1000;
const AGAIN_MS = 200;

/** What is there still when it had the time to end with its agent. */
const lookUntilSettled = async (services: DaemonServices, instance: Instance): Promise<readonly Marked[]> => {
  const end = performance.now() + SETTLES_MS;
  let found = await look(services, instance);
  while (found.length > 0 && performance.now() < end) {
    await pause(AGAIN_MS, undefined, { signal: services.signal });
    found = await look(services, instance);
  }
  return found;
};

/**
 * Looks for what an agent whose program has ended has left running in its worktree, by what every program of an agent finds in
 * its environment: a person’s own is not among it. Nothing is found where the system does not show it; null: nobody has looked.
 * `settles`: it is waited for what takes a moment to end.
 */
export const findLeftBehind = async (
  services: DaemonServices,
  instance: Instance,
  { settles = false } = {},
): Promise<Found | null> => {
  const { instance_id: id, pid } = instance;
  // Nothing ever ran there.
  if (pid === null) return null;
  try {
    const found = await (settles ? lookUntilSettled : look)(services, instance);
    const { told, last } = memoryOf(services);
    last.set(id, knownOf(instance, found));
    return { left: found, isNews: found.some(({ mark }) => !told.has(mark)) };
  } catch (error) {
    services.log(`what ${id} left running could not be looked for: ${messageOf(error)}`);
    return null;
  }
};

const ALERT = 'behind:';
const alertOf = (id: string): string => `${ALERT}${id}`;

/** Notes that a person was told of what was found, once that is recorded. */
export const noteLeftTold = (
  services: DaemonServices,
  id: string,
  found: Found | null,
  facts: readonly EventDraft[],
): void => {
  const { told } = memoryOf(services);
  if (dataOf(facts, 'alert.raised').some((raised) => raised.id === alertOf(id)))
    for (const { mark } of found?.left ?? []) told.add(mark);
};

/** The ids of the processes that an alert tells of. */
const pidsIn = (text = ''): ReadonlySet<number> =>
  new Set(/"kill (?<pids>\d[\d ]*)"/u.exec(text)?.groups?.['pids']?.split(' ').map(Number));

/**
 * What a daemon before this one has told of and goes on still; undefined where nothing tells that any more, because its instance
 * was removed.
 */
const recall = async (services: DaemonServices, id: string): Promise<Known | undefined> => {
  const { alerts, instances } = services.store.state;
  const instance = instances[id];
  if (!instance) return undefined;
  const pids = pidsIn(alerts[alertOf(id)]?.text);
  // The program of the agent itself may run there again.
  const found = (await look(services, instance)).filter(({ pid }) => pids.has(pid));
  const { last, told } = memoryOf(services);
  const known = last.get(id) ?? knownOf(instance, found);
  last.set(id, known);
  for (const { mark } of found) told.add(mark);
  return known;
};

/** Whether any of the processes that were found runs still, and no other that has its id by now. */
const isAnyThere = async (services: DaemonServices, { host, marks }: Known): Promise<boolean> => {
  const now = await services.targetOf({ host }).processes.marks([...marks.keys()]);
  return [...marks].some(([pid, mark]) => now.get(pid) === mark);
};

/** Puts away what is told of processes none of which runs any more: their numbers may be those of others by now. */
export const recordEndedLeft = async (services: DaemonServices): Promise<void> => {
  const { last } = memoryOf(services);
  const ids = Object.keys(services.store.state.alerts).flatMap((alert) =>
    alert.startsWith(ALERT) ? [alert.slice(ALERT.length)] : [],
  );
  await allOrFirstFailure(
    ids.map(async (id) => {
      const known = last.get(id) ?? (await recall(services, id));
      if (known && (await isAnyThere(services, known))) return;
      const because = known ? 'it has ended' : 'nothing tells any more whether it goes on';
      await services.decide((state) =>
        // Others were found meanwhile.
        last.get(id) === known ? clearAlertFacts(state, alertOf(id), because) : [],
      );
    }),
  );
};

const namesOf = (left: readonly Left[]): string => {
  const named = left.slice(0, NAMED).map(({ pid, words }) => `${pid} (${words})`);
  const more = left.length - named.length;
  return `process${left.length === 1 ? '' : 'es'} ${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
};

const textOf = (id: string, left: readonly Left[], isRemoved: boolean): string => {
  const it = left.length === 1 ? 'it' : 'them';
  const where = isRemoved ? 'in the folder of its removed worktree' : 'in its worktree';
  const why = isRemoved
    ? ''
    : `: what ${left.length === 1 ? 'it changes or commits' : 'they change or commit'} there is taken for work of the next task`;
  return `What ${id} has started goes on without it ${where}: ${namesOf(left)}. End ${it} with "kill ${left.map(({ pid }) => pid).join(' ')}", or leave ${it} where that is meant${why}.`;
};

/** The facts that tell a person of what goes on, or that it does no more. */
export const leftBehindFacts = (
  state: State,
  id: string,
  found: News | null,
  isRemoved = false,
): readonly EventDraft[] => {
  if (found === null) return [];
  const { left, isNews } = found;
  const alert = alertOf(id);
  const known = state.alerts[alert];
  if (left.length === 0) return clearAlertFacts(state, alert, 'it has ended');
  const text = textOf(id, left, isRemoved);
  if (known ? known.text === text : !isNews) return [];
  const about = { suggestion: null, instance: null, task: null };
  return [{ type: 'alert.raised', data: { id: alert, severity: 'info', text, ...about } }];
};
