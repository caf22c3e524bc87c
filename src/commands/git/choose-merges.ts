import { valuesOf } from '../../lib/records.ts';
import { saidId } from '../../protocol/say.ts';
import type { State } from '../../state/index.ts';
import type { Settings } from '../../state/settings.ts';
import type { Task } from '../../state/tasks.ts';
import { comingAlong, discardedBase, discardedBases } from '../../tasks/built-on.ts';
import {
  isMergeable,
  lacksReview,
  mergesBySaying,
  openPrerequisite,
  standingConflict,
  unseenPrerequisite,
} from '../../tasks/mergeable.ts';
import { alongText, builtAnewHint, builtOnText, doneAnewHint } from '../../text/built-on-text.ts';
import { plural } from '../../text/wording.ts';
import { notFound, nothingToDo, notReviewed, wrongState } from '../errors.ts';
import { isActive } from '../../tasks/startable.ts';
import { runHint } from '../tasks/run-hints.ts';

/** What somebody wants to have merged. */
export type Choice = {
  /** Tasks or branches; undefined for all that wait. */
  readonly ids: readonly string[] | undefined;
  /** Whether conflicts are to be resolved: what conflicted before is tried again then. */
  readonly resolves: boolean;
  readonly policy: Settings['review'];
};

const isReviewedFirst = (policy: Choice['policy']): boolean => policy === 'before-merge';

/** What is built on work that nobody has approved would bring that along; to be approved that has to be done. */
const onUnseen = (state: State, { id }: Task, before: string) => {
  const one = state.tasks[before]!;
  if (one.state === 'done') return notReviewed({ id, before });
  return wrongState({
    id,
    state: `built on ${before}`,
    wants: 'that has to be done and approved first',
    hint: isActive(one) ? `How far it is: show task ${saidId(before)}` : runHint(state, one, 'Have it done'),
  });
};

const requireMergeable = (state: State, id: string, policy: Choice['policy']): Task => {
  const all = valuesOf(state.tasks);
  const task = all.find((one) => one.id === id || one.run?.branch === id);
  if (!task)
    throw notFound({ noun: 'branch of a task', id, known: all.filter(isMergeable).map((one) => one.run!.branch) });
  if (task.race_of !== undefined && task.state === 'done')
    throw wrongState({
      id: task.id,
      state: `a racer for ${task.race_of}`,
      wants: 'only the winner of a race is merged',
      hint: `Take it as the winner first: choose task ${saidId(task.id)}`,
    });
  if (!isMergeable(task))
    throw wrongState({
      id: task.id,
      state: task.batch ? `merged in ${task.batch}` : task.state,
      wants: 'only verified work is merged',
      hint: `Look at it: show task ${saidId(task.id)}`,
    });
  if (lacksReview(state, task, isReviewedFirst(policy))) throw notReviewed({ id: task.id });
  const before = unseenPrerequisite(state, task, isReviewedFirst(policy));
  if (before !== undefined) throw onUnseen(state, task, before);
  const discarded = discardedBase(state, task);
  if (discarded && isReviewedFirst(policy))
    throw nothingToDo({
      message: `${builtOnText(id, discarded)}; nobody has approved that, and the setting "review" is before-merge.`,
      hint: builtAnewHint(id),
    });
  return task;
};

/** The tasks that are meant; what is built on one that has to wait, its work included, waits with it. */
export const chooseMerges = (state: State, { ids, resolves, policy }: Choice): readonly Task[] => {
  if (ids) return ids.map((id) => requireMergeable(state, id, policy));
  return mergesBySaying(state, isReviewedFirst(policy), resolves);
};

const NOTHING = 'No finished branch waits to be merged';

/** Those of the tasks that are built on what nobody wants any more, each with that. */
const builtOnDiscarded = (state: State, tasks: readonly Task[]) =>
  tasks.flatMap((task) => {
    const base = discardedBase(state, task);
    return base ? [{ id: task.id, base }] : [];
  });

/** What comes along with the tasks that are named, though it was taken back or done anew. */
export const alongTexts = (state: State, tasks: readonly Task[]): readonly string[] =>
  tasks.flatMap((task) => {
    const counted = new Set(comingAlong(state, task).map(({ id }) => id));
    return discardedBases(state, task).map((base) => `${alongText(task.id, base, counted.has(base.task))}.`);
  });

/** The same before it is merged, with how what would count as merged is done anew. */
export const foretoldAlongTexts = (state: State, tasks: readonly Task[]): readonly string[] => {
  const counted = [...new Set(tasks.flatMap((task) => comingAlong(state, task).map(({ id }) => id)))];
  return [...alongTexts(state, tasks), ...(counted.length === 0 ? [] : [`${doneAnewHint(counted)}.`])];
};

/** The tasks that a merge of all leaves out because they are built on what nobody wants any more, each with why. */
export const discardedTexts = (state: State, { policy }: Pick<Choice, 'policy'>): readonly string[] =>
  builtOnDiscarded(
    state,
    valuesOf(state.tasks).filter(
      (task) =>
        isMergeable(task) &&
        !lacksReview(state, task, isReviewedFirst(policy)) &&
        openPrerequisite(state, task) === undefined,
    ),
  ).map(({ id, base }) => `${id} is left out: ${builtOnText(id, base)}. ${builtAnewHint(id)}`);

/** What is built on work that nobody wants any more stays out until it is done anew; else nothing is there. */
const onDiscarded = (state: State, all: readonly Task[]) => {
  const [first] = builtOnDiscarded(state, all);
  if (!first) return nothingToDo({ message: `${NOTHING}.`, hint: 'Look at "list tasks".' });
  return nothingToDo({ message: `${NOTHING}; ${builtOnText(first.id, first.base)}.`, hint: builtAnewHint(first.id) });
};

/** What is built on work that was taken back or sent back waits for that; else nothing is there. */
const builtOnOpen = (state: State, all: readonly Task[], policy: Choice['policy']) => {
  const built = all.flatMap((task) => {
    const before = openPrerequisite(state, task);
    return before === undefined ? [] : [{ id: task.id, before }];
  });
  const [first] = built;
  if (!first) return onDiscarded(state, all);
  const told = built.map(({ id, before }) => `${id} (${before})`).join(', ');
  const before = state.tasks[first.before]!;
  const next = isActive(before)
    ? `How far that is: show task ${saidId(before.id)}`
    : runHint(state, before, 'Do that first');
  // The work that was sent back would come along, and nobody has approved it.
  const anyway = isReviewedFirst(policy) ? '' : `. To merge it all the same: merge branch ${saidId(first.id)}`;
  return nothingToDo({
    message: `${NOTHING}; built on what has to be done again: ${told}.`,
    hint: `${next}${anyway}`,
  });
};

/**
 * Why nothing is merged: there is nothing, nobody has looked at it, or nothing about it has changed. Where a branch was to be brought
 * forward after that, `to`, it has all that is merged.
 */
export const nothingToMerge = (state: State, choice: Choice, to?: string) => {
  const error = whyNothing(state, choice);
  if (to === undefined) return error;
  return nothingToDo({ message: `${to} has all that is merged. ${error.message}`, hint: error.hint });
};

const whyNothing = (state: State, { policy }: Choice) => {
  const all = valuesOf(state.tasks).filter(isMergeable);
  const unseen = all.filter((task) => lacksReview(state, task, isReviewedFirst(policy)));
  const [first] = unseen;
  if (first) {
    const message = `${plural(unseen.length, 'finished branch')} ${unseen.length === 1 ? 'waits' : 'wait'} for a review first: ${unseen.map(({ id }) => id).join(', ')}.`;
    return nothingToDo({
      message,
      hint: `Look at it: review task ${saidId(first.id)}; then: approve task ${saidId(first.id)}`,
    });
  }
  const aside = all.flatMap((task) => {
    const why = standingConflict(state, task);
    return why === undefined ? [] : [{ id: task.id, why }];
  });
  const [one] = aside;
  if (!one) return builtOnOpen(state, all, policy);
  const message = `${NOTHING}; aside until they change: ${aside.map(({ id, why }) => `${id} (${why})`).join(', ')}.`;
  return nothingToDo({ message, hint: `To try one again all the same: merge branch ${saidId(one.id)}` });
};
