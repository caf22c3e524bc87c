import { saidId } from '../protocol/say.ts';
import type { State } from '../state/index.ts';
import type { Task } from '../state/tasks.ts';
import { standingConflict } from '../tasks/mergeable.ts';
import { lostAfter, lostAfterText } from '../tasks/lost-after.ts';
import { waitingFor } from '../tasks/select.ts';
import { behindGivenUp, isGivenUp, isOver } from '../tasks/stranded.ts';
import { isUnjoinable } from '../tasks/unjoinable.ts';
import { helpForTask } from './failure-help.ts';

/** Why a task does not begin, in the words of the alert about that, and the commands that help. */
export type Blocked = { readonly text: string; readonly help: string[] };

/** What a person did with a task that is given up. */
export const givenUpWord = ({ state, archived }: Pick<Task, 'state' | 'archived'>): string =>
  state === 'cancelled' ? `was cancelled${archived ? ' and archived' : ''}` : 'is archived';

/** Those of these tasks that were given up, each with what was done with it; nothing where none was. */
export const givenUpAmong = (
  { tasks }: Pick<State, 'tasks'>,
  ids: readonly string[],
): { readonly given_up?: Record<string, string> } => {
  const found = ids.flatMap((id) => (tasks[id] && isGivenUp(tasks[id]) ? [[id, givenUpWord(tasks[id])]] : []));
  return found.length === 0 ? {} : { given_up: Object.fromEntries(found) };
};

/** The alert that tells of a task that failed or is blocked says it. */
const toldTrouble = ({ alerts }: State, { id, state, run, blocked_by, archived }: Task): string =>
  (alerts[`blocked:${id}`] ?? alerts[`failed:${id}`])?.text ??
  (state === 'blocked' && blocked_by !== null
    ? `${id} cannot start: ${blocked_by}`
    : archived || state === 'cancelled'
      ? `${id} ${givenUpWord({ state, archived })}`
      : `${id} failed${run?.failure ? ` (${run.failure.class}): ${run.failure.message}` : ''}`);

/** The same, with those that were lost to a task that failed: what others see of it next. */
const troubleOf = (state: State, task: Task): string => {
  const lost = task.state === 'failed' ? lostAfter(state, task) : [];
  return `${toldTrouble(state, task)}${lost.length > 1 ? `; ${lostAfterText(lost)}` : ''}`;
};

/** What helps a blocked task: what it builds on is merged, and where that conflicts somebody resolves it first. */
const unblocking = (state: State, task: Task): string[] => {
  const again = `retry task ${saidId(task.id)}`;
  const unmerged = task.dependencies
    .flatMap((id) => state.tasks[id] ?? [])
    .filter((before) => before.state === 'done' && before.batch === null);
  const aside = unmerged.filter((before) => standingConflict(state, before) !== undefined);
  if (aside.length === 0) return unmerged.length === 0 ? [again] : ['merge completed branches', again];
  const conflicts = aside.map((before) => `show conflict ${saidId(before.id)}`);
  // It would be blocked once more as long as they are not merged.
  return isUnjoinable(task) ? conflicts : [...conflicts, again];
};

/** The nearest of those that a task waits for which failed, is blocked or was given up. */
const culpritOf = ({ tasks }: State, task: Task): Task | undefined => {
  const seen = new Set([task.id]);
  let next = [task];
  while (next.length > 0) {
    const before = next.flatMap((one) => waitingFor(one, tasks)).filter((id) => !seen.has(id) && seen.add(id));
    const all = before.flatMap((id) => tasks[id] ?? []);
    const culprit = all.find(isOver);
    if (culprit) return culprit;
    next = all;
  }
  return undefined;
};

/** How a task begins that waits for one that was given up: that is done after all, or is not waited for. */
const withoutIt = ({ id, dependencies }: Task, { id: given, archived }: Task): string[] => {
  const others = dependencies.filter((need) => need !== given);
  // What is archived is not run, whatever else became of it.
  const again = `${archived ? 'unarchive' : 'retry'} task ${saidId(given)}`;
  if (others.length === dependencies.length) return [again];
  // In a value of several no word means anything else.
  const deps = others.length === 0 ? 'none' : others.join(',');
  return [again, `set task ${saidId(id)} deps=${deps}`];
};

/** One of these tasks that waits for one that was given up, and so for ever, and what of how many is so; null where none does. */
export const strandedByGivenUp = (
  { tasks }: Pick<State, 'tasks'>,
  waiting: readonly Task[],
): { readonly task: string; readonly why: string } | null => {
  // A plan has thousands of tasks, and this is asked for each state: for each of them by itself would be too much.
  const behind = behindGivenUp(tasks);
  const stranded = waiting.filter(({ id }) => behind.has(id));
  for (const task of stranded) {
    const given = waitingFor(task, tasks).find((id) => tasks[id] && isGivenUp(tasks[id]));
    if (given === undefined) continue;
    const more = stranded.length === 1 ? '' : `, and ${stranded.length - 1} more like that`;
    return { task: task.id, why: `${task.id} waits for ${given}, which ${givenUpWord(tasks[given]!)}${more}` };
  }
  return null;
};

/** Why a task is blocked, or waits for one that does not get done, and what helps; null where nothing keeps it so. */
export const blockedOf = (state: State, task: Task): Blocked | null => {
  const { id } = task;
  if (task.state === 'blocked') {
    if (task.archived) return { text: troubleOf(state, task), help: [`unarchive task ${saidId(id)}`] };
    return { text: troubleOf(state, task), help: unblocking(state, task) };
  }
  const culprit = task.state === 'open' || task.state === 'assigned' ? culpritOf(state, task) : undefined;
  if (!culprit) return null;
  const text = `${id} waits for ${culprit.id}: ${troubleOf(state, culprit)}`;
  return { text, help: isGivenUp(culprit) ? withoutIt(task, culprit) : [helpForTask(culprit)] };
};

/** Why a task did not get done, where something keeps it from that; null where it is still under way, say. */
export const undoneOf = (state: State, task: Task): Blocked | null =>
  task.state === 'failed' ? { text: troubleOf(state, task), help: [helpForTask(task)] } : blockedOf(state, task);
