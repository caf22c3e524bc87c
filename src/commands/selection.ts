import { isActive } from '../tasks/startable.ts';
import { z } from 'zod';
import type { State } from '../state/index.ts';
import { INSTANCE_STATES, type Instance } from '../state/instances.ts';
import { isBusy, isPresent } from '../state/moves.ts';
import { TASK_STATES, type Task } from '../state/tasks.ts';
import { isReady, planOrder } from '../tasks/select.ts';
import { groupOf } from '../tasks/task-groups.ts';
import { noneMatches, notFound, oneOnly, unknownState } from './errors.ts';

/** An id or a list of ids, always read as a list. */
export const idsParam = z
  .union([z.string(), z.number(), z.array(z.string())])
  .transform((value) => (Array.isArray(value) ? value : [String(value)]));

/** A yes or no, as the words of a command line say it. */
export const flagParam = z.union([z.boolean(), z.stringbool()]);

const filters = {
  id: idsParam.optional().describe('Which ones'),
  state: idsParam.optional().describe('Only those in this state'),
  except: idsParam.optional().describe('But not these'),
};

/** The parameters that say which instances are meant. */
export const instanceParams = {
  ...filters,
  scope: z.enum(['all', 'last']).optional().describe('all, or the last one launched'),
  group: z.string().optional().describe('Only those of this group'),
};
/** The parameters that say which tasks are meant. */
export const taskParams = {
  ...filters,
  scope: z.enum(['all', 'last', 'next']).optional().describe('all, the last one created, or the next that is ready'),
};
export type Targets = {
  id?: string[] | undefined;
  scope?: string | undefined;
  state?: string[] | undefined;
  except?: string[] | undefined;
  group?: string | undefined;
};

type Words<T> = Readonly<Record<string, (one: T, state: State) => boolean>>;

/** Words for groups of states, beside the states themselves. */
const INSTANCE_WORDS: Words<Instance> = {
  running: (instance) => isBusy(instance.state.kind),
  active: (instance) => isBusy(instance.state.kind),
  live: (instance) => isPresent(instance.state.kind),
};

/** Whether a task can begin, and nobody holds it back. */
const isFree = (task: Task, { tasks }: Pick<State, 'tasks'>): boolean => isReady(task, tasks) && !task.held;

const TASK_WORDS: Words<Task> = {
  ready: isFree,
  waiting: (task, state) => task.state === 'open' && !isReady(task, state.tasks),
  completed: (task) => task.state === 'done',
  pending: (task) => task.state === 'open',
  queued: (task, { tasks }) => groupOf(task, tasks) === 'queued',
  unassigned: (task) => task.assignee === null,
  merged: (task) => task.batch !== null,
  unmerged: (task) => task.state === 'done' && task.batch === null,
  active: (task) => isActive(task),
  archived: (task) => task.archived,
};

/** The record of an id; an unknown id is an error that names the known ones. */
export const lookUp = <T>(records: Readonly<Record<string, T>>, id: string, noun: string): T => {
  if (!Object.hasOwn(records, id)) throw notFound({ noun, id, known: Object.keys(records) });
  return records[id]!;
};

type Kind<T> = {
  readonly noun: string;
  readonly words: Words<T>;
  readonly states: readonly string[];
  readonly stateOf: (one: T) => string;
};

const INSTANCES: Kind<Instance> = {
  noun: 'instance',
  words: INSTANCE_WORDS,
  states: INSTANCE_STATES,
  stateOf: (one) => one.state.kind,
};
const TASKS: Kind<Task> = { noun: 'task', words: TASK_WORDS, states: TASK_STATES, stateOf: (task) => task.state };

/**
 * A test whether a record is in any of the states said; an unknown state is an error, because it would silently match
 * nothing.
 */
const inStates = <T>(state: State, { noun, words, states, stateOf }: Kind<T>, said: readonly string[]) => {
  const tests = said.map((word) => {
    if (Object.hasOwn(words, word)) return words[word]!;
    if (states.includes(word)) return (one: T) => stateOf(one) === word;
    throw unknownState({ noun, state: word, known: [...new Set([...states, ...Object.keys(words)])] });
  });
  return (one: T): boolean => tests.length === 0 || tests.some((test) => test(one, state));
};

const newest = <T extends { readonly created_at: string }>(found: readonly T[]): T[] =>
  found.toSorted((a, b) => (a.created_at < b.created_at ? -1 : a.created_at > b.created_at ? 1 : 0)).slice(-1);

/** The instances that a command's targets mean. */
export const selectInstances = (state: State, targets: Targets): Instance[] => {
  const except = new Set((targets.except ?? []).map((id) => lookUp(state.instances, id, 'instance').instance_id));
  const candidates = targets.id
    ? [...new Set(targets.id)].map((id) => lookUp(state.instances, id, 'instance'))
    : Object.values(state.instances);
  const matches = inStates(state, INSTANCES, targets.state ?? []);
  const group = targets.group === undefined ? undefined : lookUp(state.groups, targets.group, 'group').group_id;
  const found = candidates.filter(
    (one) => !except.has(one.instance_id) && (group === undefined || one.group === group) && matches(one),
  );
  return targets.scope === 'last' ? newest(found) : found;
};

/** The tasks that a command's targets mean, in the order of the plan or as they were named. */
export const selectTasks = (state: State, targets: Targets): Task[] => {
  const except = new Set((targets.except ?? []).map((id) => lookUp(state.tasks, id, 'task').id));
  const ids = targets.id ? [...new Set(targets.id)] : planOrder(state.specs, state.tasks);
  const candidates = ids.map((id) => lookUp(state.tasks, id, 'task'));
  const archived = targets.state?.includes('archived') ?? false;
  const states = targets.state?.filter((word) => word !== 'archived') ?? [];
  const matches = inStates(state, TASKS, states);
  // An archived task is left out until it, or the archived ones, are asked for.
  const shown = (task: Task) => (archived ? task.archived : targets.id !== undefined || !task.archived);
  const found = candidates.filter((task) => !except.has(task.id) && shown(task) && matches(task));
  if (targets.scope === 'next') return found.filter((task) => isFree(task, state)).slice(0, 1);
  return targets.scope === 'last' ? newest(found) : found;
};

/** The selection, which must not be empty. */
export const requireSome = <T>(found: readonly T[], noun: string, targets: Targets): readonly T[] => {
  const place = targets.group === undefined ? '' : ` in ${targets.group}`;
  if (found.length === 0)
    throw noneMatches({
      noun,
      filter: `${targets.state?.join(' or ') ?? (place === '' ? 'there' : '')}${place}`.trim(),
    });
  return found;
};

/** The only id that is named; more than one is an error, for the others would be passed over in silence. */
export const requireOne = (ids: readonly string[], noun: string): string => {
  if (ids.length !== 1) throw oneOnly({ noun, ids });
  return ids[0]!;
};

export const oneInstance = (state: State, ids: readonly string[]): Instance =>
  lookUp(state.instances, requireOne(ids, 'instance'), 'instance');

export const oneTask = (state: State, ids: readonly string[]): Task =>
  lookUp(state.tasks, requireOne(ids, 'task'), 'task');
