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

/** The tasks that are merged by a batch: those that it took, and those whose work came along with one of them. */
export const mergedBy = (
  { tasks }: Pick<State, 'tasks'>,
  { id, merged }: Pick<Batch, 'id' | 'merged'>,
): readonly Task[] => {
  const own = merged.flatMap(({ task }) => entryOf(tasks, task) ?? []);
  const known = new Set(own);
  return [...own, ...valuesOf(tasks).filter((task) => !known.has(task))].filter(({ batch }) => batch === id);
};

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
