import type { State } from '../../state/index.ts';
import type { Task } from '../../state/tasks.ts';
import { isMet, needWord } from '../../tasks/gates.ts';
import { isRacing, raceWord } from '../../tasks/race.ts';
import { isUnchecked } from '../../tasks/select.ts';
import type { TaskGroup } from '../../tasks/task-groups.ts';
import { ageOf } from '../model/relative-times.ts';
import { standstillOf } from '../model/state-marks.ts';
import { bar } from '../widgets/bar.ts';
import type { Piece } from '../widgets/pieces.ts';
import type { TabContext } from './tab.ts';

const BAR = 6;

/** Cells that the title of a task keeps, whatever stands behind it. */
export const TITLE_LEAST = 20;

/** Who has the task. */
export const assigneePieces = ({ assignee: who }: Task): readonly Piece[] =>
  who === null ? [] : [{ text: ` → ${who}`, color: 'cyan' }];

/** How far a task is, in a bar of so many cells where it is at work. */
export const progressPieces = (
  task: Task,
  group: TaskGroup,
  { state, now }: Pick<TabContext, 'state' | 'now'>,
  cells = BAR,
): readonly Piece[] => {
  const { run } = task;
  if (isRacing(task)) return [{ text: `${raceWord(task, state.tasks)} `, color: 'cyan' }];
  const still = standstillOf(task, state);
  if (group === 'running' && run)
    return [
      ...(still === null ? [] : [{ ...still.style, text: `${still.word} ` }]),
      { text: `${cells > 0 ? `${bar(run.progress, 100, cells)} ` : ''}${Math.round(run.progress)}% ` },
      { text: `${ageOf(run.started_at, now)} `, dim: true },
    ];
  if (group === 'failed' && run?.failure) return [{ text: `${run.failure.class} `, color: 'red' }];
  if (group === 'done')
    return [
      { text: isUnchecked(task) ? 'unchecked ' : '' },
      { text: task.merge_commit === null ? '' : 'merged ', dim: true },
    ];
  return [];
};

/** The tasks that a task waits for before it can be handed out. */
export const taskWaitsFor = (task: Task, { tasks }: State): string =>
  task.dependencies
    .filter((need) => !isMet(need, tasks))
    .map((need) => needWord(need, tasks))
    .join(', ');
