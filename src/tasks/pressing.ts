import type { TaskOrder } from '../state/swarm-settings.ts';
import { PRIORITIES, type Task } from '../state/tasks.ts';

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
