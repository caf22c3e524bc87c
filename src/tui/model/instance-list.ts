import { valuesOf } from '../../lib/records.ts';
import type { State } from '../../state/index.ts';
import type { Instance, Instances } from '../../state/instances.ts';
import type { Run, Task, Tasks } from '../../state/tasks.ts';
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

/** A run that is over, and its task, which may have gone on without it: with somebody else, or not at all. */
type Past = { readonly task: Task; readonly run: Run };

/** What ended last: the run of each instance, well or not, and of the tasks that are done the latest. */
type LastTasks = { readonly byInstance: ReadonlyMap<string, Past>; readonly done: Task | undefined };

// Found once for all panes: a plan may have thousands of tasks.
const lastTasks = new WeakMap<Tasks, LastTasks>();

/** When a run was over; a task that was cancelled in the middle of one leaves it without an end. */
const overAt = ({ run: current }: Task, run: Run): string | null =>
  run.ended_at ?? (run === current ? null : run.started_at);

const endedAt = ({ run }: Task): string => run?.ended_at ?? '';

const findLastTasks = (tasks: Tasks): LastTasks => {
  const last = new Map<string, Past & { readonly at: string }>();
  const note = (task: Task, run: Run): void => {
    const at = overAt(task, run);
    if (at !== null && at >= (last.get(run.instance)?.at ?? '')) last.set(run.instance, { task, run, at });
  };
  let done: Task | undefined;
  for (const task of valuesOf(tasks)) {
    for (const run of task.history) note(task, run);
    if (task.run) note(task, task.run);
    const isDone = task.state === 'done' && task.race_of === undefined && endedAt(task) !== '';
    if (isDone && (!done || endedAt(task) >= endedAt(done))) done = task;
  }
  return { byInstance: last, done };
};

const lastTasksIn = (tasks: Tasks): LastTasks => {
  const found = lastTasks.get(tasks) ?? findLastTasks(tasks);
  lastTasks.set(tasks, found);
  return found;
};

/** The run that an instance ended last, well or not, and its task. */
export const lastRunOf = (tasks: Tasks, instance: string): Past | undefined =>
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
