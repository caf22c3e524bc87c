import { saidId } from '../protocol/say.ts';
import type { State } from '../state/index.ts';
import type { Task } from '../state/tasks.ts';
import { waitingFor } from '../tasks/select.ts';
import { helpForTask } from './failure-help.ts';

/** Why a task does not begin, in the words of the alert about that, and the commands that help. */
export type Blocked = { readonly text: string; readonly help: string[] };

/** The alert that tells of a task that failed or is blocked says it. */
const troubleOf = ({ alerts }: State, { id, state, run, blocked_by }: Task): string =>
  (alerts[`blocked:${id}`] ?? alerts[`failed:${id}`])?.text ??
  (state === 'blocked' && blocked_by !== null
    ? `${id} cannot start: ${blocked_by}`
    : `${id} failed${run?.failure ? ` (${run.failure.class}): ${run.failure.message}` : ''}`);

const unmergedBefore = (state: State, { dependencies }: Task): boolean =>
  dependencies.some((id) => state.tasks[id]?.state === 'done' && state.tasks[id].batch === null);

/** The nearest of those that a task waits for which failed or is blocked. */
const culpritOf = ({ tasks }: State, task: Task): Task | undefined => {
  const seen = new Set([task.id]);
  let next = [task];
  while (next.length > 0) {
    const before = next.flatMap((one) => waitingFor(one, tasks)).filter((id) => !seen.has(id) && seen.add(id));
    const all = before.flatMap((id) => tasks[id] ?? []);
    const culprit = all.find((one) => one.state === 'failed' || one.state === 'blocked');
    if (culprit) return culprit;
    next = all;
  }
  return undefined;
};

/** Why a task is blocked, or waits for one that does not get done, and what helps; null where nothing keeps it so. */
export const blockedOf = (state: State, task: Task): Blocked | null => {
  const { id } = task;
  if (task.state === 'blocked') {
    const merge = unmergedBefore(state, task) ? ['merge completed branches'] : [];
    return { text: troubleOf(state, task), help: [...merge, `retry task ${saidId(id)}`] };
  }
  const culprit = task.state === 'open' ? culpritOf(state, task) : undefined;
  if (!culprit) return null;
  return { text: `${id} waits for ${culprit.id}: ${troubleOf(state, culprit)}`, help: [helpForTask(culprit)] };
};

/** Why a task did not get done, where something keeps it from that; null where it is still under way, say. */
export const undoneOf = (state: State, task: Task): Blocked | null =>
  task.state === 'failed' ? { text: troubleOf(state, task), help: [helpForTask(task)] } : blockedOf(state, task);
