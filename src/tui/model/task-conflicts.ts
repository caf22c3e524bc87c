import { lastToSetAside } from '../../state/batches.ts';
import { conflictId, conflictPlace, type ConflictRecord } from '../../state/conflict-records.ts';
import { isClash } from '../../state/conflicts.ts';
import type { State } from '../../state/index.ts';
import type { Task } from '../../state/tasks.ts';
import { standingConflict } from '../../tasks/mergeable.ts';
import { sideName, sideText } from '../../text/conflict-text.ts';

/** The conflict for which the work of a task was set aside last, with what was examined of it. */
const recordOf = (
  { batches, conflicts }: Pick<State, 'batches' | 'conflicts'>,
  task: string,
): ConflictRecord | undefined => {
  const last = lastToSetAside(batches, task);
  return last && conflicts[conflictId(last.id, task)];
};

/** With what finished work could not be merged, as in `with t7 in src/app.txt (3 lines)`; null where nothing is in its way. */
export const conflictOf = (state: State, task: Task): string | null => {
  if (task.state !== 'done' || task.batch !== null || task.archived) return null;
  const message = standingConflict(state, task);
  if (message === undefined) return null;
  const record = recordOf(state, task.id);
  return record ? conflictPlace(record) : message.replace(/^conflict /u, '');
};

/** With whose work that of a task would conflict as it is now: `with t8 in src/app.txt lines 3–9`; null: with none. */
export const clashOf = ({ predicted }: Pick<State, 'predicted'>, { id }: Pick<Task, 'id'>): string | null => {
  const clash = Object.values(predicted).find((one) => isClash(one) && one.tasks.includes(id));
  if (!clash) return null;
  const own = clash.tasks[0] === id ? 0 : 1;
  return `with ${sideName(clash, own === 0 ? 1 : 0)} in ${sideText(clash.files[0]!, own)}`;
};
