import type { Task, TaskPatch, Tasks } from './tasks.ts';

/**
 * The few tasks with which something goes on, beside the many that rest: whoever looks after every change goes through
 * these alone, so that a change costs what it changes and not what there is.
 */
type Live = {
  /** At work, judged, failed, verified and not merged, or raced for. */
  readonly stirring: Map<string, Task>;
  /** Asked for and not begun. */
  readonly wanted: Map<string, Task>;
  /** When each id was first met, which is the order of the tasks themselves. */
  readonly met: Map<string, number>;
};

const lives = new WeakMap<Tasks, Live>();

const isStirring = ({ state, race, run, batch }: Task): boolean =>
  race !== undefined ||
  state === 'running' ||
  state === 'verifying' ||
  state === 'failed' ||
  (state === 'done' && run !== null && batch === null);

const isWanted = ({ state, requested }: Task): boolean => state === 'open' && requested;

const put = (tasks: Map<string, Task>, task: Task, belongs: boolean): void => {
  if (belongs) tasks.set(task.id, task);
  else tasks.delete(task.id);
};

let meetings = 0;

const note = ({ stirring, wanted, met }: Live, id: string, task: Task | null): void => {
  if (task === null) {
    for (const map of [stirring, wanted, met]) map.delete(id);
    return;
  }
  if (!met.has(id)) {
    meetings += 1;
    met.set(id, meetings);
  }
  put(stirring, task, isStirring(task));
  put(wanted, task, isWanted(task));
};

const liveOf = (tasks: Tasks): Live => {
  const known = lives.get(tasks);
  if (known) return known;
  const live: Live = { stirring: new Map(), wanted: new Map(), met: new Map() };
  for (const [id, task] of Object.entries(tasks)) note(live, id, task);
  lives.set(tasks, live);
  return live;
};

/**
 * Carries on what is known of tasks to those that came of them by a patch, which may be the same object. What came before
 * is forgotten by that: it is found again, by going through all, should anybody look at it once more.
 */
export const carryLive = (before: Tasks, after: Tasks, patch: TaskPatch): void => {
  const live = lives.get(before);
  if (!live) return;
  lives.delete(before);
  for (const [id, task] of Object.entries(patch)) note(live, id, task);
  lives.set(after, live);
};

/** Whole numbers come first in an object, by size; all others as they came. */
const numberIn = (id: string): number => (/^(?:0|[1-9]\d{0,8})$/u.test(id) ? Number(id) : Number.POSITIVE_INFINITY);

const inOrder = (tasks: ReadonlyMap<string, Task>, { met }: Live): Task[] =>
  [...tasks.values()].toSorted((a, b) => {
    const [one, other] = [numberIn(a.id), numberIn(b.id)];
    return one === other ? met.get(a.id)! - met.get(b.id)! : one - other;
  });

/** The tasks that are at work, judged, failed, verified and not merged, or raced for, in the order of the tasks. */
export const stirringTasks = (tasks: Tasks): Task[] => {
  const live = liveOf(tasks);
  return inOrder(live.stirring, live);
};

/** The tasks that are asked for and not begun, in the order of the tasks. */
export const wantedTasks = (tasks: Tasks): Task[] => {
  const live = liveOf(tasks);
  return inOrder(live.wanted, live);
};
