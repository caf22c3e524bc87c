import { z } from 'zod';
import { nearest } from '../lib/text.ts';
import type { State } from '../state/index.ts';
import type { Instance } from '../state/instances.ts';
import { isBusy, isPresent } from '../state/moves.ts';
import type { Task } from '../state/tasks.ts';
import { isReady } from '../tasks/select.ts';
import { noneMatches, notFound } from './errors.ts';

/** An id or a list of ids, always read as a list. */
export const idsParam = z
  .union([z.string(), z.number(), z.array(z.string())])
  .transform((value) => (Array.isArray(value) ? value : [String(value)]));
export const statesParam = z
  .union([z.string(), z.array(z.string())])
  .transform((value) => (Array.isArray(value) ? value : [value]));

/** The parameters that say which ones are meant. */
export const targetParams = {
  id: idsParam.optional().describe('Which ones'),
  scope: z.enum(['all', 'other', 'last', 'next']).optional().describe('all, or next'),
  state: statesParam.optional().describe('Only those in this state'),
  except: idsParam.optional().describe('But not these'),
};
export type Targets = {
  id?: string[] | undefined;
  scope?: string | undefined;
  state?: string[] | undefined;
  except?: string[] | undefined;
};

/** Words for groups of states, beside the states themselves. */
const INSTANCE_WORDS: Readonly<Record<string, (instance: Instance) => boolean>> = {
  running: (instance) => isBusy(instance.state.kind),
  active: (instance) => isBusy(instance.state.kind),
  live: (instance) => isPresent(instance.state.kind),
};

const TASK_WORDS: Readonly<Record<string, (task: Task, state: State) => boolean>> = {
  ready: (task, state) => isReady(task, state.tasks),
  completed: (task) => task.state === 'done',
  pending: (task) => task.state === 'open',
  unassigned: (task) => task.assignee === null,
  merged: (task) => task.batch !== null,
  active: (task) => ['assigned', 'running', 'verifying'].includes(task.state),
};

const known = <T>(records: Readonly<Record<string, T>>, ids: readonly string[], noun: string): T[] =>
  ids.map((id) => {
    const record = Object.hasOwn(records, id) ? records[id] : undefined;
    if (record === undefined)
      throw notFound({ noun, id, known: Object.keys(records), nearest: nearest(id, Object.keys(records)) });
    return record;
  });

/** The instances that are meant; an unknown id is an error that names the known ones. */
export const selectInstances = (state: State, targets: Targets): Instance[] => {
  const except = new Set(known(state.instances, targets.except ?? [], 'instance').map((one) => one.instance_id));
  const candidates = targets.id ? known(state.instances, targets.id, 'instance') : Object.values(state.instances);
  const filters = targets.state ?? [];
  return candidates.filter(
    (one) =>
      !except.has(one.instance_id) &&
      (filters.length === 0 || filters.some((word) => INSTANCE_WORDS[word]?.(one) ?? one.state.kind === word)),
  );
};

export const selectTasks = (state: State, targets: Targets): Task[] => {
  const except = new Set(known(state.tasks, targets.except ?? [], 'task').map((task) => task.id));
  const candidates = targets.id ? known(state.tasks, targets.id, 'task') : Object.values(state.tasks);
  const filters = targets.state ?? [];
  return candidates.filter(
    (task) =>
      !except.has(task.id) &&
      (filters.length === 0 || filters.some((word) => TASK_WORDS[word]?.(task, state) ?? task.state === word)),
  );
};

/** Like the selection, but an empty one is an error. */
export const some = <T>(found: readonly T[], noun: string, targets: Targets): readonly T[] => {
  if (found.length === 0) throw noneMatches({ noun, filter: targets.state?.join(' or ') ?? 'there' });
  return found;
};

export const oneInstance = (state: State, ids: readonly string[] | undefined): Instance =>
  known(state.instances, ids ?? [''], 'instance')[0]!;

export const oneTask = (state: State, ids: readonly string[] | undefined): Task =>
  known(state.tasks, ids ?? [''], 'task')[0]!;
