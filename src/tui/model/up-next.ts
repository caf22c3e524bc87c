import type { State } from '../../state/index.ts';
import type { Task } from '../../state/tasks.ts';
import { hasAll } from '../../tasks/select.ts';
import { groupTasks } from '../../tasks/task-groups.ts';
import type { ScreenModel } from './screen-model.ts';

const BEGUN: ReadonlySet<string> = new Set(['running', 'verifying', 'done', 'failed', 'cancelled']);

/** Whether a task that was foretold to begin next is still to be begun. */
export const isToBegin = ({ tasks }: Pick<State, 'tasks'>, next: string | null): boolean => {
  const task = tasks[next ?? ''];
  return task !== undefined && !BEGUN.has(task.state);
};

/**
 * The task that begins next: what is foretold, which may be some seconds old, unless it has begun since; else the first that
 * is queued and waits for no other.
 */
export const upNext = ({ state, outlook }: Pick<ScreenModel, 'state' | 'outlook'>): Task | undefined => {
  return isToBegin(state, outlook.next)
    ? state.tasks[outlook.next!]
    : groupTasks(state).queued.find((task) => hasAll(task, state.tasks));
};
