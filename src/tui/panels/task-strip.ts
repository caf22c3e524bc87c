import { shownLine } from '../../lib/text.ts';
import type { State } from '../../state/index.ts';
import type { Task, Tasks } from '../../state/tasks.ts';
import { isUnchecked } from '../../tasks/select.ts';
import { isRacing, raceWord } from '../../tasks/race.ts';
import { lastDone } from '../model/instance-list.ts';
import { TASK_MARKS } from '../model/state-marks.ts';
import { groupTasks, TASK_GROUPS } from '../../tasks/task-groups.ts';
import { fitText, type Piece, spread } from '../widgets/pieces.ts';
import { type Panel, shownRect } from './panel.ts';

type Props = { readonly left: readonly Piece[]; readonly right: readonly Piece[]; readonly width: number };

/** Cells of a title where there are several, so that more than the first can be seen. */
const TITLE = 20;
const WIDE_TITLE = 60;
/** From this width on titles are longer. */
const WIDE = 160;

const runningPieces = (tasks: readonly Task[], all: Tasks): readonly Piece[] =>
  tasks.flatMap((task) => [
    { text: `  ${task.id}`, bold: true },
    { text: ` ${fitText(shownLine(task.title), tasks.length === 1 ? WIDE_TITLE : TITLE)}` },
    {
      text: isRacing(task) ? ` ${raceWord(task, all)}` : task.assignee === null ? '' : ` → ${task.assignee}`,
      dim: true,
    },
  ]);

const namedPieces = (label: string, { id, title }: Task, cells: number): readonly Piece[] => [
  { text: `  ${label} `, dim: true },
  { text: id, bold: true },
  { text: ` ${fitText(shownLine(title), cells)}` },
];

/** What comes next and what was done last: the panes say who is at what. */
const besidePieces = ({ tasks }: Pick<State, 'tasks'>, next: Task | undefined, width: number): readonly Piece[] => {
  const cells = width >= WIDE ? WIDE_TITLE / 2 : TITLE;
  const done = lastDone(tasks);
  return [...(next ? namedPieces('next', next, cells) : []), ...(done ? namedPieces('last done', done, cells) : [])];
};

/** How many tasks each group has; beside the panes what comes next and was done last, elsewhere what is worked on. */
export const taskStripPanel: Panel<Props> = {
  id: 'task-strip',
  z: 1,
  rect: ({ layout }) => shownRect(layout.strip),
  select: ({ state, open, outlook }, { width }) => {
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
        ...(open
          ? runningPieces(groups.running, state.tasks)
          : besidePieces(state, state.tasks[outlook.next ?? ''] ?? groups.queued[0], width)),
      ],
      right: [],
    };
  },
  lines: ({ left, right, width }) => [spread(left, right, width)],
};
