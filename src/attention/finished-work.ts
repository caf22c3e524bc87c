import { valuesOf } from '../lib/records.ts';
import { asideAlertId } from '../state/batches.ts';
import type { State } from '../state/index.ts';
import { awaitsReview } from '../state/reviews.ts';
import type { Task } from '../state/tasks.ts';
import { isMergeable, mergesBySaying, standingConflict } from '../tasks/mergeable.ts';
import { groupTasks } from '../tasks/task-groups.ts';

/** Finished work on its way to the branch of a person: looked at, merged, delivered. */
export type FinishedWork = {
  /** What nobody has approved, in the order of the plans. */
  readonly unreviewed: readonly Task[];
  /** What was approved, and a merge takes. */
  readonly approved: readonly Task[];
  /** What a merge of all that is finished takes now; nothing where it would only try again what was set aside. */
  readonly merges: readonly Task[];
};

/** Whether it was set aside, and what it was set aside for still stands: the alert may be gone with what it told of. */
const isAside = (task: Task, state: State): boolean =>
  state.alerts[asideAlertId(task.id)] !== undefined || standingConflict(state, task) !== undefined;

const finishedTasks = (state: State): readonly Task[] =>
  groupTasks(state).done.filter((task) => isMergeable(task) && !isAside(task, state));

/** What waits to be looked at, and to be merged: nothing counts as that which the merge would not take. */
export const finishedWork = (state: State, isReviewedFirst: boolean): FinishedWork => {
  const finished = finishedTasks(state);
  const unreviewed = finished.filter((task) => awaitsReview(state.reviews, task));
  const all = mergesBySaying(state, isReviewedFirst);
  const taken = new Set(all);
  return {
    unreviewed,
    approved: finished.filter((task) => taken.has(task) && !awaitsReview(state.reviews, task)),
    merges: finished.some((task) => taken.has(task)) ? all : [],
  };
};

/** What waits for somebody to look at it, in the order to do so: what is proposed, then what a batch has set aside. */
export const tasksToReview = (state: State): readonly Task[] => {
  const isToReview = (task: Task): boolean => awaitsReview(state.reviews, task);
  return [...new Set([...finishedTasks(state), ...valuesOf(state.tasks)].filter(isToReview))];
};
