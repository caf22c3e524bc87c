import type { TaskOrder } from '../state/swarm-settings.ts';
import { PRIORITIES, type Task } from '../state/tasks.ts';

/** A task that could be begun. */
export type Candidate = {
  readonly task: Task;
  /** The weight of the heaviest chain of tasks that begins with it. */
  readonly remaining: number;
  /** Its place among all tasks in the order of the plans. */
  readonly position: number;
};

const byPriority = (a: Candidate, b: Candidate): number =>
  PRIORITIES.indexOf(b.task.priority) - PRIORITIES.indexOf(a.task.priority);

/** Sorts the most pressing task first; the planner hands out by it, and a forecast foretells by it. */
export const comparePressing =
  (order: TaskOrder = 'critical-path') =>
  (a: Candidate, b: Candidate): number =>
    (order === 'fifo' ? 0 : b.remaining - a.remaining) || byPriority(a, b) || a.position - b.position;
