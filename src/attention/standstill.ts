import { counted } from '../lib/names.ts';
import { valuesOf } from '../lib/records.ts';
import { saidId, saidIds } from '../protocol/say.ts';
import type { State } from '../state/index.ts';
import type { Instance } from '../state/instances.ts';
import { isHeld } from '../state/moves.ts';
import { reviewOf } from '../state/reviews.ts';
import type { Task } from '../state/tasks.ts';
import { mayDo } from '../tasks/may-do.ts';
import { busyIn } from '../tasks/plan.ts';
import { isRacing } from '../tasks/race.ts';
import { hasAll } from '../tasks/select.ts';
import type { TaskGroups } from '../tasks/task-groups.ts';

/** What stands still until somebody lets it go on, and the command that does. */
export type Standstill = { readonly why: string; readonly command: string; readonly isPressing: boolean };

type Scene = {
  readonly state: State;
  readonly groups: TaskGroups;
  /** Instances that take tasks, now or when they are done with theirs. */
  readonly present: readonly Instance[];
};

/** So many tasks are named in one command. */
const MOST_NAMED = 5;

/** Whether its agent was paused in the middle of it. */
export const isFrozenWork = (task: Task, { instances }: Pick<State, 'instances'>): boolean => {
  const one = task.state === 'running' && !isRacing(task) ? instances[task.run?.instance ?? ''] : undefined;
  return one !== undefined && isHeld(one);
};

/** Work that goes on only when agents do that are paused: what is queued for them alone, and what they have begun where nobody else is at work. */
export const pausedWork = ({ state, groups, present }: Scene): Standstill[] => {
  const begun = groups.running.filter((task) => isFrozenWork(task, state));
  const isStill = begun.length === groups.running.length;
  const able = (task: Task): readonly Instance[] => present.filter((one) => mayDo(task, one));
  // Another one may be busy, and take it then.
  const queued = groups.queued.filter((task) => able(task).length > 0 && able(task).every(isHeld));
  const tasks = isStill ? [...begun, ...queued] : queued;
  if (tasks.length === 0) return [];
  const runners = tasks.flatMap((task) => (begun.includes(task) ? [task.run!.instance] : []));
  const takers = queued.flatMap((task) => able(task).map(({ instance_id }) => instance_id));
  const ids = [...new Set([...runners, ...takers])];
  const [noun, them] = ids.length === 1 ? ['instance', 'it'] : ['instances', 'them'];
  const wait = tasks.length === 1 ? 'waits' : 'wait';
  const why = `${counted(ids.length, 'agent')} paused, ${counted(tasks.length, 'task')} ${wait} for ${them}`;
  return [{ why, command: `resume ${noun} ${saidIds(ids)}`, isPressing: isStill }];
};

/** Whether an instance would take a task at once. */
export const isFree = ({ state, hold }: Instance): boolean => state.kind === 'idle' && hold === null;

/** Those of the tasks that are asked for which nobody begins before a person has assigned them: all, where people hand them out. */
export const tasksToAssign = ({ queued }: Pick<TaskGroups, 'queued'>, isManual: boolean): readonly Task[] =>
  isManual ? queued.filter(({ assignee }) => assignee === null) : [];

/** Tasks that are asked for where people hand them out, and for which somebody is free; the first of them, and who may do it. */
export const unassignedWork = ({ state, groups, present }: Scene): Standstill[] => {
  const busy = busyIn(state);
  const free = present.filter(
    (one) =>
      isFree(one) && !busy.has(one.instance_id) && !groups.queued.some((task) => task.assignee === one.instance_id),
  );
  const tasks = tasksToAssign(groups, true);
  const [first] = tasks.flatMap((task) => {
    const one = free.find((other) => mayDo(task, other));
    return one ? [{ task, one }] : [];
  });
  if (!first || state.swarm.paused) return [];
  const wait = tasks.length === 1 ? 'waits' : 'wait';
  const why = `${counted(free.length, 'agent')} idle, ${counted(tasks.length, 'task')} ${wait} for somebody to assign ${tasks.length === 1 ? 'it' : 'them'}`;
  const command = `assign task ${saidId(first.task.id)} to ${saidId(first.one.instance_id)}`;
  return [{ why, command, isPressing: true }];
};

/** So many agents are started again in one command. */
const MOST_STARTED = 3;

/** Agents that somebody has ended, and that are there to be started again. */
export const stoppedIn = ({ instances }: Pick<State, 'instances'>): readonly Instance[] =>
  valuesOf(instances).filter(({ state }) => state.kind === 'stopped');

/** Whom these tasks are for, one for each as far as there are some, and no more than so many. */
const takersAmong = (all: readonly Instance[], tasks: readonly Task[], most: number): readonly Instance[] => {
  const taken = new Set<Instance>();
  for (const task of tasks) {
    if (taken.size >= most) break;
    const one = all.find((other) => !taken.has(other) && mayDo(task, other));
    if (one) taken.add(one);
  }
  return [...taken];
};

/** Work that nobody here may do, and agents may that were stopped, where so many more may live. */
export const stoppedWork = ({ state, groups, present }: Scene, places: number): Standstill[] => {
  const stopped = stoppedIn(state);
  const tasks = [...groups.ready, ...groups.queued].filter(
    (task) => stopped.some((one) => mayDo(task, one)) && !present.some((one) => mayDo(task, one)),
  );
  const takers = takersAmong(stopped, tasks, Math.min(MOST_STARTED, places));
  if (takers.length === 0) return [];
  const ids = takers.map(({ instance_id }) => instance_id);
  const which = groups.queued.length > 0 ? 'to do' : 'ready';
  const agents = `${counted(ids.length, 'agent')} stopped that may do ${tasks.length === 1 ? 'it' : 'them'}`;
  const why = `${counted(tasks.length, 'task')} ${which}, ${agents}`;
  const noun = ids.length === 1 ? 'instance' : 'instances';
  return [{ why, command: `restart ${noun} ${saidIds(ids)}`, isPressing: true }];
};

/** Tasks that could begin but for a person who holds them back; what somebody has taken over is in the hands of that person. */
export const heldWork = ({ state, groups, present }: Scene): Standstill[] => {
  const tasks = groups.held.filter(
    (task) => hasAll(task, state.tasks) && reviewOf(state.reviews, task.id).taken_over === null,
  );
  const [first] = tasks;
  if (!first) return [];
  const named = tasks.length === 1 ? `task ${saidId(first.id)}` : `tasks ${saidIds(tasks.map(({ id }) => id))}`;
  const others = groups.running.length + groups.queued.length + groups.ready.length;
  return [
    {
      why: `${counted(tasks.length, 'task')} held back`,
      command: tasks.length > MOST_NAMED ? 'list tasks' : `resume ${named}`,
      isPressing: others === 0 && present.length > 0,
    },
  ];
};
