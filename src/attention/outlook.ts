import { formatDuration } from '../lib/duration.ts';
import { AppError } from '../lib/errors.ts';
import { valuesOf } from '../lib/records.ts';
import { shownLine } from '../lib/text.ts';
import type { State } from '../state/index.ts';
import type { Instance } from '../state/instances.ts';
import { isStaying } from '../state/moves.ts';
import type { Task } from '../state/tasks.ts';
import { beyondOf, type Forecast, forecast, type Late, speedOf, takers } from '../tasks/forecast.ts';
import { mayDo } from '../tasks/may-do.ts';
import { isRacing, waitsForChoice } from '../tasks/race.ts';
import { isAsking, isUntold, withFollowers } from '../tasks/stranded.ts';
import { groupTasks, TASK_GROUPS, type TaskGroups } from '../tasks/task-groups.ts';
import { isRecovering } from './needs.ts';

/** How the work under way goes on by itself. */
export type Outlook = {
  /** In how many milliseconds from then on that is done which goes on by itself; null while nothing is known. */
  readonly leftMs: number | null;
  /** The task that an instance begins next; null when none waits for one. */
  readonly next: string | null;
  /** Of how many tasks that is foretold, and how many are left in all: some wait for a person, or to be asked for. */
  readonly foretold: number;
  readonly open: number;
  /** The task that takes longest beyond its estimate, so that nobody can tell when it is done; null where none does. */
  readonly late: Late | null;
};

const nothing = (open: number): Outlook => ({ leftMs: null, next: null, foretold: 0, open, late: null });

/** So many tasks are foretold in a moment; more take a tenth of a second and longer. */
const MANY = 500;

/** How often it is foretold anew, in milliseconds: nobody reads a second of a long plan. */
export const outlookMs = ({ tasks }: Pick<State, 'tasks'>): number =>
  Object.keys(tasks).length > MANY ? 10_000 : 2000;

type Left = Pick<Outlook, 'leftMs' | 'foretold' | 'open' | 'late'>;

const inSeconds = (ms: number): string => formatDuration(Math.ceil(ms / 1000) * 1000);

/** How long it still takes, in words: for which part of the tasks, where it is not for all; empty where nothing is known. */
export const leftText = ({ leftMs, foretold, open, late }: Left): string => {
  if (leftMs === null) return late ? '≈? left' : '';
  const what = foretold < open ? `left for ${foretold} of ${open}` : 'left';
  return `≈${inSeconds(leftMs)} ${what}`;
};

/** What is known of when it is done, sentence by sentence: how long it takes, and the task that takes too long for that to be told. */
export const leftSentences = (left: Left): readonly string[] => {
  const { late } = left;
  const why = late
    ? `${shownLine(late.id)} takes ${inSeconds(late.worked)}, estimated ${inSeconds(late.estimate)}`
    : '';
  return [leftText(left), why].filter((part) => part !== '');
};

/** All of that in one line. */
export const leftTextInFull = (left: Left): string => leftSentences(left).join(' · ');

/** How many tasks are not done, of those that anybody still wants. */
const countOpen = (groups: TaskGroups): number =>
  TASK_GROUPS.reduce((sum, group) => (group === 'done' ? sum : sum + groups[group].length), 0);

/** The forecast; nothing of tasks that wait for each other. */
const foretell = (state: State, own: readonly Task[], now: number): Pick<Forecast, 'unit' | 'items'> => {
  try {
    return forecast(state, own, { now });
  } catch (error) {
    if (error instanceof AppError) return { unit: 'points', items: [] };
    throw error;
  }
};

const present = ({ instances }: State): readonly Instance[] =>
  Object.values(instances).filter(({ state }) => isStaying(state.kind));

/**
 * Whether nothing of a task goes on until a person has a word with its agent or takes the winner of its race, or nobody knows
 * whether that goes on.
 */
const standsStill = (task: Task, state: State): boolean => {
  if (isRacing(task)) return waitsForChoice(task, state.tasks);
  const one = task.state === 'running' && task.assignee !== null ? state.instances[task.assignee] : undefined;
  if (one === undefined) return false;
  const isTakenUp = (one.state.kind === 'failed' || one.state.kind === 'lost') && isRecovering(one);
  return isAsking(task, state) || (isUntold(task, state) && !isTakenUp);
};

/**
 * Those of the tasks that go on by themselves: neither stands one still, nor does it wait for one that does, or for one that is
 * not among them, as what was cancelled or has failed.
 */
const goingOn = (state: State, tasks: readonly Task[]): readonly Task[] => {
  const own = new Set(tasks.map(({ id }) => id));
  const isStill = (task: Task): boolean => (own.has(task.id) ? standsStill(task, state) : task.state !== 'done');
  const still = withFollowers(valuesOf(state.tasks).filter(isStill), state.tasks);
  return tasks.filter(({ id }) => !still.has(id));
};

/**
 * What comes of the tasks that run, are queued, or follow them, at a moment in milliseconds since 1970; nothing is foretold of
 * what nobody has asked for, nor, where people hand out the tasks, of what nobody has got.
 */
export const outlookOf = (state: State, now: number, isManual = false): Outlook => {
  const groups = groupTasks(state);
  const { running, waiting, queued: asked } = groups;
  const open = countOpen(groups);
  const workers = present(state);
  const isTaken = (task: Task): boolean =>
    (!isManual || task.assignee !== null) && workers.some((one) => mayDo(task, one));
  const queued = asked.filter(isTaken);
  if (running.length + queued.length === 0 || takers(state).length === 0 || state.swarm.paused) return nothing(open);
  // What nobody here may do does not go on by itself, nor what follows it.
  const own = goingOn(state, [...running, ...queued, ...waiting.filter((task) => task.requested && isTaken(task))]);
  if (own.length === 0) return nothing(open);
  const moment = { speed: speedOf(valuesOf(state.tasks)), instances: state.instances, now };
  const late = own.flatMap((task) => beyondOf(task, moment) ?? []).toSorted((a, b) => b.worked - a.worked)[0] ?? null;
  const { unit, items } = foretell(state, own, now);
  const begun = new Set(running.map(({ id }) => id));
  const next = items.filter(({ id }) => !begun.has(id)).toSorted((a, b) => a.start - b.start)[0];
  return {
    leftMs: unit === 'ms' && items.length > 0 ? items.reduce((last, { end }) => Math.max(last, end), 0) : null,
    next: next?.id ?? null,
    ...{ foretold: items.length, open, late },
  };
};
