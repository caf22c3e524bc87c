import type { State } from '../state/index.ts';
import type { Task, Tasks } from '../state/tasks.ts';
import { isRacing } from './race.ts';
import { hasAll, planOrder } from './select.ts';
import { isGivenUp } from './stranded.ts';

export const TASK_GROUPS = ['running', 'queued', 'ready', 'held', 'waiting', 'blocked', 'failed', 'done'] as const;

export type TaskGroup = (typeof TASK_GROUPS)[number];

/** Groups all tasks that were not given up, without racers, by where they stand, each group in the order of the plans. */
export const groupTasks = ({ tasks, specs }: Pick<State, 'tasks' | 'specs'>): TaskGroups => {
  const known = grouped.get(tasks);
  if (known) return known;
  const groups: Record<TaskGroup, Task[]> = {
    running: [],
    queued: [],
    ready: [],
    held: [],
    waiting: [],
    blocked: [],
    failed: [],
    done: [],
  };
  for (const id of planOrder(specs, tasks)) {
    const task = tasks[id]!;
    if (task.race_of !== undefined) continue;
    const group = groupOf(task, tasks);
    if (group) groups[group].push(task);
  }
  grouped.set(tasks, groups);
  return groups;
};

/** The groups as they are listed: what is archived is done, and put out of the way. */
export const listedTasks = (state: Pick<State, 'tasks' | 'specs'>): TaskGroups => {
  const groups = groupTasks(state);
  return { ...groups, done: groups.done.filter(({ archived }) => !archived) };
};

/**
 * Where a task stands; undefined for one that was cancelled, or archived before it was done. A queued one starts by itself as
 * soon as an instance is free; a ready one starts only when somebody asks for it, and one that is held back not even then.
 */
export const groupOf = (task: Task, tasks: Tasks): TaskGroup | undefined => {
  if (AT_WORK.has(task.state) || isRacing(task)) return 'running';
  if (task.state === 'cancelled' || isGivenUp(task)) return undefined;
  if (isHeldBack(task)) return 'held';
  if (!NOT_BEGUN.has(task.state)) return task.state as TaskGroup;
  // Whoever has it does not begin it before that.
  if (!hasAll(task, tasks)) return 'waiting';
  return task.state === 'assigned' || task.requested ? 'queued' : 'ready';
};

/** Whether a person holds a task back that nobody has begun. */
export const isHeldBack = ({ held, state }: Pick<Task, 'held' | 'state'>): boolean => held && NOT_BEGUN.has(state);

export type TaskGroups = Readonly<Record<TaskGroup, readonly Task[]>>;

// Groups are made once for each state: several panels are drawn from it, and a plan may have ten thousand tasks.
const grouped = new WeakMap<Tasks, TaskGroups>();

const AT_WORK = new Set(['running', 'verifying']);
const NOT_BEGUN = new Set(['open', 'assigned']);
