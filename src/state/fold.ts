import { instantOf } from '../lib/instant.ts';
import { editRecords, type RecordsEditor } from '../lib/records.ts';
import { reduceAlerts } from './alerts.ts';
import { reduceBatches } from './batches.ts';
import { reduceConflicts } from './conflict-records.ts';
import { reducePredicted } from './conflicts.ts';
import { reduceGroups } from './groups.ts';
import type { Instance, Instances } from './instances.ts';
import { carryLive } from './live-tasks.ts';
import type { AppEvent, State } from './model.ts';
import { reduceInstances } from './reduce-instances.ts';
import { patchRaces } from './reduce-races.ts';
import type { Reducer } from './reducer.ts';
import { reduceReviews } from './reviews.ts';
import { reduceSpecs } from './specs.ts';
import { reduceSwarm } from './swarm.ts';
import { patchTasks, type Task, type TaskPatch, type Tasks } from './tasks.ts';
import { reduceUsage } from './usage.ts';
import { heldUpSince } from './worked.ts';

/** When an agent was not held up any more by what it was held up by before: one that is still frozen, when it was frozen. */
const heldUpUntil = ({ state }: Instance, after: Instance | undefined, at: string): string =>
  after?.state.kind === 'paused' && after.state.since === state.since ? state.since : at;

/** An agent that had waited for a person goes on, or is at an end: so long its run did not go on. */
const waitPatch = ({ tasks, instances }: State, after: Instances, { at, seq }: AppEvent): TaskPatch => {
  const patch: Record<string, Task> = {};
  for (const [id, before] of Object.entries(instances)) {
    const since = heldUpSince(before);
    const now = after[id];
    if (since === null || (now && heldUpSince(now) === since)) continue;
    const task = before.task_assignments.map((one) => tasks[one]).find((one) => one?.run?.ended_at === null);
    if (!task?.run) continue;
    const { started_at, waited_ms = 0 } = task.run;
    const from = since > started_at ? since : started_at;
    const ms = Math.max(0, instantOf(heldUpUntil(before, now, at)) - instantOf(from));
    patch[task.id] = { ...task, run: { ...task.run, waited_ms: waited_ms + ms }, revision: seq };
  }
  return patch;
};

/** Whether the work of a task is what a merge took. A merge is of one commit: it says nothing of what came after it. */
const isOfMerge = ({ state, run }: Task, head: string | undefined): boolean =>
  head === undefined || (state === 'done' && run?.result?.head_commit === head);

/** The tasks after an event that is about them, or a merge of one. */
const patchOf = (tasks: Tasks, event: AppEvent): TaskPatch => {
  if (event.type !== 'batch.merged') return patchTasks(tasks, event) ?? patchRaces(tasks, event) ?? {};
  const task = tasks[event.data.task];
  if (!task || !isOfMerge(task, event.data.head)) return {};
  // Whoever had it held, to go on by hand, is done with it.
  const merged = { batch: event.data.id, merge_commit: event.data.commit, held: false };
  return { [task.id]: { ...task, ...merged, revision: event.seq } };
};

const isEmpty = (patch: TaskPatch): boolean => {
  for (const _id in patch) return false;
  return true;
};

/** Writes the patch into tasks that nobody else has seen yet. */
const writePatch = (tasks: RecordsEditor<Task>, patch: TaskPatch): Tasks => {
  for (const [id, task] of Object.entries(patch))
    if (task === null) tasks.remove(id);
    else tasks.put(id, task);
  return tasks.records;
};

/**
 * The queue of an instance follows from the tasks; the instance's queue is kept beside it for those who look at
 * instances.
 */
const withQueues = (instances: Instances, after: Tasks, event: AppEvent): Instances => {
  if (!(event.type.startsWith('task.') || event.type.startsWith('run.'))) return instances;
  const id = (event.data as { id?: string }).id;
  if (id === undefined) return instances;
  const task = after[id];
  const holder = task && ['assigned', 'running', 'verifying'].includes(task.state) ? task.assignee : null;
  const changed = Object.values(instances).filter(
    (instance) => instance.task_assignments.includes(id) !== (instance.instance_id === holder),
  );
  if (changed.length === 0) return instances;
  const next = changed.map((instance) => [
    instance.instance_id,
    {
      ...instance,
      task_assignments:
        instance.instance_id === holder
          ? [...instance.task_assignments, id]
          : instance.task_assignments.filter((other) => other !== id),
    },
  ]);
  return { ...instances, ...Object.fromEntries(next) };
};

/**
 * The task that an instance was made ready for has begun: the next task that wants a fresh conversation gets another
 * one.
 */
const withPreparationUsed = (instances: Instances, event: AppEvent): Instances => {
  if (event.type !== 'run.started') return instances;
  const instance = instances[event.data.instance];
  if (!instance || instance.prepared_for === null) return instances;
  return { ...instances, [instance.instance_id]: { ...instance, prepared_for: null, revision: event.seq } };
};

/** A run that has ended, or was taken away, has nothing to go on with. */
const withRecoveryEnded = (instances: Instances, after: Tasks, event: AppEvent): Instances => {
  if (!(event.type.startsWith('task.') || event.type.startsWith('run.'))) return instances;
  const { id } = event.data as { id?: string };
  if (id === undefined || ['running', 'verifying'].includes(after[id]?.state ?? '')) return instances;
  const over = Object.values(instances).filter((one) => one.recovery?.task === id);
  if (over.length === 0) return instances;
  const ended = over.map((one) => [one.instance_id, { ...one, recovery: null, revision: event.seq }]);
  return { ...instances, ...Object.fromEntries(ended) };
};

type Next = { -readonly [K in keyof State]: State[K] };

/** Writes one slice of the next state, which follows from its own past alone. */
const slice = <K extends keyof State>(name: K, reduceSlice: Reducer<State[K]>) => ({
  types: reduceSlice.types,
  write: (next: Next, event: AppEvent): void => {
    next[name] = reduceSlice(next[name], event);
  },
});

const SLICES = [
  slice('groups', reduceGroups),
  slice('specs', reduceSpecs),
  slice('batches', reduceBatches),
  slice('reviews', reduceReviews),
  slice('alerts', reduceAlerts),
  slice('predicted', reducePredicted),
  slice('usage', reduceUsage),
  slice('swarm', reduceSwarm),
  slice('conflicts', reduceConflicts),
] as const;

/** The slices that each type of event can change: few, of which a long journal asks with every event. */
const SLICES_OF: ReadonlyMap<string, readonly (typeof SLICES)[number][]> = (() => {
  const types = new Set(SLICES.flatMap((one) => [...one.types]));
  return new Map([...types].map((type) => [type, SLICES.filter((one) => one.types.has(type))]));
})();

type Write = (tasks: Tasks, patch: TaskPatch) => Tasks;

const step = (state: State, event: AppEvent, write: Write): State => {
  if (event.seq <= state.seq) return state;
  const moved = reduceInstances(state.instances, event);
  const patch = moved === state.instances ? patchOf(state.tasks, event) : waitPatch(state, moved, event);
  const unchanged = isEmpty(patch);
  const tasks = unchanged ? state.tasks : write(state.tasks, patch);
  if (!unchanged) carryLive(state.tasks, tasks, patch);
  const used = withPreparationUsed(moved, event);
  const instances = withRecoveryEnded(used, tasks, event);
  const next: Next = {
    ...state,
    seq: event.seq,
    tasks,
    instances: unchanged ? instances : withQueues(instances, tasks, event),
  };
  for (const { write: writeSlice } of SLICES_OF.get(event.type) ?? []) writeSlice(next, event);
  return next;
};

/**
 * Folds many events: the same as one after the other, but there is one version of the tasks for all of them. A plan of ten
 * thousand tasks comes as as many events.
 */
export const reduceAll = (state: State, events: Iterable<AppEvent>): State => {
  let editor: RecordsEditor<Task> | undefined;
  const write: Write = (tasks, patch) => {
    editor ??= editRecords(tasks);
    return writePatch(editor, patch);
  };
  let after = state;
  for (const event of events) after = step(after, event, write);
  return after;
};

/** Folds one event into the state. Pure: the daemon, the TUI and the tests all run this same function. */
export const reduce = (state: State, event: AppEvent): State => reduceAll(state, [event]);
