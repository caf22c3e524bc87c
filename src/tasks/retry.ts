import type { EventDraft, State } from '../state/index.ts';
import { findMode } from '../state/modes.ts';
import { isStaying } from '../state/moves.ts';
import { runsOf } from '../state/runs.ts';
import type { Settings } from '../state/settings.ts';
import type { FailureClass, Task } from '../state/tasks.ts';

/** How often a failed run of a mode is tried again by itself; null is the run of no mode. */
export type RetriesOf = (mode: string | null) => number;

/** The same, as these settings have it. */
export const retriesIn =
  (settings: Settings): RetriesOf =>
  (mode) =>
    (mode === null ? undefined : findMode(mode, settings)?.retries) ?? 0;

/** What another attempt may get past. What a person stopped waits for their word. */
const RETRIED: readonly FailureClass[] = [
  'check',
  'no-commit',
  'dirty',
  'crash',
  'hang',
  'session-lost',
  'gate',
  'dependency',
  'agent',
  'overloaded',
  'network',
  'no-program',
  'memory',
];

/** Which attempt by itself comes next for a failed task, and why; undefined when it waits for a person. */
export const nextRetry = (
  task: Task,
  retriesOf: RetriesOf,
): { readonly n: number; readonly reason: string } | undefined => {
  const { run, retries } = task;
  if (task.state !== 'failed' || !run?.failure || !RETRIED.includes(run.failure.class)) return undefined;
  const most = retriesOf(run.mode);
  const n = retries + 1;
  if (n > most) return undefined;
  const { class: kind, message } = run.failure;
  return { n, reason: `tried again by itself, ${n} of ${most} in ${run.mode} mode: ${kind}: ${message}` };
};

/** The instance that a person gave a task to by hand, which was at it last; undefined where it is left to whoever is free. */
export const pinnedBefore = (task: Task): string | undefined =>
  task.pinned ? (task.assignee ?? runsOf(task).at(-1)?.instance) : undefined;

/** The facts that leave a task with the instance that a person gave it to, as long as that one can go on. */
export const pinAgainFacts = (state: Pick<State, 'instances'>, task: Task, reason: string): EventDraft[] => {
  const instance = pinnedBefore(task);
  const one = instance === undefined ? undefined : state.instances[instance];
  return one && isStaying(one.state.kind)
    ? [{ type: 'task.assigned', data: { id: task.id, instance: one.instance_id, pinned: true, reason } }]
    : [];
};
