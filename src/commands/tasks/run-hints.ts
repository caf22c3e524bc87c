import type { Meaning } from '../../protocol/action.ts';
import { say, saidId } from '../../protocol/say.ts';
import type { State } from '../../state/index.ts';
import type { Task } from '../../state/tasks.ts';
import { waitingFor } from '../../tasks/select.ts';
import { comingIn, isActive, isStartable } from '../../tasks/startable.ts';

/** How a task is done once more that cannot be run as it is. */
export const redoHint = (task: Task): string => {
  const { id, batch } = task;
  if (task.race_of !== undefined) return `Look at it: show race ${saidId(task.race_of)}`;
  if (task.archived) return `To do it once more, first: unarchive task ${saidId(id)}`;
  if (isActive(task)) return `To begin it anew, first: stop task ${saidId(id)}`;
  if (batch !== null) return `It is merged; to take that back: rollback integration ${batch}`;
  return `To do it once more: retry task ${saidId(id)}`;
};

/** What has to be run for these tasks to start, what comes first at the beginning; they themselves are not among it. */
const neededFirst = ({ tasks }: Pick<State, 'tasks'>, named: readonly Task[]): readonly string[] => {
  const isComing = comingIn({ tasks });
  const seen = new Set(named.map(({ id }) => id));
  const needed: string[] = [];
  const open = named.map((task) => ({ task, rest: waitingFor(task, tasks) }));
  // A plan may be deeper than the stack.
  while (open.length > 0) {
    const { task, rest } = open.at(-1)!;
    const id = rest.shift();
    if (id === undefined) {
      open.pop();
      if (!named.includes(task)) needed.push(task.id);
      continue;
    }
    const before = tasks[id];
    if (seen.has(id) || isComing(id)) continue;
    seen.add(id);
    if (before) open.push({ task: before, rest: waitingFor(before, tasks) });
    else needed.push(id);
  }
  return needed;
};

/** Something in the way that "run task" does not take; undefined where it takes all of them. */
const obstacleHint = ({ tasks }: Pick<State, 'tasks'>, ids: readonly string[]): string | undefined => {
  for (const id of ids) {
    const task = tasks[id];
    if (!task) return `There is no task ${id}, so it has to wait for something else: help set task`;
    if (!isStartable(task)) return redoHint(task);
  }
  return undefined;
};

const runLine = (parameters: Meaning['parameters']): string =>
  say({ verb: 'run', noun: 'task', modifiers: [], parameters });

/** How these tasks are run together with all that they need; `wish` is what else was said of how they are to be run. */
export const runWithNeededHint = (
  state: Pick<State, 'tasks'>,
  named: readonly Task[],
  wish: Meaning['parameters'],
): string => {
  const needed = neededFirst(state, named);
  const id = [...needed, ...named.map((task) => task.id)];
  return obstacleHint(state, needed) ?? `To run what it needs as well, say: ${runLine({ id, ...wish })}`;
};

/** How a task is run, with all that it needs before it, behind words like "Do that first". */
export const runHint = (state: Pick<State, 'tasks'>, task: Task, words: string): string => {
  const id = [...neededFirst(state, [task]), task.id];
  return obstacleHint(state, id) ?? `${words}: ${runLine({ id })}`;
};

/** How all that a task needs is run before it. */
export const runNeededHint = (state: Pick<State, 'tasks'>, task: Task): string => {
  const id = [...neededFirst(state, [task])];
  if (id.length === 0) return 'Wait until they are done: they are on their way.';
  return obstacleHint(state, id) ?? `Run these first: ${runLine({ id })}`;
};
