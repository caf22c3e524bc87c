import type { Alert, Alerts } from '../../state/alerts.ts';
import type { State } from '../../state/index.ts';
import type { Instance, Instances } from '../../state/instances.ts';
import type { Task, Tasks } from '../../state/tasks.ts';
import { planOrder } from '../../tasks/select.ts';
import { wordFilter } from './filter-words.ts';

/** The instances that have a pane, in the order in which they were created: stopped ones only when there is no other. */
export const orderedInstances = (instances: Instances): readonly Instance[] => {
  const all = Object.values(instances);
  const present = all.filter((one) => one.state.kind !== 'stopped');
  return present.length > 0 ? present : all;
};

/**
 * The instances with all these words in their name, agent, group, state, question, task or branch; the one that is
 * typed into stays among them, whatever becomes of it meanwhile.
 */
export const matching = (
  instances: readonly Instance[],
  { tasks }: Pick<State, 'tasks'>,
  filter: string,
  typedInto: string | null = null,
): readonly Instance[] => {
  const has = wordFilter(filter);
  if (!has) return instances;
  return instances.filter((one) => {
    if (one.instance_id === typedInto) return true;
    const task = currentTask(one, tasks);
    const about = [one.instance_id, one.agent, one.group, one.state.kind, one.question, one.branch_name];
    return has([...about, task?.id, task?.title].join(' '));
  });
};

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

type Groups = Readonly<Record<TaskGroup, readonly Task[]>>;

// Several regions are drawn from the same state, and a plan may have ten thousand tasks.
const grouped = new WeakMap<Tasks, Groups>();

/** All tasks that are not cancelled, by what people call them, in the order of their plans. */
export const groupedTasks = ({ tasks, specs }: Pick<State, 'tasks' | 'specs'>): Groups => {
  const known = grouped.get(tasks);
  if (known) return known;
  const groups: Record<TaskGroup, Task[]> = { running: [], ready: [], waiting: [], blocked: [], failed: [], done: [] };
  for (const id of planOrder(specs, tasks)) {
    const task = tasks[id]!;
    const group = groupOf(task, tasks);
    if (group) groups[group].push(task);
  }
  grouped.set(tasks, groups);
  return groups;
};

const RANK = { error: 0, warning: 1, info: 2 } as const;

/** The gravest first, of those the latest. */
export const byUrgency = (alerts: readonly Alert[]): readonly Alert[] =>
  alerts.toSorted((a, b) => RANK[a.severity] - RANK[b.severity] || b.raised_at.localeCompare(a.raised_at));

/** The alert that a person should see first: one about what they look at, else the most urgent one. */
export const pressingAlert = (alerts: Alerts, selected: string | null): Alert | undefined => {
  const urgent = byUrgency(Object.values(alerts));
  return urgent.find(({ instance }) => instance !== null && instance === selected) ?? urgent[0];
};

const YOUNG_S = 10;
const STEP_MS = 5000;

/**
 * `12s`, `3m`, `2h`, `4d`: how long ago, in the one unit that matters. From ten seconds on it changes every five, and
 * all ages in the same moment, so that a screen on which nothing happens is hardly ever drawn.
 */
export const ageOf = (since: string, nowMs: number): string => {
  const from = Date.parse(since);
  const exact = Math.max(0, Math.floor((nowMs - from) / 1000));
  if (!Number.isFinite(exact)) return '';
  if (exact < YOUNG_S) return `${exact}s`;
  if (exact < 60) return `${Math.max(YOUNG_S, Math.floor((Math.floor(nowMs / STEP_MS) * STEP_MS - from) / 1000))}s`;
  if (exact < 3600) return `${Math.floor(exact / 60)}m`;
  return exact < 86_400 ? `${Math.floor(exact / 3600)}h` : `${Math.floor(exact / 86_400)}d`;
};
