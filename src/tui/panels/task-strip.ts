import { shownLine } from '../../lib/text.ts';
import type { Task, Tasks } from '../../state/tasks.ts';
import { isUnchecked } from '../../tasks/select.ts';
import { isRacing, raceWord } from '../../tasks/race.ts';
import { TASK_MARKS } from '../model/state-marks.ts';
import { groupTasks, TASK_GROUPS } from '../../tasks/task-groups.ts';
import { fitText, type Piece, spread } from '../widgets/pieces.ts';
import { type Panel, shownRect } from './panel.ts';

type Props = { readonly left: readonly Piece[]; readonly right: readonly Piece[]; readonly width: number };

/** Cells of a title where there are several, so that more than the first can be seen. */
const TITLE = 20;
const WIDE_TITLE = 60;

const runningPieces = (tasks: readonly Task[], all: Tasks): readonly Piece[] =>
  tasks.flatMap((task) => [
    { text: `  ${task.id}`, bold: true },
    { text: ` ${fitText(shownLine(task.title), tasks.length === 1 ? WIDE_TITLE : TITLE)}` },
    {
      text: isRacing(task) ? ` ${raceWord(task, all)}` : task.assignee === null ? '' : ` → ${task.assignee}`,
      dim: true,
    },
  ]);

/** How many tasks each group has, and the tasks that are being worked on. */
export const taskStripPanel: Panel<Props> = {
  id: 'task-strip',
  z: 1,
  rect: ({ layout }) => shownRect(layout.strip),
  select: ({ state }, { width }) => {
    const groups = groupTasks(state);
    const unchecked = groups.done.filter(isUnchecked).length;
    const counts = TASK_GROUPS.filter((group) => groups[group].length > 0).flatMap((group): Piece[] => [
      { ...TASK_MARKS[group].style, text: `${TASK_MARKS[group].glyph} ${groups[group].length} ${group}` },
      { text: group === 'done' && unchecked > 0 ? ` (${unchecked} unchecked)  ` : '  ', dim: true },
    ]);
    const none = [{ text: 'no tasks', dim: true }];
    return {
      width,
      left: [
        { text: ' tasks  ', dim: true },
        ...(counts.length > 0 ? counts : none),
        ...runningPieces(groups.running, state.tasks),
      ],
      right: [],
    };
  },
  lines: ({ left, right, width }) => [spread(left, right, width)],
};
