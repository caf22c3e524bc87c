import { valuesOf } from '../lib/records.ts';
import { alertClearingFacts } from '../state/facts.ts';
import type { EventDraft, State } from '../state/index.ts';
import type { Instance } from '../state/instances.ts';
import { stirringTasks } from '../state/live-tasks.ts';
import { isAlive } from '../state/moves.ts';
import type { Race } from '../state/races.ts';
import type { Run, Task, Tasks } from '../state/tasks.ts';
import { nextRetry, type RetriesOf } from './retry.ts';

/** Whether several instances do it now, each for itself. */
export const isRacing = ({ race }: Task): boolean => race !== undefined && race.ended_at === null;

/** The tasks without those of racers: the work that there is, each piece of it once. */
export const withoutRacers = (tasks: Tasks): Task[] => valuesOf(tasks).filter((task) => task.race_of === undefined);

/** The task as its work is to be seen: a racer builds on what the task waits for that it races for, in its plan. */
export const asRaced = (task: Task, tasks: Tasks): Task => {
  const raced = task.race_of === undefined ? undefined : tasks[task.race_of];
  return raced ? { ...task, dependencies: raced.dependencies, spec: raced.spec } : task;
};

/** The tasks of the racers that are still there, in the order in which they were named. */
export const racersOf = ({ race }: Task, tasks: Tasks): Task[] =>
  (race?.racers ?? []).flatMap(({ id }) => tasks[id] ?? []);

/** Whether it has passed its gates, so that it may win. */
export const hasPassed = ({ state, run }: Task): boolean => state === 'done' && run?.result != null;

/** Whether a racer is at its end, and does not go on by itself. */
const hasFinished = (task: Task, retriesOf: RetriesOf): boolean => {
  if (task.state === 'open') return !task.requested;
  return (
    ['done', 'blocked', 'cancelled'].includes(task.state) || (task.state === 'failed' && !nextRetry(task, retriesOf))
  );
};

const NO_RETRIES: RetriesOf = () => 0;

export type Standing = {
  readonly racers: number;
  readonly finished: number;
  readonly passed: readonly Task[];
  /** Nobody runs any more. */
  readonly isOver: boolean;
};

/** How a race stands. Without the rules of retries, a racer that failed counts as finished although it may try again. */
export const standingOf = (task: Task, tasks: Tasks, retriesOf: RetriesOf = NO_RETRIES): Standing => {
  const racers = racersOf(task, tasks);
  const finished = racers.filter((one) => hasFinished(one, retriesOf)).length;
  return {
    racers: racers.length,
    finished,
    passed: racers.filter(hasPassed),
    isOver: finished === racers.length,
  };
};

/** Whether a person has to take the winner: all have finished, and some have passed. */
export const waitsForChoice = (task: Task, tasks: Tasks): boolean => {
  if (!isRacing(task) || task.race?.winner_by !== 'ask') return false;
  const { isOver, passed } = standingOf(task, tasks);
  return isOver && passed.length > 0;
};

/** What people call the state of a task that is raced for. */
export const raceWord = (task: Task, tasks: Tasks): string => {
  const { racers, finished } = standingOf(task, tasks);
  return waitsForChoice(task, tasks) ? 'race over, choose' : `race ${finished}/${racers} done`;
};

export type Verdict = { readonly winner: string | null; readonly reason: string };

const changedLines = ({ run }: Task): number => run!.result!.insertions + run!.result!.deletions;

const byEnd = (a: Task, b: Task): number => (a.run!.ended_at! < b.run!.ended_at! ? -1 : 1);

/** How a race ends by its own rule; undefined while it goes on, or waits for a person. */
export const verdictOf = (task: Task, tasks: Tasks, retriesOf: RetriesOf): Verdict | undefined => {
  if (!isRacing(task)) return undefined;
  const { winner_by } = task.race!;
  const { passed, isOver } = standingOf(task, tasks, retriesOf);
  const [first] = passed.toSorted(byEnd);
  if (!first) return isOver ? { winner: null, reason: 'no racer passed' } : undefined;
  if (winner_by === 'first-green') return { winner: first.id, reason: 'the first one that passed' };
  if (!isOver || winner_by === 'ask') return undefined;
  const [smallest] = passed.toSorted((a, b) => changedLines(a) - changedLines(b) || byEnd(a, b));
  return { winner: smallest!.id, reason: `the smallest change that passed, ${changedLines(smallest!)} lines` };
};

/** The facts that end a race: whoever is still at it is stopped. What was made is put away later. */
export const raceEndFacts = (state: State, task: Task, { winner, reason }: Verdict): EventDraft[] => [
  ...racersOf(task, state.tasks).flatMap((racer): EventDraft[] => {
    const { id } = racer;
    const message = `the race for ${task.id} is over: ${reason}`;
    const isAtWork = racer.state === 'running' || racer.state === 'verifying';
    const isLeft = isAtWork || racer.state === 'open' || racer.state === 'assigned';
    return [
      ...(isAtWork ? [{ type: 'run.failed', data: { id, failure: { class: 'stopped', message } } } as const] : []),
      ...(isLeft ? [{ type: 'task.cancelled', data: { id } } as const] : []),
      ...alertClearingFacts(state, id, message),
    ];
  }),
  { type: 'race.ended', data: { id: task.id, winner, reason } },
];

/** The run whose work a racer has left, the last one. */
export const runOfRacer = ({ run, history }: Pick<Task, 'run' | 'history'>): Run | undefined => run ?? history.at(-1);

/** A racer whose work is to be put away now, and the instance that has it, if that is still there. */
export type Unsettled = {
  readonly task: string;
  readonly racer: string;
  readonly instance: Instance | undefined;
};

/** Whether nothing that a racer began can change its work any more. */
const isQuiet = (instance: Instance | undefined, { tasks }: State): boolean =>
  instance === undefined ||
  !isAlive(instance.state.kind) ||
  instance.state.kind === 'idle' ||
  instance.task_assignments.some((id) => ['running', 'verifying'].includes(tasks[id]?.state ?? ''));

const toSettle = ({ ended_at, winner, racers }: Race): Race['racers'] =>
  ended_at === null ? [] : racers.filter(({ id, settled }) => !settled && id !== winner);

/** The racers that did not win and whose work is not put away yet. */
export const unsettledRacers = (state: State): Unsettled[] =>
  stirringTasks(state.tasks)
    .filter(({ race }) => race)
    .flatMap(({ id: task, race }) =>
      toSettle(race!).flatMap(({ id: racer, instance: first }): Unsettled[] => {
        const own = state.tasks[racer];
        const instance = state.instances[(own && runOfRacer(own)?.instance) ?? first];
        return isQuiet(instance, state) ? [{ task, racer, instance }] : [];
      }),
    );
