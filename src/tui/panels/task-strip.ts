import { shownLine } from '../../lib/text.ts';
import type { State } from '../../state/index.ts';
import type { Task, Tasks } from '../../state/tasks.ts';
import { isUnchecked } from '../../tasks/select.ts';
import { isRacing, raceWord, waitsForChoice } from '../../tasks/race.ts';
import { lastDone } from '../model/instance-list.ts';
import type { ScreenModel } from '../model/screen-model.ts';
import { standstillOf, TASK_MARKS } from '../model/state-marks.ts';
import { upNext } from '../model/up-next.ts';
import { groupTasks, TASK_GROUPS, type TaskGroup } from '../../tasks/task-groups.ts';
import { fitText, type Piece, spread, widthOf } from '../widgets/pieces.ts';
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

const namedPieces = (label: string, { id, title }: Task, cells: number): readonly Piece[] => [
  { text: `  ${label} `, dim: true },
  { text: id, bold: true },
  { text: ` ${fitText(shownLine(title), cells)}` },
];

/** What comes next and what was done last, in so many cells: the panes say who is at what. */
const besidePieces = (model: ScreenModel, room: number): readonly Piece[] => {
  const done = lastDone(model.state.tasks);
  const next = upNext(model);
  const named = [...(next ? [['next', next] as const] : []), ...(done ? [['last done', done] as const] : [])];
  const labels = widthOf(named.flatMap(([label, task]) => namedPieces(label, task, 0)));
  const cells = Math.min(WIDE_TITLE, Math.max(TITLE, Math.floor((room - labels) / Math.max(1, named.length))));
  return named.flatMap(([label, task]) => namedPieces(label, task, cells));
};

/** What of a group the word for it says too much of: done by the word of an agent alone, or at work and not going on. */
const noteOf = (group: TaskGroup, tasks: readonly Task[], state: State): string => {
  const unchecked = group === 'done' ? tasks.filter(isUnchecked).length : 0;
  if (unchecked > 0) return ` (${unchecked} unchecked)`;
  const still = group === 'running' ? tasks.filter((task) => isStill(task, state)).length : 0;
  return still === 0 ? '' : ` (${still} ${still === 1 ? 'stands' : 'stand'} still)`;
};

const isStill = (task: Task, state: State): boolean =>
  standstillOf(task, state) !== null || waitsForChoice(task, state.tasks);

/** How many tasks each group has; beside the panes what comes next and was done last, elsewhere what is worked on. */
export const taskStripPanel: Panel<Props> = {
  id: 'task-strip',
  z: 1,
  rect: ({ layout }) => shownRect(layout.strip),
  select: (model, { width }) => {
    const { state, open } = model;
    const groups = groupTasks(state);
    const counts = TASK_GROUPS.filter((group) => groups[group].length > 0).flatMap((group): Piece[] => [
      { ...TASK_MARKS[group].style, text: `${TASK_MARKS[group].glyph} ${groups[group].length} ${group}` },
      { text: `${noteOf(group, groups[group], state)}  `, dim: true },
    ]);
    const none = [{ text: 'no tasks', dim: true }];
    const left: readonly Piece[] = [{ text: ' tasks  ', dim: true }, ...(counts.length > 0 ? counts : none)];
    const more = open ? runningPieces(groups.running, state.tasks) : besidePieces(model, width - widthOf(left));
    return { width, left: [...left, ...more], right: [] };
  },
  lines: ({ left, right, width }) => [spread(left, right, width)],
};
