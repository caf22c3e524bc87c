import { valuesOf } from '../lib/records.ts';
import type { State } from '../state/index.ts';
import type { Specs } from '../state/specs.ts';
import type { TaskOrder } from '../state/swarm-settings.ts';
import { PRIORITIES, type Task, type Tasks } from '../state/tasks.ts';
import { remainingPath } from './graph.ts';
import { graphOf, planOrder } from './select.ts';

/** A task that could be begun. */
export type Candidate = {
  readonly task: Task;
  /** The weight of the heaviest chain of tasks that begins with it. */
  readonly remaining: number;
  /** Its place among all tasks in the order of the plans. */
  readonly position: number;
  /** How many of its group come before it. */
  readonly turn: number;
};

/** The turn of each task among those of its group, by the order in which the tasks are given; one without a group stands alone. */
export const turnsIn = (tasks: readonly Task[]): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  return new Map(
    tasks.map((task) => {
      const key = task.group === null ? `task ${task.id}` : `group ${task.spec} ${task.group}`;
      const turn = counts.get(key) ?? 0;
      counts.set(key, turn + 1);
      return [task.id, turn];
    }),
  );
};

/** By which a task is more pressing than another one: see {@link Candidate}. */
type Ranks = { readonly [Key in 'remaining' | 'position' | 'turn']: ReadonlyMap<string, number> };

const isUnfinished = ({ state }: Task): boolean => state !== 'done' && state !== 'cancelled';

const rankOf = ({ specs, tasks }: Pick<State, 'specs' | 'tasks'>): Ranks => {
  const ids = planOrder(specs, tasks).filter((id) => isUnfinished(tasks[id]!));
  return {
    position: new Map(ids.map((id, index) => [id, index])),
    remaining: remainingPath(graphOf(ids, tasks), (id) => tasks[id]!.complexity_score),
    turn: turnsIn(ids.map((id) => tasks[id]!)),
  };
};

/** Whether nothing has changed of a task by which it, or another one, is ranked. */
const isAsBefore = (one: Task, before: Task | undefined): boolean =>
  one === before ||
  (one.id === before?.id &&
    isUnfinished(one) === isUnfinished(before) &&
    one.dependencies === before.dependencies &&
    one.opens === before.opens &&
    one.complexity_score === before.complexity_score &&
    one.group === before.group &&
    one.spec === before.spec);

const areAsBefore = (tasks: Tasks, before: Tasks): boolean => {
  if (tasks === before) return true;
  const [now, then] = [valuesOf(tasks), valuesOf(before)];
  return now.length === then.length && now.every((task, index) => isAsBefore(task, then[index]));
};

// Nearly every change leaves all ranks as they were, and the planner asks after each: there may be thousands of tasks.
let last: { readonly specs: Specs; readonly tasks: Tasks; readonly ranks: Ranks } | undefined;

/** How pressing each task is that has not ended. */
export const ranksIn = ({ specs, tasks }: Pick<State, 'specs' | 'tasks'>): Ranks => {
  const ranks = last?.specs === specs && areAsBefore(tasks, last.tasks) ? last.ranks : rankOf({ specs, tasks });
  last = { specs, tasks, ranks };
  return ranks;
};

/** By how much the second is more pressing by the order alone. */
const byOrder: Record<TaskOrder, (a: Candidate, b: Candidate) => number> = {
  'critical-path': (a, b) => b.remaining - a.remaining,
  fifo: () => 0,
  'load-balance': (a, b) => b.task.complexity_score - a.task.complexity_score,
  'spread-groups': (a, b) => a.turn - b.turn,
  manual: () => 0,
};

const byPriority = (a: Candidate, b: Candidate): number =>
  PRIORITIES.indexOf(b.task.priority) - PRIORITIES.indexOf(a.task.priority);

/** Sorts the most pressing task first; the planner hands out by it, and a forecast foretells by it. */
export const comparePressing =
  (order: TaskOrder = 'critical-path') =>
  (a: Candidate, b: Candidate): number =>
    byOrder[order](a, b) || byPriority(a, b) || a.position - b.position;
