import type { Alert, Alerts } from '../state/alerts.ts';
import type { Instance, Instances } from '../state/instances.ts';
import type { Task, Tasks } from '../state/tasks.ts';
import { MARKS } from './state-marks.ts';

/** The instances that have a pane, in the order in which they were created: stopped ones only when there is no other. */
export const orderedInstances = (instances: Instances): readonly Instance[] => {
  const all = Object.values(instances);
  const present = all.filter((one) => one.state.kind !== 'stopped');
  return present.length > 0 ? present : all;
};

export const needsAttention = (instance: Instance): boolean => MARKS[instance.state.kind].attention;

/** The task at the head of an instance's queue. */
export const currentTask = (instance: Instance, tasks: Tasks): Task | undefined =>
  tasks[instance.task_assignments[0] ?? ''];

export const TASK_GROUPS = ['running', 'ready', 'waiting', 'blocked', 'failed', 'done'] as const;
export type TaskGroup = (typeof TASK_GROUPS)[number];

const AT_WORK = new Set(['assigned', 'running', 'verifying']);

const groupOf = (task: Task, tasks: Tasks): TaskGroup | undefined => {
  if (AT_WORK.has(task.state)) return 'running';
  if (task.state === 'cancelled') return undefined;
  if (task.state !== 'open') return task.state as TaskGroup;
  return task.dependencies.every((id) => tasks[id]?.state === 'done') ? 'ready' : 'waiting';
};

/** All tasks that are not cancelled, by what people call them. */
export const groupedTasks = (tasks: Tasks): Readonly<Record<TaskGroup, readonly Task[]>> => {
  const groups: Record<TaskGroup, Task[]> = { running: [], ready: [], waiting: [], blocked: [], failed: [], done: [] };
  for (const task of Object.values(tasks)) {
    const group = groupOf(task, tasks);
    if (group) groups[group].push(task);
  }
  return groups;
};

const RANK = { error: 0, warning: 1, info: 2 } as const;

/** The alert that a person should see first: one about what they look at, else the gravest, of those the latest. */
export const pressingAlert = (alerts: Alerts, selected: string | null): Alert | undefined => {
  const about = (alert: Alert): number => (alert.instance !== null && alert.instance === selected ? 0 : 1);
  return Object.values(alerts).toSorted(
    (a, b) => about(a) - about(b) || RANK[a.severity] - RANK[b.severity] || b.raised_at.localeCompare(a.raised_at),
  )[0];
};

/** `12s`, `3m`, `2h`, `4d`: how long ago, in the one unit that matters. */
export const ageOf = (since: string, nowMs: number): string => {
  const seconds = Math.max(0, Math.floor((nowMs - Date.parse(since)) / 1000));
  if (!Number.isFinite(seconds)) return '';
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m`;
  return seconds < 86_400 ? `${Math.floor(seconds / 3600)}h` : `${Math.floor(seconds / 86_400)}d`;
};
