import { asideAlertId } from '../state/batches.ts';
import type { State } from '../state/index.ts';
import { awaitsReview } from '../state/reviews.ts';
import type { Task } from '../state/tasks.ts';
import { mergesBySaying } from '../tasks/mergeable.ts';
import { groupTasks } from '../tasks/task-groups.ts';

/** Finished work on its way to the branch of a person: looked at, merged, delivered. */
export type FinishedWork = {
  /** What nobody has merged, in the order of the plans. */
  readonly unmerged: readonly Task[];
  /** Those of it that nobody has approved. */
  readonly unreviewed: readonly Task[];
};

/** Whether finished work waits to be merged: verified, in no batch, and not set aside by one. A merge takes what is archived too. */
const isUnmerged = ({ id, state, run, batch }: Task, { alerts }: State): boolean =>
  state === 'done' && run?.result != null && batch === null && alerts[asideAlertId(id)] === undefined;

/** Finished work that nobody has merged, in the order of the plans. */
const unmergedTasks = (state: State): readonly Task[] =>
  groupTasks(state).done.filter((task) => isUnmerged(task, state));

export const finishedWork = (state: State): FinishedWork => {
  const unmerged = unmergedTasks(state);
  return { unmerged, unreviewed: unmerged.filter((task) => awaitsReview(state.reviews, task)) };
};

/** What a merge of all that is finished takes now; nothing where it would only try again what was set aside. */
export const mergesNow = (
  state: State,
  { unmerged }: Pick<FinishedWork, 'unmerged'>,
  isReviewedFirst: boolean,
): readonly Task[] => {
  const all = mergesBySaying(state, isReviewedFirst);
  return all.some((task) => unmerged.includes(task)) ? all : [];
};
