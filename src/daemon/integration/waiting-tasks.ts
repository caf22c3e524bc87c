import type { Batch } from '../../state/batches.ts';
import type { State } from '../../state/index.ts';
import type { Settings } from '../../state/settings.ts';
import type { IntegrationPolicy } from '../../state/swarm-settings.ts';
import type { Task } from '../../state/tasks.ts';
import { waitsFor } from '../../tasks/gates.ts';
import { lacksReview } from '../../tasks/mergeable.ts';
import { GONE_ON, isDoneAnew } from '../../tasks/taken-work.ts';
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
  const before = tasks[prerequisite.task];
  const goesOn = before?.instruction !== undefined || before?.state === 'done';
  const isSpoiled =
    prerequisite.reason === 'withdrawn'
      ? !goesOn
      : prerequisite.spoiled || (prerequisite.reason === 'gate' && prerequisite.sent_back === undefined);
  const message = `it builds on ${prerequisite.task}, which was set aside`;
  return { task: task.id, reason: 'dependency', message, files: [], ...(isSpoiled ? { spoiled: true } : {}) };
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

const isVerified = (task: Task | undefined): task is Verified => task?.state === 'done' && task.run?.result != null;

/** What of the settings says what a batch takes. */
type Policy = Pick<Settings, 'integration' | 'review'>;

/** The task whose work a batch may still merge, or why not: people and agents go on with tasks while it is under way. */
const takenFrom = (state: State, id: string, { review }: Pick<Policy, 'review'>): Verified | string => {
  const task = Object.hasOwn(state.tasks, id) ? state.tasks[id] : undefined;
  if (task?.instruction !== undefined) return 'its work was sent back meanwhile';
  if (!isVerified(task)) return 'its verified work is gone';
  return lacksReview(state, task, review === 'before-merge') ? 'nobody has approved its work as it is now' : task;
};

/** Whether the work of a task is still what a batch took of it, and is to be merged. */
export const isAsTaken = (
  state: State,
  { id, head }: { readonly id: string; readonly head: string },
  policy: Pick<Policy, 'review'>,
): boolean => {
  const task = takenFrom(state, id, policy);
  return typeof task !== 'string' && task.run.result.head_commit === head;
};

/** What is to be merged of a task; or why it is set aside before that is tried. */
export const mergeable = (
  state: State,
  batch: Batch,
  id: string,
  policy: Policy,
): { readonly task: Verified } | { readonly aside: SetAside } => {
  const found = takenFrom(state, id, policy);
  const task = typeof found !== 'string' && isDoneAnew(state, batch, id) ? GONE_ON : found;
  if (typeof task === 'string') return { aside: { task: id, reason: 'withdrawn', message: task, files: [] } };
  const aside = asideWithPrerequisite(batch, task, state.tasks) ?? asideAfterStop(policy.integration, batch, task);
  return aside ? { aside } : { task };
};
