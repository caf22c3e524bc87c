import type { State } from '../state/index.ts';
import type { Task } from '../state/tasks.ts';
import { behindGivenUp } from './stranded.ts';

/** Whether the task is in the queue of an instance or being worked on. */
export const isActive = (task: Task): boolean => ['assigned', 'running', 'verifying'].includes(task.state);

/** Whether "run task" takes it. */
export const isStartable = (task: Task): boolean =>
  !task.archived && ['open', 'failed', 'blocked'].includes(task.state);

/** A test whether a task gets done without being asked for once more; nothing does that waits for what was given up. */
export const comingIn = ({ tasks }: Pick<State, 'tasks'>): ((id: string) => boolean) => {
  const never = behindGivenUp(tasks);
  return (id) => {
    const task = tasks[id];
    return task !== undefined && (task.requested || isActive(task)) && !never.has(id);
  };
};
