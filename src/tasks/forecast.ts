import { entryOf } from '../lib/entry.ts';
import { instantOf } from '../lib/instant.ts';
import { valuesOf } from '../lib/records.ts';
import type { State } from '../state/index.ts';
import { isStaying } from '../state/moves.ts';
import { runsOf } from '../state/runs.ts';
import type { TaskOrder } from '../state/swarm-settings.ts';
import type { Task, Tasks } from '../state/tasks.ts';
import { heldUpSince, workedMs } from '../state/worked.ts';
import { type Distribution, distribute, type Work } from './distribute.ts';
import { gatedGraph, isGate, type Needs, prerequisitesOf } from './gates.ts';
import { remainingPath } from './graph.ts';
import { isPretence } from './may-do.ts';
import { comparePressing, turnsIn } from './pressing.ts';
import { planOrder, taskPercent } from './select.ts';
import { compareIds } from './spec/number.ts';
import { behindGivenUp, isGivenUp, isAsking, isUntold, withFollowers } from './stranded.ts';
import { isHeldBack } from './task-groups.ts';

/** How long a point of complexity has taken so far, and of how many finished runs that is known. */
export type Speed = { readonly ms_per_point: number; readonly runs: number };

const spanMs = (from: string, to: string): number => Math.max(0, instantOf(to) - instantOf(from));

const weight = (task: Task): number => Math.max(1, task.complexity_score);

/** The speed of the runs that were verified, without the time in which their agents waited for a person; null before there is one, for then nothing is known. */
export const speedOf = (tasks: Iterable<Task>): Speed | null => {
  let ms = 0;
  let points = 0;
  let runs = 0;
  for (const task of tasks) {
    const { run } = task;
    if (task.state !== 'done' || !run?.result || run.ended_at === null) continue;
    ms += Math.max(0, spanMs(run.started_at, run.ended_at) - (run.waited_ms ?? 0));
    points += weight(task);
    runs += 1;
  }
  // Runs that took no time at all tell nothing: what is left would be done at once.
  return ms === 0 ? null : { ms_per_point: ms / points, runs };
};

type Estimate = {
  /** Of the whole task, in milliseconds; null when nothing is known. */
  readonly ms: number | null;
  /** A person said it, or finished runs and the complexity tell it. */
  readonly basis: 'said' | 'runs' | 'unknown';
};

/** How long a task is expected to take: as somebody said, else as long as finished runs of its complexity took. */
export const estimateOf = (task: Task, speed: Speed | null): Estimate => {
  if (task.estimated_duration) return { ms: task.estimated_duration, basis: 'said' };
  if (speed === null) return { ms: null, basis: 'unknown' };
  return { ms: Math.round(weight(task) * speed.ms_per_point), basis: 'runs' };
};

/** From what and for when it is told how long something takes. */
type Moment = {
  readonly speed: Speed | null;
  readonly instances: State['instances'];
  /** In milliseconds since 1970. */
  readonly now: number;
};

/** How long a task that is at work has been worked on, in milliseconds; 0 of every other one. */
const workedOn = ({ run, state }: Task, { instances, now }: Moment): number => {
  if (run === null || (state !== 'running' && state !== 'verifying')) return 0;
  const agent = instances[run.instance];
  const heldSince = agent ? heldUpSince(agent) : null;
  return workedMs(run, heldSince === null ? now : Math.min(now, instantOf(heldSince)));
};

/** The same since its agent last told how far it is, else since it was begun. */
const workedSince = (task: Task, moment: Moment): number => {
  const { progressed_ms: before = (task.run?.progress ?? 0) > 0 ? null : 0 } = task.run ?? {};
  return before === null ? 0 : Math.max(0, workedOn(task, moment) - before);
};

/** Of the time that something has taken already, so much comes on top where that is longer than was expected. */
const OVERTIME = 0.1;
/** What takes so many times as long as was expected may take any time: an estimate tells nothing of it any more. */
const BEYOND = 2;

/** A task that is at work for longer than was expected, in milliseconds. */
export type Late = { readonly id: string; readonly worked: number; readonly estimate: number };

/** How much longer a task takes than was expected; null while it does not. */
export const lateOf = (task: Task, moment: Moment): Late | null => {
  const { ms: estimate } = estimateOf(task, moment.speed);
  const worked = workedOn(task, moment);
  return estimate === null || worked <= estimate ? null : { id: task.id, worked, estimate };
};

/** The same of one that takes so much longer that nobody can tell how long it still takes. */
export const beyondOf = (task: Task, moment: Moment): Late | null => {
  const late = lateOf(task, moment);
  return late && late.worked > late.estimate * BEYOND ? late : null;
};

/** What is left of it, in milliseconds, and never nothing; null when that is not known. */
export const leftOf = (task: Task, moment: Moment): number | null => {
  const { ms } = estimateOf(task, moment.speed);
  if (ms === null || beyondOf(task, moment)) return null;
  const told = (ms * (100 - taskPercent(task))) / 100;
  const since = workedSince(task, moment);
  return Math.max(1, Math.round(Math.max(told - since, since * OVERTIME)));
};

/** From the first start of any of them until the last end, or until now while something is left; null when none was begun. */
export const elapsedOf = (tasks: readonly Task[], now: string): number | null => {
  const runs = tasks.flatMap(runsOf);
  if (runs.length === 0) return null;
  const first = runs.reduce((least, run) => (run.started_at < least ? run.started_at : least), runs[0]!.started_at);
  const over = tasks.every((task) => task.state === 'done' || task.state === 'cancelled');
  if (!over) return spanMs(first, now);
  return spanMs(
    first,
    runs.reduce((last, run) => (run.ended_at !== null && run.ended_at > last ? run.ended_at : last), first),
  );
};

/** Of the run at work, else of the last one; null when it was never begun. */
export const runElapsed = (task: Task, now: string): number | null => {
  const run = task.run ?? task.history.at(-1);
  return run ? spanMs(run.started_at, run.ended_at ?? now) : null;
};

/**
 * What is left of a task as far as it can be told: not where nobody knows whether its agent goes on, where that waits for a person,
 * nor where it takes longer than expected.
 */
export const leftToTell = (task: Task, moment: Moment): number | null =>
  isUntold(task, moment) || isAsking(task, moment) || lateOf(task, moment) ? null : leftOf(task, moment);

export type Forecast = Distribution & {
  /** What the numbers count: milliseconds where all is known, else points of complexity. */
  readonly unit: 'ms' | 'points';
  readonly speed: Speed | null;
};

/**
 * Whether nobody can tell when a task is done: it failed or is blocked, and nobody tries it again, takes far too long, stands still
 * at a question, or a person holds it back.
 */
const isUnforeseen = (task: Task, moment: Moment): boolean =>
  isHeldBack(task) ||
  task.state === 'failed' ||
  task.state === 'blocked' ||
  isAsking(task, moment) ||
  beyondOf(task, moment) !== null;

type Options = {
  /** For when it is told, in milliseconds since 1970. */
  readonly now: number;
  /** Where they run; default: the instances that are there. */
  readonly machines?: readonly string[];
  readonly order?: TaskOrder | undefined;
  /** Overrides what tasks wait for. */
  readonly needs?: ReadonlyMap<string, Needs> | undefined;
  /** To share out also what nobody can tell the end of, as if it were tried again now. */
  readonly whole?: boolean;
};

/** The instances that take tasks, in their order. */
export const takers = (state: State): string[] =>
  Object.values(state.instances)
    .filter((one) => isStaying(one.state.kind))
    .map((one) => one.instance_id)
    .toSorted(compareIds);

/** Those that may do some of these tasks: who only pretends to work takes nothing of a plan. */
export const takersOf = (state: State, tasks: readonly Task[]): string[] =>
  takers(state).filter(
    (id) => tasks.length === 0 || tasks.some((task) => !isPretence(task, entryOf(state.instances, id)!)),
  );

const isLeft = (task: Task): boolean => task.state !== 'done' && task.state !== 'cancelled' && !task.archived;

/**
 * What would run where and when if all that is left of these tasks, and can be begun some day, were handed out now; without what
 * nobody can tell the end of, and what waits for that. Throws `plan/cycle`.
 */
export const forecast = (state: State, own: readonly Task[], options: Options): Forecast => {
  const needs = (task: Task): Needs => options.needs?.get(task.id) ?? task;
  const speed = speedOf(valuesOf(state.tasks));
  const moment = { speed, instances: state.instances, now: options.now };
  const isOut = (task: Task): boolean => isGivenUp(task) || (!options.whole && isUnforeseen(task, moment));
  const never = withFollowers(valuesOf(state.tasks).filter(isOut), state.tasks, needs);
  const left = own.filter((task) => isLeft(task) && !never.has(task.id));
  const machines = (options.machines ?? takers(state)).filter(
    (id) => options.whole || !isBusyBeyond(id, state, moment),
  );
  const lengths = left.map((task) => leftOf(task, moment));
  const unit = lengths.includes(null) ? 'points' : 'ms';
  const points = (task: Task): number => (weight(task) * (100 - taskPercent(task))) / 100;
  const ids = new Set(left.map((task) => task.id));
  const graph = gatedGraph(left.map((task) => [task.id, needs(task)]));
  const gates = new Map([...graph].filter(([id]) => isGate(id)));
  const work = left.map((task, i): Work => {
    const held = task.assignee !== null && machines.includes(task.assignee) ? task.assignee : null;
    return {
      id: task.id,
      duration: unit === 'ms' ? lengths[i]! : points(task),
      dependencies: needs(task).dependencies.filter((id) => ids.has(id) || gates.has(id)),
      on: held,
      begun: held !== null && (task.state === 'running' || task.state === 'verifying'),
      knows: needs(task).dependencies.flatMap((id) => state.tasks[id]?.run?.instance ?? []),
    };
  });
  const durations = new Map(work.map((one) => [one.id, one.duration]));
  const remaining = remainingPath(graph, (id) => durations.get(id)!);
  const position = new Map(planOrder(state.specs, state.tasks).map((id, i) => [id, i]));
  const at = (task: Task): number => position.get(task.id)!;
  const turns = turnsIn(left.toSorted((a, b) => at(a) - at(b)));
  const ranked = left
    .map((task) => ({ task, remaining: remaining.get(task.id)!, position: at(task), turn: turns.get(task.id)! }))
    .toSorted(comparePressing(options.order))
    .map(({ task }) => task.id);
  return { ...distribute(work, machines, ranked, gates), unit, speed };
};

/** Whether an instance is at something of which nobody can tell when it is done. */
const isBusyBeyond = (id: string, { instances, tasks }: State, moment: Moment): boolean => {
  const task = tasks[instances[id]?.task_assignments[0] ?? ''];
  if (task === undefined || task.run?.instance !== id) return false;
  return isAsking(task, moment) || beyondOf(task, moment) !== null;
};

/** These tasks and all that they wait for, however far back. */
const withPrerequisites = (own: readonly Task[], tasks: Tasks): readonly Task[] => {
  const found = new Map(own.map((task) => [task.id, task]));
  for (const task of found.values())
    for (const id of prerequisitesOf(task, tasks)) {
      const before = tasks[id];
      if (before && isLeft(before)) found.set(id, before);
    }
  return [...found.values()];
};

/**
 * When these tasks will have ended if they and what they wait for are handed out now, in milliseconds from now; null when
 * nothing is known or nobody is there to do them.
 */
export const etaOf = (state: State, own: readonly Task[], options: Pick<Options, 'now' | 'order'>): number | null => {
  if (!own.some(isLeft) || takers(state).length === 0) return null;
  const { unit, items } = forecast(state, withPrerequisites(own, state.tasks), options);
  const ids = new Set(own.map((task) => task.id));
  const left = own.filter((task) => isLeft(task) && !behindGivenUp(state.tasks).has(task.id));
  // Where the end of one cannot be told, that of all of them cannot either.
  const placed = new Set(items.map(({ id }) => id));
  if (left.length === 0 || left.some(({ id }) => !placed.has(id))) return null;
  return unit === 'ms' ? items.reduce((last, item) => (ids.has(item.id) ? Math.max(last, item.end) : last), 0) : null;
};
