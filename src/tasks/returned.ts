import type { Batch } from '../state/batches.ts';
import type { EventDraft, State } from '../state/index.ts';
import type { Instance } from '../state/instances.ts';
import { stirringTasks } from '../state/live-tasks.ts';
import { isStaying } from '../state/moves.ts';
import type { Settings } from '../state/settings.ts';
import type { Task } from '../state/tasks.ts';
import { discardedBase } from './built-on.ts';
import { waitsFor } from './gates.ts';
import { isMergeable, lacksReview, openPrerequisite, unseenPrerequisite } from './mergeable.ts';

/** Whether somebody takes prompts, or will again: who is being started again does. */
export const canTake = (one: Instance | undefined): boolean => one !== undefined && isStaying(one.state.kind);

type Aside = Batch['set_aside'][number];

const asidesOf = ({ batches }: Pick<State, 'batches'>, task: string): readonly Aside[] =>
  Object.values(batches).flatMap(({ set_aside }) => set_aside.filter((one) => one.task === task));

/** How often the work of a task went back to be made to fit. */
export const roundsOf = (state: Pick<State, 'batches'>, task: string): number =>
  asidesOf(state, task).filter(({ sent_back }) => sent_back !== undefined).length;

/** The facts that give the work of a task to somebody who makes it fit; to whoever takes it, where nobody is named. */
export const backFacts = (
  state: State,
  { batch, task, text, by }: { readonly batch: Batch; readonly task: Task; readonly text: string; readonly by: string },
  to: string | null,
): EventDraft[] => {
  const { id, pinned, run, held } = task;
  const reason = `sent back by ${batch.id}`;
  const instruction = { branch: run!.branch, by, text, merge: batch.target };
  return [
    { type: 'batch.sent_back', data: { id: batch.id, task: id, round: roundsOf(state, id) + 1, to } },
    { type: 'task.sent_back', data: { id, reason, instruction } },
    ...(held ? [{ type: 'task.held', data: { id, held: false } } as const] : []),
    { type: 'task.requested', data: { ids: [id], retries: 0 } },
    ...(to === null ? [] : [{ type: 'task.assigned', data: { id, instance: to, pinned, reason } } as const]),
  ];
};

/** What a batch made of a task the last time that one came to it; undefined where it was merged then. */
const lastAside = ({ batches }: Pick<State, 'batches'>, task: string): Aside | undefined => {
  const last = Object.values(batches).findLast(
    ({ merged, set_aside }) => merged.some((one) => one.task === task) || set_aside.some((one) => one.task === task),
  );
  return last?.set_aside.find((one) => one.task === task);
};

const isBack = (state: State, task: Task): boolean => {
  const aside = lastAside(state, task.id);
  return aside?.sent_back !== undefined && aside.commit !== task.run?.result?.head_commit;
};

/**
 * Whether somebody wants work otherwise whose last commit is still one that was verified before. What a batch sent back is
 * judged by the next batch.
 */
export const isUntouchedReturn = ({ instruction, history }: Task, head: string): boolean =>
  instruction !== undefined &&
  instruction.merge === undefined &&
  history.some(({ result }) => result?.head_commit === head);

/** The tasks that were sent back and came again as they were: to merge them again would only send them back again. */
export const unchangedReturns = (state: State): readonly { readonly task: Task; readonly aside: Aside }[] =>
  stirringTasks(state.tasks)
    .filter(isMergeable)
    .flatMap((task) => {
      const aside = lastAside(state, task.id);
      return aside?.sent_back !== undefined && aside.commit === task.run?.result?.head_commit ? [{ task, aside }] : [];
    });

/**
 * The tasks that are merged by themselves: whose work was sent back by a batch and is verified anew, otherwise than it was,
 * and what was set aside only because it builds on one of these.
 */
export const returnedTasks = (state: State, policy: Settings['review']): readonly string[] => {
  const waiting = stirringTasks(state.tasks).filter(isMergeable);
  if (waiting.length === 0) return [];
  const isFirst = policy === 'before-merge';
  const isSeen = (task: Task) =>
    !lacksReview(state, task, isFirst) &&
    unseenPrerequisite(state, task, isFirst) === undefined &&
    discardedBase(state, task) === undefined;
  const found = waiting.filter(
    (task) => isSeen(task) && isBack(state, task) && openPrerequisite(state, task) === undefined,
  );
  for (const one of found)
    for (const task of waiting)
      if (
        !found.includes(task) &&
        waitsFor(task, one) &&
        isSeen(task) &&
        lastAside(state, task.id)?.reason === 'dependency'
      )
        found.push(task);
  return found.map(({ id }) => id);
};
