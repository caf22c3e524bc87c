import { saidId, saidIds } from '../protocol/say.ts';
import type { State } from '../state/index.ts';
import type { Run, Task } from '../state/tasks.ts';
import { type BuiltOn, bringerOf } from '../tasks/built-on.ts';

/** What of others is in the work of a task, which its merge would bring along. */
export const builtOnText = (id: string, { task, commit }: BuiltOn): string =>
  `${id} has work of ${task} in it that was taken back or done anew (${commit.slice(0, 10)})`;

/**
 * What comes along with a merge of a task that was named, of others, which nobody wants any more as it was; `counts`: it is what
 * its task was left with, which is merged then.
 */
export const alongText = (id: string, { task, commit }: BuiltOn, counts: boolean): string =>
  `With ${id} comes work of ${task} that was taken back or done anew (${commit.slice(0, 10)})${counts ? `, and ${task} counts as merged with it` : ''}`;

/** How a task is done anew whose work would count as merged. */
export const doneAnewHint = (ids: readonly string[]): string =>
  `To have ${ids.length === 1 ? 'that' : 'those'} done anew all the same, say before: retry ${ids.length === 1 ? 'task' : 'tasks'} ${saidIds(ids)}`;

/** How such work comes to be built on what there is now. */
export const builtAnewHint = (id: string): string => `To have it done on what there is now: retry task ${saidId(id)}`;

/** The batch that merged the work of an attempt, `batch-2`, or `batch-2 along with t2`; undefined where it is not merged. */
export const mergedIn = (state: Pick<State, 'tasks' | 'batches'>, task: Task, run: Run): string | undefined => {
  const batch = run === task.run ? task.batch : null;
  if (!run.result || (run === task.run && batch === null)) return undefined;
  if (batch !== null && state.batches[batch]?.merged.some((one) => one.task === task.id)) return batch;
  const by = bringerOf(state, { task: task.id, commit: run.result.head_commit });
  if (!by) return batch ?? undefined;
  return by.task === task.id ? by.batch : `${by.batch} along with ${by.task}`;
};
