import type { State } from '../../../src/state/index.ts';
import type { Task } from '../../../src/state/tasks.ts';
import { isUnchecked } from '../../../src/tasks/select.ts';
import { ageOf } from '../../../src/tui/model/relative-times.ts';
import { standsSince } from '../../../src/tui/model/stands-since.ts';

/** What the card of a task that is done says of it, as on the screen. */
export const finishedWords = (task: Task, state: Pick<State, 'batches'>, now: number): string =>
  `${isUnchecked(task) ? 'unchecked ' : ''}${task.merge_commit === null ? '' : 'merged '}${ageOf(standsSince(task, state), now)}`;
