import { valuesOf } from '../lib/records.ts';
import { lastToSetAside } from '../state/batches.ts';
import type { State } from '../state/index.ts';
import { approvalOf } from '../state/reviews.ts';
import type { Task } from '../state/tasks.ts';
import { discardedBase } from './built-on.ts';
import { prerequisitesOf, waitsFor } from './gates.ts';

/**
 * Whether a task has verified work that waits to be merged, archived or not. Of racers only what won is merged, and that is work of the
 * task.
 */
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

/**
 * A task that this one is built on, also through others, whose work nobody has approved and that is not merged: it would come
 * along with what is built on it. Work that was given up is nobody's to approve.
 */
export const unseenPrerequisite = (state: State, task: Task, isReviewedFirst: boolean): string | undefined => {
  if (!isReviewedFirst) return undefined;
  const seen = new Set([task.id]);
  const open = [...prerequisitesOf(task, state.tasks)];
  for (let id = open.shift(); id !== undefined; id = open.shift()) {
    const before = Object.hasOwn(state.tasks, id) ? state.tasks[id] : undefined;
    if (seen.has(id) || !before) continue;
    seen.add(id);
    const hasWork =
      before.batch === null && before.state !== 'cancelled' && (before.run !== null || before.history.length > 0);
    if (hasWork && approvalOf(state.reviews, before) === null) return id;
    // Whatever is merged has brought along what that was built on.
    if (before.batch === null) open.push(...prerequisitesOf(before, state.tasks));
  }
  return undefined;
};

/** What is merged where all that is finished is meant; `resolves`: with what conflicted before, to be resolved then. */
export const mergesBySaying = (state: State, isReviewedFirst: boolean, resolves = false): readonly Task[] =>
  withoutHeld(
    state,
    valuesOf(state.tasks).filter(isMergeable),
    (task) =>
      lacksReview(state, task, isReviewedFirst) ||
      unseenPrerequisite(state, task, isReviewedFirst) !== undefined ||
      openPrerequisite(state, task) !== undefined ||
      discardedBase(state, task) !== undefined ||
      (!resolves && standingConflict(state, task) !== undefined),
  );
