import type { Task } from '../state/tasks.ts';
import { isUnchecked } from './select.ts';
import { TASK_GROUPS, type TaskGroups } from './task-groups.ts';

/** How many tasks are done, of how many, and of those how many only by the word of their agents. */
export type DoneCount = { readonly done: number; readonly total: number; readonly unchecked: number };

/** The same of a whole swarm. */
export const doneCount = (groups: TaskGroups): DoneCount => ({
  done: groups.done.length,
  total: TASK_GROUPS.reduce((sum, group) => sum + groups[group].length, 0),
  unchecked: uncheckedIn(groups.done),
});

/** How many of these are done and no check has looked at them. */
export const uncheckedIn = (tasks: readonly Task[]): number => tasks.filter(isUnchecked).length;

/** ` (2 unchecked)`, behind a number of tasks that are done: what no check has looked at nowhere passes for more. */
export const uncheckedNote = (unchecked: number): string => (unchecked === 0 ? '' : ` (${unchecked} unchecked)`);

/** `7/12 (2 unchecked)`. */
export const doneText = ({ done, total, unchecked }: DoneCount): string =>
  `${done}/${total}${uncheckedNote(unchecked)}`;

/** `7 of 12 done (2 unchecked)`; `7 of 12 tasks done (2 unchecked)` with a word for what they are. */
export const doneInWords = ({ done, total, unchecked }: DoneCount, what = ''): string =>
  `${done} of ${total}${what === '' ? '' : ` ${what}`} done${uncheckedNote(unchecked)}`;
