import { z } from 'zod';
import { type Group, groupSchema } from '../../state/groups.ts';
import type { EventDraft, State } from '../../state/index.ts';
import type { Instance } from '../../state/instances.ts';
import type { Task } from '../../state/tasks.ts';
import { planOrder, progress } from '../../tasks/select.ts';
import { badGroup } from '../errors.ts';
import { idsParam, lookUp } from '../selection.ts';

/** The groups that a command is about. */
export const groupIds = idsParam.describe('Which groups');

/** The word that says that an instance belongs to no group. */
export const NO_GROUP = 'none';

const NAME = /^[\p{L}\p{N}][\p{L}\p{M}\p{N}._-]{0,39}$/u;

/** The facts that make a group, where it is not there yet. A name that could be taken for something else is refused. */
export const groupFacts = (state: State, group_id: string, description = ''): EventDraft[] => {
  if (Object.hasOwn(state.groups, group_id)) return [];
  const taken = Object.hasOwn(state.instances, group_id);
  if (!NAME.test(group_id) || group_id === NO_GROUP || taken)
    throw badGroup({ group: group_id, issue: taken ? 'an instance is called so' : 'the name does not fit' });
  return [{ type: 'group.created', data: { group_id, description } }];
};

/** The members of one group. */
export const membersIn = (state: State, group_id: string): Instance[] =>
  Object.values(state.instances).filter((one) => one.group === group_id);

/** The members of these groups; an unknown group is an error. */
export const membersOf = (state: State, ids: readonly string[]): Instance[] => {
  const groups = ids.map((id) => lookUp(state.groups, id, 'group').group_id);
  return Object.values(state.instances).filter((one) => one.group !== null && groups.includes(one.group));
};

/** The facts that put instances into a group, or out of theirs. */
export const joinFacts = (instances: readonly Instance[], group: string | null): EventDraft[] =>
  instances
    .filter((one) => one.group !== group)
    .map(({ instance_id }): EventDraft => ({ type: 'instance.grouped', data: { instance_id, group } }));

/** The tasks of a group: those that are for it, and those that its members have or had last. */
export const tasksOf = (state: State, group_id: string): Task[] => {
  const members = new Set(membersIn(state, group_id).map((one) => one.instance_id));
  return planOrder(state.specs, state.tasks)
    .map((id) => state.tasks[id]!)
    .filter((task) => task.run_group === group_id || members.has(task.assignee ?? task.run?.instance ?? ''));
};

export const groupRecordSchema = groupSchema.extend({
  members: z.array(z.object({ instance_id: z.string(), state: z.string(), tasks: z.array(z.string()) })),
  tasks: z.array(z.string()).describe('Tasks for the group, and those that its members have or had last'),
  total: z.number().int().describe('Those to be done: without what was cancelled, or archived before it was done'),
  done: z.number().int(),
  unchecked: z.number().int().describe('Those of the done that no check has looked at'),
  percent: z.number().int().describe('Of the work, as complexity weighs it'),
});
export type GroupRecord = z.infer<typeof groupRecordSchema>;

/** A group with its members, their tasks, and how far they are. */
export const groupRecord = (state: State, group: Group): GroupRecord => {
  const tasks = tasksOf(state, group.group_id).map((task) => task.id);
  const { total, done, unchecked, percent } = progress({ tasks }, state.tasks);
  const members = membersIn(state, group.group_id).map((one) => ({
    instance_id: one.instance_id,
    state: one.state.kind,
    tasks: [...one.task_assignments],
  }));
  return { ...group, members, tasks, total, done, unchecked, percent };
};
