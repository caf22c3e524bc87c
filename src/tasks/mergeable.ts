import { valuesOf } from '../lib/records.ts';
import { lastToSetAside } from '../state/batches.ts';
import type { State } from '../state/index.ts';
import { approvalOf } from '../state/reviews.ts';
import type { Task } from '../state/tasks.ts';
import { prerequisitesOf, waitsFor } from './gates.ts';

/** Whether a task has verified work that waits to be merged. Of racers only what won is merged, and that is work of the task. */
export const isMergeable = (task: Task): boolean =>
  task.state === 'done' && task.run?.result != null && task.batch === null && task.race_of === undefined;

/**
 * A task that this one builds on and that has to be done again, because it was taken back or sent back: its work would come
 * along with what is built on it, and nobody has asked for that.
 */
export const openPrerequisite = ({ tasks }: Pick<State, 'tasks'>, task: Task): string | undefined =>
  prerequisitesOf(task, tasks).find((id) => {
    const before = Object.hasOwn(tasks, id) ? tasks[id] : undefined;
    return before !== undefined && before.history.length > 0 && !['done', 'cancelled'].includes(before.state);
  });

/** The conflict for which a task was set aside last, if neither it nor the branch it conflicted with has changed since. */
export const standingConflict = ({ batches }: State, task: Task): string | undefined => {
  const last = lastToSetAside(batches, task.id);
  const aside = last?.set_aside.find((one) => one.task === task.id);
  if (aside?.reason !== 'conflict' || aside.commit !== task.run?.result?.head_commit) return undefined;
  // What it conflicted with may be gone with a batch that was taken back.
  const isBack = Object.values(batches).some(
    ({ rollback, state }) => state === 'rolled-back' && (rollback?.finished_at ?? '') > last!.started_at,
  );
  return isBack ? undefined : aside.message;
};

/** Those of the tasks that are not held back, nor built on one that is. */
const withoutHeld = (state: State, tasks: readonly Task[], isHeld: (task: Task) => boolean): readonly Task[] => {
  const held = tasks.filter(isHeld);
  const isOut = new Set(held.map(({ id }) => id));
  for (const one of held)
    for (const task of tasks)
      if (!isOut.has(task.id) && waitsFor(task, state.tasks[one.id]!)) {
        isOut.add(task.id);
        held.push(task);
      }
  return tasks.filter(({ id }) => !isOut.has(id));
};

/** Whether somebody still has to look at the work before it is merged. */
export const lacksReview = ({ reviews }: State, task: Task, isReviewedFirst: boolean): boolean =>
  isReviewedFirst && approvalOf(reviews, task) === null;

/** What is merged where all that is finished is meant; `resolves`: with what conflicted before, to be resolved then. */
export const mergesBySaying = (state: State, isReviewedFirst: boolean, resolves = false): readonly Task[] =>
  withoutHeld(
    state,
    valuesOf(state.tasks).filter(isMergeable),
    (task) =>
      lacksReview(state, task, isReviewedFirst) ||
      openPrerequisite(state, task) !== undefined ||
      (!resolves && standingConflict(state, task) !== undefined),
  );
