import type { Task } from '../../state/tasks.ts';
import { isHeldBack } from '../../tasks/task-groups.ts';

/**
 * What has a task begin, by how it stands. Only what failed is tried again: of what is done, `run` is refused with what would do it once
 * more, so that no finished work goes by one key.
 */
export const startVerb = (task: Task | undefined): 'retry' | 'resume' | 'run' =>
  task?.state === 'failed' ? 'retry' : task && isHeldBack(task) ? 'resume' : 'run';
