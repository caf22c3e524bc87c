import { Text } from 'ink';
import { oneLine } from '../../lib/text.ts';
import type { Task } from '../../state/tasks.ts';
import { type Panel, shownRect } from '../panel.ts';
import { groupedTasks, TASK_GROUPS, type TaskGroup } from '../scene.ts';
import { fitText, type Piece, spread } from '../widgets/line.ts';
import type { Style } from '../widgets/paint.ts';

type Props = { readonly left: readonly Piece[]; readonly right: readonly Piece[]; readonly width: number };

const GROUPS = {
  running: { glyph: '●', style: { color: 'green' } },
  ready: { glyph: '◇', style: { color: 'cyan' } },
  waiting: { glyph: '…', style: { dim: true } },
  blocked: { glyph: '‖', style: { color: 'yellow' } },
  failed: { glyph: '✖', style: { color: 'red', bold: true } },
  done: { glyph: '✔', style: {} },
} as const satisfies Record<TaskGroup, { glyph: string; style: Style }>;

/** Cells of a title where there are several, so that more than the first can be seen. */
const TITLE = 20;
const WIDE_TITLE = 60;

const current = (tasks: readonly Task[]): readonly Piece[] =>
  tasks.flatMap((task) => [
    { text: `  ${task.id}`, bold: true },
    { text: ` ${fitText(oneLine(task.title), tasks.length === 1 ? WIDE_TITLE : TITLE)}` },
    { text: task.assignee === null ? '' : ` → ${task.assignee}`, dim: true },
  ]);

/** How many tasks are where, and the ones that are being worked on. */
export const tasksPanel: Panel<Props> = {
  id: 'tasks',
  z: 1,
  rect: ({ layout }) => shownRect(layout.strip),
  select: ({ state }, { width }) => {
    const groups = groupedTasks(state.tasks);
    const counts = TASK_GROUPS.filter((group) => groups[group].length > 0).flatMap((group): Piece[] => [
      { ...GROUPS[group].style, text: `${GROUPS[group].glyph} ${groups[group].length} ${group}` },
      { text: '  ' },
    ]);
    const none = [{ text: 'no tasks', dim: true }];
    return {
      width,
      left: [{ text: ' tasks  ', dim: true }, ...(counts.length > 0 ? counts : none), ...current(groups.running)],
      right: [],
    };
  },
  View: ({ left, right, width }) => <Text wrap="truncate-end">{spread(left, right, width)}</Text>,
};
