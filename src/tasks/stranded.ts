import { valuesOf } from '../lib/records.ts';
import type { State } from '../state/index.ts';
import type { Task, Tasks } from '../state/tasks.ts';
import { gatedGraph, type Needs } from './gates.ts';
import { dependantsIn } from './graph.ts';
import { isRacing } from './race.ts';

/** What of a task is only told when its agent goes on, and nobody knows when that is. */
const UNTOLD: ReadonlySet<string> = new Set(['stuck', 'unknown', 'paused', 'failed', 'lost']);

/** Whether nobody can tell how long a task still takes, because nobody knows whether its agent goes on. */
export const isUntold = ({ state, assignee }: Task, { instances }: Pick<State, 'instances'>): boolean => {
  const one = state === 'running' && assignee !== null ? instances[assignee] : undefined;
  return one !== undefined && UNTOLD.has(one.state.kind);
};

/** Whether its agent stands still at a question in the middle of a task: that goes on when a person has answered. */
export const isAsking = (
  { state, run }: Pick<Task, 'state' | 'run'>,
  { instances }: Pick<State, 'instances'>,
): boolean => state === 'running' && run !== null && instances[run.instance]?.state.kind === 'waiting';

const isBegun = (task: Task): boolean => task.state === 'running' || task.state === 'verifying' || isRacing(task);

/** These tasks and what waits for one of them, however far back. What is begun or done waits for nothing any more. */
export const withFollowers = (
  first: readonly Task[],
  tasks: Tasks,
  needs: (task: Task) => Needs = (task) => task,
): ReadonlySet<string> => {
  const found = new Set(first.map(({ id }) => id));
  if (found.size === 0) return found;
  const open = valuesOf(tasks).filter((task) => task.state !== 'done');
  // Gates are nodes of their own: pairs of very many tasks would be millions.
  const waits = (task: Task): Needs => (isBegun(task) ? { ...needs(task), dependencies: [] } : needs(task));
  const followers = dependantsIn(gatedGraph(open.map((task) => [task.id, waits(task)])));
  for (const id of found) for (const follower of followers.get(id) ?? []) found.add(follower);
  return found;
};

/**
 * Whether nobody does a task any more, because a person has cancelled it, or put it away before it was done. Racers are put
 * away from the beginning.
 */
export const isGivenUp = (task: Task): boolean =>
  task.race_of === undefined &&
  (task.state === 'cancelled' || (task.archived && task.state !== 'done' && !isBegun(task)));

/** The same by what tasks would wait for. */
export const behindGivenUpBy = (tasks: Tasks, needs: (task: Task) => Needs): ReadonlySet<string> =>
  withFollowers(valuesOf(tasks).filter(isGivenUp), tasks, needs);

/** What was given up, and what waits for it however far back, and so for ever. */
export const behindGivenUp = (tasks: Tasks): ReadonlySet<string> => {
  const known = never.get(tasks);
  if (known) return known;
  const found = withFollowers(valuesOf(tasks).filter(isGivenUp), tasks);
  never.set(tasks, found);
  return found;
};

// It is found once for each state: thousands of tasks may be asked about.
const never = new WeakMap<Tasks, ReadonlySet<string>>();

const OVER: ReadonlySet<string> = new Set(['cancelled', 'failed', 'blocked']);

/** Whether nothing comes of a task, unless a person changes that: it was given up, has failed or is blocked. */
export const isOver = (task: Task): boolean => OVER.has(task.state) || isGivenUp(task);

/** Whether nobody has asked for a task that nobody has begun. */
const isUnasked = ({ state, requested, race_of }: Task): boolean =>
  state === 'open' && !requested && race_of === undefined;

/** The tasks that do not get done as things stand, and what waits for them; without those that are asked for now. */
export const strandedBehind = (tasks: Tasks, asked: readonly string[]) => {
  const isAsked = new Set(asked);
  const over = valuesOf(tasks).filter(
    (task) => (isOver(task) || isUnasked(task)) && !isAsked.has(task.id) && !isRacing(task),
  );
  const all = withFollowers(over, tasks);
  const ids = new Set(over.map(({ id }) => id));
  return { isOver: ids, isStranded: (id: string): boolean => all.has(id) && !ids.has(id) };
};
