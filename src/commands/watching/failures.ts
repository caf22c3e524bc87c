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

/** The runs of the tasks, event by event. */
const openRuns = () => {
  const all = new Map<string, Runs>();
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
  };
  const take = (event: AppEvent): void => {
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
  return { of, take, attemptOf };
};

type Found = { readonly failure: Omit<Failure, 'open' | 'attempt'>; readonly runs?: Runs; readonly nth?: number };

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
  if (state === 'lost') return 'lost';
  return exit ? 'crash' : 'failed';
};

/** Every failure as far back as the journal goes, and with what that begins. A run that a person stopped has not failed. */
export const failuresOf = async ({
  store,
}: Pick<Context, 'store'>): Promise<{ readonly failures: readonly Failure[]; readonly begin: EventPoint | null }> => {
  const runsOf = openRuns();
  const latest = new Map<string, string>();
  const found: Found[] = [];
  let begin: EventPoint | null = null;
  for await (const event of store.events(1)) {
    begin ??= event;
    runsOf.take(event);
    const about = { id: `f-${event.seq}`, at: event.at };
    if (event.type === 'run.failed' && event.data.failure.class !== 'stopped') {
      const { id: task, failure } = event.data;
      const runs = runsOf.of(task);
      latest.set(`task ${task}`, about.id);
      const { message, class: kind } = failure;
      const one = { ...about, kind: 'run' as const, class: kind, task, instance: runs.instance, message };
      found.push({ failure: one, runs, nth: runs.started });
    }
    if (event.type === 'instance.moved' && (event.data.state === 'failed' || event.data.state === 'lost')) {
      const { instance_id: instance, evidence = '' } = event.data;
      latest.set(`instance ${instance}`, about.id);
      const kind = classOfMove(event.data);
      found.push({ failure: { ...about, kind: 'instance', class: kind, task: null, instance, message: evidence } });
    }
  }
  const { tasks, instances } = store.state;
  const broken: readonly string[] = ['failed', 'lost'] satisfies (typeof INSTANCE_STATES)[number][];
  const isOpen = (one: Found['failure']): boolean =>
    one.kind === 'run'
      ? latest.get(`task ${one.task}`) === one.id && ['failed', 'blocked'].includes(tasks[one.task!]?.state ?? '')
      : latest.get(`instance ${one.instance}`) === one.id &&
        broken.includes(instances[one.instance!]?.state.kind ?? '');
  const failures = found.map(({ failure, runs, nth }) => {
    const attempt = runs ? runsOf.attemptOf(store.state, runs, nth!) : null;
    // That its run began may have been let go of: its record knows whose it was.
    const instance = failure.instance ?? runOf(tasks[failure.task ?? ''], attempt)?.instance ?? null;
    return { ...failure, instance, attempt, open: isOpen(failure) };
  });
  const isKnown = (task: Task): boolean => latest.has(`task ${task.id}`);
  return {
    failures: [
      ...valuesOf(tasks)
        .filter((task) => !isKnown(task))
        .flatMap(recorded),
      ...failures,
    ],
    begin,
  };
};
