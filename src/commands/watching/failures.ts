import { z } from 'zod';
import { valuesOf } from '../../lib/records.ts';
import type { EventPoint } from '../../ports/history.ts';
import { FAILURE_CLASSES } from '../../state/failure-classes.ts';
import type { AppEvent, State } from '../../state/index.ts';
import type { INSTANCE_STATES } from '../../state/instances.ts';
import type { Task } from '../../state/tasks.ts';
import type { Context } from '../define.ts';

export const failureSchema = z.object({
  id: z.string().describe('f- and the number of the event that told of it, or its task where that event is not kept'),
  kind: z.enum(['run', 'instance']),
  class: z.enum([...FAILURE_CLASSES, 'failed', 'lost']),
  task: z.string().nullable(),
  attempt: z.number().int().nullable(),
  instance: z.string().nullable(),
  message: z.string(),
  at: z.string(),
  open: z.boolean().describe('Nothing has mended it yet'),
});
export type Failure = z.infer<typeof failureSchema>;

/** What the journal has of the runs of a task. */
type Runs = {
  readonly task: string;
  /** The journal has the task from its beginning on: nothing of it was let go of. */
  readonly isWhole: boolean;
  started: number;
  instance: string | null;
};

/** What ends a run, or brings it to where a program that breaks does it no harm. */
const RUN_ENDS: readonly AppEvent['type'][] = [
  ...(['run.claimed', 'run.verified', 'run.failed', 'task.reopened', 'task.sent_back', 'task.cancelled'] as const),
  ...(['task.removed', 'task.unassigned'] as const),
];

/** The runs of the tasks, event by event. */
const openRuns = () => {
  const all = new Map<string, Runs>();
  /** By instance, the run that it is at. */
  const going = new Map<string, Runs>();
  const of = (task: string, isWhole = false): Runs => {
    const known = isWhole ? undefined : all.get(task);
    const runs = known ?? { task, isWhole, started: 0, instance: null };
    all.set(task, runs);
    return runs;
  };
  const begin = (task: string, instance: string | null): void => {
    const runs = of(task);
    runs.started += 1;
    runs.instance = instance;
    if (instance !== null) going.set(instance, runs);
  };
  const end = (task: string): void => {
    const { instance } = of(task);
    if (instance !== null && going.get(instance)?.task === task) going.delete(instance);
  };
  const take = (event: AppEvent): void => {
    if (RUN_ENDS.includes(event.type)) end((event.data as { id: string }).id);
    if (event.type === 'task.created') of(event.data.task.id, true);
    if (event.type === 'run.started') begin(event.data.id, event.data.instance);
    // The run of a racer that has won is one more of the task.
    if (event.type === 'race.ended' && event.data.winner !== null) begin(event.data.id, null);
  };
  /** Which attempt the so manieth of the journal was. Of a task whose beginning was let go of, its record counts on. */
  const attemptOf = (state: State, runs: Runs, nth: number): number | null => {
    if (runs.isWhole) return nth || null;
    const task = all.get(runs.task) === runs ? state.tasks[runs.task] : undefined;
    return (task && task.attempts - runs.started + nth) || null;
  };
  return { of, at: (instance: string) => going.get(instance), take, attemptOf };
};

type Found = {
  readonly failure: Omit<Failure, 'open' | 'attempt'>;
  readonly runs?: Runs;
  readonly nth?: number;
  /** Of an instance that broke at a run: the failure of that run, which ended by it. */
  ended?: Found;
};

/** The run of an attempt, where the task still has its record. */
export const runOf = (task: Task | undefined, attempt: number | null) =>
  [task?.run, ...(task?.history ?? [])].find((run) => run?.attempt === attempt);

/** The failure that a task itself has on record: the event that told of it may have been let go of. */
const recorded = ({ id, run, state }: Task): Failure[] =>
  run?.failure && run.failure.class !== 'stopped' && (state === 'failed' || state === 'blocked')
    ? [
        {
          ...{ id: `f-${id}`, kind: 'run', class: run.failure.class, task: id, attempt: run.attempt },
          ...{ instance: run.instance, message: run.failure.message, at: run.ended_at ?? run.started_at, open: true },
        },
      ]
    : [];

type Moved = Extract<AppEvent, { type: 'instance.moved' }>['data'];

/** The class of the failure of an instance, as it was noted, or as far as its end tells it. */
const classOfMove = ({ failure, exit, state }: Moved): Failure['class'] => {
  if (failure) return failure;
  if (state === 'stuck') return 'hang';
  if (state === 'lost') return 'lost';
  return exit ? 'crash' : 'failed';
};

/** States of an instance that has failed; one that is stuck may go on. */
const BROKEN: readonly string[] = ['failed', 'lost', 'stuck'] satisfies (typeof INSTANCE_STATES)[number][];

type Told = { readonly id: string; readonly at: string };

/** The failures that events tell of, one by one, and which of each task and instance was the latest. */
const openFound = () => {
  const runsOf = openRuns();
  const latest = new Map<string, string>();
  const found: Found[] = [];
  /** By instance, how it broke at its run, as long as nothing else was made of it. */
  const broke = new Map<string, Found>();
  const addRun = (about: Told, { id: task, failure }: Extract<AppEvent, { type: 'run.failed' }>['data']): void => {
    const runs = runsOf.of(task);
    latest.set(`task ${task}`, about.id);
    const { message, class: kind } = failure;
    const one = { ...about, kind: 'run' as const, class: kind, task, instance: runs.instance, message };
    const of = { failure: one, runs, nth: runs.started };
    found.push(of);
    const by = broke.get(runs.instance ?? '');
    if (by?.runs === runs && by.nth === runs.started && by.failure.class === kind) by.ended = of;
  };
  const addInstance = (about: Told, data: Moved): void => {
    const { instance_id: instance, evidence = '' } = data;
    latest.set(`instance ${instance}`, about.id);
    const runs = runsOf.at(instance);
    const task = runs?.task ?? null;
    const failure = {
      ...about,
      kind: 'instance' as const,
      class: classOfMove(data),
      task,
      instance,
      message: evidence,
    };
    const of: Found = { failure, ...(runs ? { runs, nth: runs.started } : {}) };
    found.push(of);
    broke.set(instance, of);
  };
  const take = (event: AppEvent): void => {
    const about = { id: `f-${event.seq}`, at: event.at };
    if (event.type === 'run.failed' && event.data.failure.class !== 'stopped') addRun(about, event.data);
    if (event.type === 'instance.moved') {
      broke.delete(event.data.instance_id);
      if (BROKEN.includes(event.data.state)) addInstance(about, event.data);
    }
    runsOf.take(event);
  };
  return { take, found, latest, attemptOf: runsOf.attemptOf };
};

type Failures = {
  /** What went wrong once is there once. */
  readonly failures: readonly Failure[];
  /** Those among them that tell of the same as another one: they are found by their ids alone. */
  readonly twins: readonly Failure[];
  readonly begin: EventPoint | null;
};

/**
 * Every failure as far back as the journal goes, and with what that begins. A run that a person stopped has not failed. Where a
 * run ended by the failure of its instance it is one: the run’s, but where only the instance is still to be mended.
 */
export const failuresOf = async ({ store }: Pick<Context, 'store'>): Promise<Failures> => {
  const { take, found, latest, attemptOf } = openFound();
  let begin: EventPoint | null = null;
  for await (const event of store.events(1)) {
    begin ??= event;
    take(event);
  }
  const { tasks, instances } = store.state;
  const isOpen = (one: Found['failure']): boolean =>
    one.kind === 'run'
      ? latest.get(`task ${one.task}`) === one.id && ['failed', 'blocked'].includes(tasks[one.task!]?.state ?? '')
      : latest.get(`instance ${one.instance}`) === one.id &&
        BROKEN.includes(instances[one.instance!]?.state.kind ?? '');
  const wholeOf = ({ failure, runs, nth }: Found): Failure => {
    const attempt = runs ? attemptOf(store.state, runs, nth!) : null;
    // That its run began may have been let go of: its record knows whose it was.
    const instance = failure.instance ?? runOf(tasks[failure.task ?? ''], attempt)?.instance ?? null;
    return { ...failure, instance, attempt, open: isOpen(failure) };
  };
  const left = new Set(
    found.flatMap((one) => {
      if (!one.ended) return [];
      return isOpen(one.failure) && !isOpen(one.ended.failure) ? [one.ended] : [one];
    }),
  );
  const isKnown = (task: Task): boolean => latest.has(`task ${task.id}`);
  return {
    failures: [
      ...valuesOf(tasks)
        .filter((task) => !isKnown(task))
        .flatMap(recorded),
      ...found.filter((one) => !left.has(one)).map(wholeOf),
    ],
    twins: [...left].map(wholeOf),
    begin,
  };
};
