import { entryOf } from '../lib/entry.ts';
import { valuesOf } from '../lib/records.ts';
import type { Batch } from '../state/batches.ts';
import type { State } from '../state/index.ts';
import type { Task } from '../state/tasks.ts';
import type { OrderedMerge } from './order/merge-order.ts';

/** Why a batch leaves out what somebody has gone on with while it was under way. */
export const GONE_ON = 'its work has gone on since the batch took it';

/** The attempts that a batch of these tasks takes, as they are now. */
const takenWork = ({ tasks }: Pick<State, 'tasks'>, ids: readonly string[]): NonNullable<Batch['took']> =>
  Object.fromEntries(
    ids.flatMap((id) => {
      const { run } = tasks[id]!;
      return run?.result ? [[id, { attempt: run.attempt, head: run.result.head_commit }]] : [];
    }),
  );

/** What the next batch begins with: its number, these merges in their order, and the attempts that it takes. */
export const nextBatch = (state: Pick<State, 'swarm' | 'tasks'>, ordered: readonly OrderedMerge[]) => {
  const tasks = ordered.map(({ task }) => task);
  return {
    id: `batch-${state.swarm.next_batch}`,
    ...{ tasks, took: takenWork(state, tasks) },
    reasons: Object.fromEntries(ordered.map(({ task, because }) => [task, because])),
  };
};

type Merging = Pick<Batch, 'id' | 'merged'>;

/** The tasks whose work came along with what a batch merged, and which count as merged by it. */
export const cameAlongIn = ({ tasks }: Pick<State, 'tasks'>, { id, merged }: Merging): readonly Task[] => {
  const own = new Set(merged.map(({ task }) => task));
  return valuesOf(tasks).filter((task) => task.batch === id && !own.has(task.id));
};

/** The tasks that are merged by a batch: those that it took, in their order, and those whose work came along. */
export const mergedBy = (state: Pick<State, 'tasks'>, batch: Merging): readonly Task[] => [
  ...batch.merged.flatMap(({ task }) => entryOf(state.tasks, task) ?? []).filter((task) => task.batch === batch.id),
  ...cameAlongIn(state, batch),
];

/** Those of a batch that is under way which it leaves out, because they have gone on since it took them. */
export const leftOutOf = (state: Pick<State, 'tasks'>, batch: Batch): readonly string[] =>
  batch.state !== 'running'
    ? []
    : batch.tasks.filter(
        (id) => isDoneAnew(state, batch, id) && ![...batch.merged, ...batch.set_aside].some(({ task }) => task === id),
      );

/** Whether a task has another attempt, or none, by now than the one that a batch took. */
export const isDoneAnew = ({ tasks }: Pick<State, 'tasks'>, { took }: Pick<Batch, 'took'>, id: string): boolean => {
  const taken = entryOf(took ?? {}, id);
  if (taken === undefined) return false;
  const run = entryOf(tasks, id)?.run;
  return run?.attempt !== taken.attempt || run.result?.head_commit !== taken.head;
};
