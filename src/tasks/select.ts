import { valuesOf } from '../lib/records.ts';
import type { Specs } from '../state/specs.ts';
import type { RunResult, Task, Tasks } from '../state/tasks.ts';
import { gatedGraph, isMet, prerequisitesOf, waitsFor } from './gates.ts';
import type { Dependencies } from './graph.ts';
import { withoutRacers } from './race.ts';
import { compareIds, sortedIds } from './spec/number.ts';
import { isGivenUp } from './stranded.ts';

/** Ids in the order of the plans, plan after plan as imported; tasks of no plan after them, by number. */
export const planOrder = (specs: Specs, tasks: Tasks): readonly string[] => {
  const known = ordered.get(tasks);
  if (known?.specs === specs) return known.ids;
  const ids = orderOf(specs, tasks);
  ordered.set(tasks, { specs, ids });
  return ids;
};

// The order is made once for each state: whoever plans, lists or draws asks for it, and a plan may have ten thousand tasks.
const ordered = new WeakMap<Tasks, { readonly specs: Specs; readonly ids: readonly string[] }>();

const orderOf = (specs: Specs, tasks: Tasks): string[] => {
  const planned = Object.values(specs)
    .toSorted((a, b) =>
      a.imported_at === b.imported_at ? compareIds(a.name, b.name) : a.imported_at < b.imported_at ? -1 : 1,
    )
    .flatMap((spec) => spec.tasks)
    .filter((id) => Object.hasOwn(tasks, id));
  const known = new Set(planned);
  const others = Object.keys(tasks).filter((id) => !known.has(id));
  return [...known, ...sortedIds(others)];
};

/** The dependencies of these tasks, for the functions on graphs. */
export const graphOf = (ids: Iterable<string>, tasks: Tasks): Dependencies =>
  gatedGraph([...ids].map((id) => [id, tasks[id] ?? { dependencies: [] }]));

/** Prerequisites that are not done, those included that do not exist: they cannot be met. */
export const waitingFor = (task: Task, tasks: Tasks): string[] =>
  prerequisitesOf(task, tasks).filter((id) => tasks[id]?.state !== 'done');

/** Whether all that it waits for is done. */
export const hasAll = (task: Task, tasks: Tasks): boolean => task.dependencies.every((need) => isMet(need, tasks));

/** Whether nothing but an instance is missing for it to start. What is archived rests, but for racers: they are never listed. */
export const isReady = (task: Task, tasks: Tasks): boolean =>
  task.state === 'open' && (!task.archived || task.race_of !== undefined) && hasAll(task, tasks);

/** All tasks that could start now, requested or not, by number. */
export const readyTasks = (tasks: Tasks): Task[] =>
  withoutRacers(tasks)
    .filter((task) => isReady(task, tasks))
    .toSorted((a, b) => compareIds(a.id, b.id));

/** Tasks that directly wait for this one, by number. */
export const dependants = (id: string, tasks: Tasks): string[] => {
  const one = tasks[id] ?? { id };
  return valuesOf(tasks)
    .filter((task) => waitsFor(task, one))
    .map((task) => task.id)
    .toSorted(compareIds);
};

/** How far one task is, 0 to 100: as its agent reports it, and 100 only when it is done. */
export const taskPercent = (task: Task): number => {
  if (task.state === 'done') return 100;
  if (task.state !== 'running' && task.state !== 'verifying') return 0;
  return Math.min(99, Math.max(0, Math.floor(task.run?.progress ?? 0)));
};

/** Whether no check and no gate has looked at these commits; findings without a commit are nothing to check. */
export const isUncheckedResult = ({ commits, check_ms }: Pick<RunResult, 'commits' | 'check_ms'>): boolean =>
  commits > 0 && check_ms === 0;

/**
 * Whether nothing but the word of its agent says that the task is done. What a plan says of itself is nothing to check.
 */
export const isUnchecked = ({ state, run }: Pick<Task, 'state' | 'run'>): boolean =>
  state === 'done' && run?.result != null && isUncheckedResult(run.result);

/** The tasks of a plan in its order; those that were added to it by hand, or are no longer in its file, at the end. */
export const tasksOf = (
  plan: { readonly tasks: readonly string[]; readonly name?: string | undefined },
  tasks: Tasks,
): readonly Task[] => {
  const listed = new Set(plan.tasks);
  const others =
    plan.name === undefined ? [] : valuesOf(tasks).filter((task) => task.spec === plan.name && !listed.has(task.id));
  return [...plan.tasks.flatMap((id) => tasks[id] ?? []), ...others.toSorted((a, b) => compareIds(a.id, b.id))];
};

export type Progress = {
  /** Without those that were given up, which are not to be done. */
  readonly total: number;
  readonly done: number;
  /** Those of the done that no check has looked at. */
  readonly unchecked: number;
  /** Running or being verified. */
  readonly active: number;
  readonly ready: number;
  /** Waiting for prerequisites or in an instance's queue. */
  readonly waiting: number;
  /** Failed or blocked: somebody has to look. */
  readonly stuck: number;
  readonly cancelled: number;
  /** Archived before they were done. */
  readonly archived: number;
  /** 0 to 100: the mean of the tasks without those that were given up; 100 only when all of them are done. */
  readonly percent: number;
};

/** How far these tasks are: those of a plan, of a group in it, or any others. */
export const progressOf = (own: readonly Task[], tasks: Tasks): Progress => {
  const work = own.filter((task) => !isGivenUp(task));
  const count = (holds: (task: Task) => boolean): number => work.filter(holds).length;
  const cancelled = own.filter(({ state }) => state === 'cancelled').length;
  const ready = count((task) => isReady(task, tasks));
  return {
    total: work.length,
    done: count((task) => task.state === 'done'),
    unchecked: count(isUnchecked),
    active: count((task) => task.state === 'running' || task.state === 'verifying'),
    ready,
    waiting: count((task) => task.state === 'open' || task.state === 'assigned') - ready,
    stuck: count((task) => task.state === 'failed' || task.state === 'blocked'),
    cancelled,
    archived: own.length - work.length - cancelled,
    percent: work.length === 0 ? 0 : Math.floor(work.reduce((sum, task) => sum + taskPercent(task), 0) / work.length),
  };
};

/** How far a plan is. */
export const progress = (
  plan: { readonly tasks: readonly string[]; readonly name?: string | undefined },
  tasks: Tasks,
): Progress => progressOf(tasksOf(plan, tasks), tasks);
