import type { Batch } from '../../state/batches.ts';
import type { State } from '../../state/index.ts';
import type { IntegrationPolicy } from '../../state/swarm-settings.ts';
import type { Task } from '../../state/tasks.ts';
import { waitsFor } from '../../tasks/gates.ts';
import type { SetAside } from './set-aside.ts';

/** Whether the batch is through with a task. */
const isSettled = (batch: Batch, id: string): boolean =>
  batch.merged.some((one) => one.task === id) || batch.set_aside.some((one) => one.task === id);

/** The tasks that a batch has still to come to, in its order. */
export const waitingTasks = (batch: Batch): readonly string[] => batch.tasks.filter((id) => !isSettled(batch, id));

/** A task that was built on one that was set aside goes with it; undefined when all that it builds on is there. */
const asideWithPrerequisite = (batch: Batch, task: Task, tasks: State['tasks']): SetAside | undefined => {
  const prerequisite = batch.set_aside.find(
    (one) => one.reason !== 'stopped' && waitsFor(task, tasks[one.task] ?? { id: one.task }),
  );
  if (!prerequisite) return undefined;
  // What was built on work that is not good, or not there any more, has to be done again; work that was sent back goes on.
  const isSpoiled = ['gate', 'withdrawn'].includes(prerequisite.reason) && prerequisite.sent_back === undefined;
  const message = `it builds on ${prerequisite.task}, which was set aside`;
  return { task: task.id, reason: isSpoiled ? 'gate' : 'dependency', message, files: [] };
};

/** A task that is left when the batch ends early, because one before it conflicted or failed its check. */
const asideAfterStop = (
  { on_conflict, on_failed_check }: IntegrationPolicy,
  batch: Batch,
  task: Task,
): SetAside | undefined => {
  const ending = [...(on_conflict === 'stop' ? ['conflict'] : []), ...(on_failed_check === 'stop' ? ['gate'] : [])];
  const cause = batch.set_aside.find(({ reason }) => ending.includes(reason));
  return cause && { task: task.id, reason: 'stopped', message: `the batch ended at ${cause.task}`, files: [] };
};

/** A task with verified work. */
export type Verified = Task & { readonly run: NonNullable<Task['run']> & { readonly result: object } };

const isVerified = (task: Task | undefined): task is Verified => task?.run?.result != null;

/** What is to be merged of a task; or why it is set aside before that is tried. */
export const mergeable = (
  state: State,
  batch: Batch,
  id: string,
  policy: IntegrationPolicy,
): { readonly task: Verified } | { readonly aside: SetAside } => {
  const task = state.tasks[id];
  if (!isVerified(task))
    return { aside: { task: id, reason: 'withdrawn', message: 'its verified work is gone', files: [] } };
  const aside = asideWithPrerequisite(batch, task, state.tasks) ?? asideAfterStop(policy, batch, task);
  return aside ? { aside } : { task };
};
