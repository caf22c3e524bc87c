import { saidId } from '../../../src/protocol/say.ts';
import type { State } from '../../../src/state/index.ts';
import type { Task } from '../../../src/state/tasks.ts';
import { uncheckedIn, uncheckedNote } from '../../../src/tasks/done-count.ts';
import { groupOf, listedTasks, type TaskGroup } from '../../../src/tasks/task-groups.ts';
import { conflictOf } from '../../../src/tui/model/task-conflicts.ts';

/** The columns of the board: where a task stands, in words of the screen. */
export const COLUMNS = ['waiting', 'ready', 'queued', 'running', 'stopped', 'done'] as const;
export type Column = (typeof COLUMNS)[number];

export const COLUMN_TITLES: Readonly<Record<Column, string>> = {
  waiting: 'Waiting',
  ready: 'Ready',
  queued: 'Queued',
  running: 'Running',
  stopped: 'Trouble',
  done: 'Done',
};

const COLUMN_OF: Readonly<Record<TaskGroup, Column>> = {
  waiting: 'waiting',
  ready: 'ready',
  held: 'waiting',
  queued: 'queued',
  running: 'running',
  blocked: 'stopped',
  failed: 'stopped',
  done: 'done',
};

export type Board = Readonly<Record<Column, readonly Task[]>>;

/** How many tasks a column has; of what is done, for how much no check has shown it. */
export const countIn = (column: Column, tasks: readonly Task[]): string =>
  `${tasks.length}${column === 'done' ? uncheckedNote(uncheckedIn(tasks)) : ''}`;

const known = new WeakMap<State, Board>();

/** All tasks by column; what is done stands newest first, and what could not be merged with what needs a look. */
export const boardOf = (state: State): Board => {
  const before = known.get(state);
  if (before) return before;
  const { done, failed, blocked, held, waiting, ...rest } = listedTasks(state);
  const newest = done.toSorted((a, b) => (a.since < b.since ? 1 : a.since > b.since ? -1 : 0));
  const conflicts = newest.filter((task) => conflictOf(state, task) !== null);
  const inConflict = new Set(conflicts);
  const board: Board = {
    ...rest,
    waiting: [...held, ...waiting],
    stopped: [...failed, ...conflicts, ...blocked],
    done: conflicts.length === 0 ? newest : newest.filter((task) => !inConflict.has(task)),
  };
  known.set(state, board);
  return board;
};

/** Where a task stands on the board; undefined for one that was cancelled, or archived before it was done. */
export const columnOf = (task: Task, state: State): Column | undefined => {
  const group = groupOf(task, state.tasks);
  if (group === 'done' && conflictOf(state, task) !== null) return 'stopped';
  return group && COLUMN_OF[group];
};

/** What starts a task that stands there. */
const startCommand = (task: Task, from: Column): string | null => {
  if (from === 'running' || from === 'done') return null;
  const verb = task.state === 'failed' || task.state === 'blocked' ? 'retry' : task.held ? 'resume' : 'run';
  return `${verb} task ${saidId(task.id)}`;
};

/** What takes a task back from there. */
const stopCommand = (task: Task, from: Column): string | null => {
  if (from !== 'running' && from !== 'queued') return null;
  const verb = from === 'running' ? 'stop' : task.state === 'assigned' ? 'unassign' : 'pause';
  return `${verb} task ${saidId(task.id)}`;
};

/** What putting a card into a column says; null where that is nothing that a person can decide. */
export const moveCommand = (task: Task, to: Column, state: State): string | null => {
  const from = columnOf(task, state);
  if (from === undefined || from === to) return null;
  if (to === 'running' || to === 'queued') return from === 'queued' ? null : startCommand(task, from);
  return to === 'ready' ? stopCommand(task, from) : null;
};
