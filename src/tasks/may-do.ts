import type { Instance } from '../state/instances.ts';
import type { Task } from '../state/tasks.ts';

export const pinnedTo = (task: Task): string | null => (task.pinned ? task.assignee : null);

/** Whether the task may be done by the instance: the one it is pinned to, or one of the group and agent it is meant for. */
export const mayDo = (task: Task, instance: Instance): boolean =>
  (pinnedTo(task) ?? instance.instance_id) === instance.instance_id &&
  (task.run_group ?? instance.group) === instance.group &&
  (task.run_agent ?? instance.agent) === instance.agent;
