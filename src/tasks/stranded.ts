import { valuesOf } from '../lib/records.ts';
import type { State } from '../state/index.ts';
import type { Task, Tasks } from '../state/tasks.ts';
import { gatedGraph, type Needs } from './gates.ts';
import { dependantsIn } from './graph.ts';
import { isRacing } from './race.ts';

/** What of a task is only told when its agent goes on, and nobody knows when that is. */
const UNTOLD: ReadonlySet<string> = new Set(['stuck', 'unknown', 'failed', 'lost']);

/** Whether nobody can tell how long a task still takes, because nobody knows whether its agent goes on. */
export const isUntold = ({ state, assignee }: Task, { instances }: Pick<State, 'instances'>): boolean => {
  const one = state === 'running' && assignee !== null ? instances[assignee] : undefined;
  return one !== undefined && UNTOLD.has(one.state.kind);
};

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

const OVER: ReadonlySet<string> = new Set(['cancelled', 'failed', 'blocked']);

/** Whether nothing comes of a task, unless a person changes that: it was given up, has failed or is blocked. */
export const isOver = ({ state }: Pick<Task, 'state'>): boolean => OVER.has(state);

/** The tasks that do not get done as things stand, and what waits for them; without those that are asked for now. */
export const strandedBehind = (tasks: Tasks, asked: readonly string[]) => {
  const isAsked = new Set(asked);
  const over = valuesOf(tasks).filter((task) => isOver(task) && !isAsked.has(task.id) && !isRacing(task));
  const all = withFollowers(over, tasks);
  const ids = new Set(over.map(({ id }) => id));
  return { isOver: ids, isStranded: (id: string): boolean => all.has(id) && !ids.has(id) };
};
