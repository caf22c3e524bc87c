import type { State } from '../state/index.ts';
import type { Instance } from '../state/instances.ts';
import { isStaying } from '../state/moves.ts';
import type { Specs } from '../state/specs.ts';
import type { Task } from '../state/tasks.ts';

export const pinnedTo = (task: Task): string | null => (task.pinned ? task.assignee : null);

/** Whether the task is real work, of a plan or of a list. */
export const isImported = ({ spec, imported }: Pick<Task, 'spec' | 'imported'>): boolean =>
  spec !== null || imported === true;

/** Whether the task is real work that the instance's agent would only pretend to do, and then tick. */
export const isPretence = (task: Pick<Task, 'spec' | 'imported'>, instance: Pick<Instance, 'takes_plans'>): boolean =>
  isImported(task) && instance.takes_plans === false;

/** The command that plays a plan through in a copy, with agents that only pretend to work. */
export const trialCommand = (specs: Specs, plan: string): string =>
  `test swarm launch tasks="${(specs[plan]?.source ?? plan).replace(/["\\]/gu, String.raw`\$&`)}"`;

/**
 * Whether the task may be done by the instance: the one it is pinned to, or one of the group and agent it is meant for. What
 * was imported is for none that only pretends.
 */
export const mayDo = (task: Task, instance: Instance): boolean =>
  !isPretence(task, instance) &&
  (pinnedTo(task) ?? instance.instance_id) === instance.instance_id &&
  (task.run_group ?? instance.group) === instance.group &&
  (task.run_agent ?? instance.agent) === instance.agent;

/** Who else may do a task that an instance has, whatever it is pinned to. */
export const othersFor = (task: Task, { instances }: Pick<State, 'instances'>): Instance[] =>
  Object.values(instances).filter(
    (one) => one.instance_id !== task.assignee && isStaying(one.state.kind) && mayDo({ ...task, pinned: false }, one),
  );
