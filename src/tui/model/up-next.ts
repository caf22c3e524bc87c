import type { Task } from '../../state/tasks.ts';
import { hasAll } from '../../tasks/select.ts';
import { groupTasks } from '../../tasks/task-groups.ts';
import type { ScreenModel } from './screen-model.ts';

const BEGUN: ReadonlySet<string> = new Set(['running', 'verifying', 'done', 'failed', 'cancelled']);

/**
 * The task that begins next: what is foretold, which may be some seconds old, unless it has begun since; else the first that
 * is queued and waits for no other.
 */
export const upNext = ({ state, outlook }: Pick<ScreenModel, 'state' | 'outlook'>): Task | undefined => {
  const foretold = state.tasks[outlook.next ?? ''];
  return foretold && !BEGUN.has(foretold.state)
    ? foretold
    : groupTasks(state).queued.find((task) => hasAll(task, state.tasks));
};
