import { valuesOf } from '../../lib/records.ts';
import type { State } from '../../state/index.ts';
import type { Instance, Instances } from '../../state/instances.ts';
import type { Task, Tasks } from '../../state/tasks.ts';
import { wordFilter } from './word-filter.ts';

/** The instances that have a pane, in the order of their creation; stopped ones only when there is no other. */
export const paneInstances = (instances: Instances): readonly Instance[] => {
  const all = Object.values(instances);
  const present = all.filter((one) => one.state.kind !== 'stopped');
  return present.length > 0 ? present : all;
};

/**
 * The instances with all these words in their name, agent, group, state, question, task or branch; the one that is
 * typed into stays among them, whatever becomes of it meanwhile.
 */
export const filterInstances = (
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

/** The tasks that ended last: that of each instance, well or not, and of those that are done the latest. */
type LastTasks = { readonly byInstance: ReadonlyMap<string, Task>; readonly done: Task | undefined };

// Found once for all panes: a plan may have thousands of tasks.
const lastTasks = new WeakMap<Tasks, LastTasks>();

const findLastTasks = (tasks: Tasks): LastTasks => {
  const last = new Map<string, Task>();
  let done: Task | undefined;
  for (const task of valuesOf(tasks)) {
    const { run } = task;
    const ended = run?.ended_at ?? null;
    if (!run || ended === null || !['done', 'failed'].includes(task.state)) continue;
    const known = last.get(run.instance)?.run?.ended_at ?? '';
    if (ended >= known) last.set(run.instance, task);
    if (task.state === 'done' && task.race_of === undefined && ended >= (done?.run?.ended_at ?? '')) done = task;
  }
  return { byInstance: last, done };
};

const lastTasksIn = (tasks: Tasks): LastTasks => {
  const found = lastTasks.get(tasks) ?? findLastTasks(tasks);
  lastTasks.set(tasks, found);
  return found;
};

/** The task that an instance ended last, well or not. */
export const lastTaskOf = (tasks: Tasks, instance: string): Task | undefined =>
  lastTasksIn(tasks).byInstance.get(instance);

/** The task that was done last, whoever did it. */
export const lastDone = (tasks: Tasks): Task | undefined => lastTasksIn(tasks).done;

/** Sorts instances as a person asked for; instances that the order does not name come last, as they were. */
export const sortInstances = (instances: readonly Instance[], order: readonly string[] | null): readonly Instance[] => {
  if (!order) return instances;
  const rank = new Map(order.map((id, i) => [id, i]));
  const rankOf = ({ instance_id: id }: Instance): number => rank.get(id) ?? order.length;
  return instances.toSorted((a, b) => rankOf(a) - rankOf(b));
};
