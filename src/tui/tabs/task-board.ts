import { shownLine } from '../../lib/text.ts';
import type { Task } from '../../state/tasks.ts';
import { isUnchecked } from '../../tasks/select.ts';
import { listedTasks, type TaskGroup } from '../../tasks/task-groups.ts';
import { CONFLICT_SIGN } from '../model/conflict-marks.ts';
import { ageOf } from '../model/relative-times.ts';
import { TASK_MARKS, taskMark } from '../model/state-marks.ts';
import { clashOf, conflictOf } from '../model/task-conflicts.ts';
import { type Piece, widthOf } from '../widgets/pieces.ts';
import type { TabBody, TabColumn, TabContext, TabLine } from './tab.ts';
import { GAP } from './tab-window.ts';
import { assigneePieces, progressPieces, taskWaitsFor } from './task-pieces.ts';

/** Finished work that could not be merged is a group of its own: somebody has to see to it. */
type Group = TaskGroup | 'conflict';

/** Which groups share a column where there is no room for each. */
const NARROW_BOARD: readonly (readonly Group[])[] = [
  ['running', 'failed', 'conflict', 'blocked'],
  ['ready', 'queued', 'held', 'waiting'],
  ['done'],
];
const WIDE_BOARD: readonly (readonly Group[])[] = [
  ['running'],
  ['ready', 'queued'],
  ['held', 'waiting'],
  ['failed', 'conflict', 'blocked'],
  ['done'],
];
const WIDE = 130;
/** In a column of so many cells a card is one line. */
const ONE_LINE = 56;
/** Cells of a progress bar on a card, beside the name of the agent. */
const SHORT_BAR = 4;
/** Cells that the title of a card keeps, with its mark and the blanks beside what stands behind it. */
const TITLE_LEAST = 20;
/** So much of what is done is shown while the rest is folded. */
const NEWEST = 5;

const MARKS = { ...TASK_MARKS, conflict: { glyph: CONFLICT_SIGN, style: { color: 'yellow', bold: true } } } as const;

/** The name of a group and how many it has; of what is done, for how much no check has shown it. */
const headOf = (group: Group, all: readonly Task[]): readonly Piece[] => {
  const unchecked = group === 'done' ? all.filter(isUnchecked).length : 0;
  return [
    { ...MARKS[group].style, text: `${MARKS[group].glyph} ${group} ` },
    { text: `${all.length}${unchecked === 0 ? '' : ` (${unchecked} unchecked)`}`, dim: true },
  ];
};

/** What stands behind the title of a task that is done; where there is no room for all of it, that no check has looked at it. */
const aboutDone = (task: Task, context: TabContext, width: number): readonly Piece[] => {
  const all: readonly Piece[] = [
    ...progressPieces(task, 'done', context),
    { text: `${ageOf(task.since, context.now)} `, dim: true },
  ];
  return isUnchecked(task) && widthOf(all) + TITLE_LEAST > width ? [{ text: 'unchecked' }] : all;
};

/** What stands behind the title of a card, or below it: who has it and how far it is. */
const aboutCard = (task: Task, group: Group, context: TabContext, width: number): readonly Piece[] => {
  if (group === 'done' || group === 'conflict') return aboutDone(task, context, width);
  const far = progressPieces(task, group, context, SHORT_BAR);
  const who = assigneePieces(task);
  return [...who, ...(who.length > 0 && far.length > 0 ? [{ text: ' ' }] : []), ...far];
};

/** The lines below a card: what it waits for, and with whose work it conflicts. */
const belowCard = (task: Task, group: Group, { state }: TabContext): readonly (readonly Piece[])[] => {
  if (group === 'waiting') return [[{ text: `  after ${taskWaitsFor(task, state)}`, dim: true }]];
  if (group === 'conflict') return [[{ text: `  ${conflictOf(state, task)}`, color: 'yellow' }]];
  const clash = group === 'running' ? clashOf(state, task) : null;
  return clash === null ? [] : [[{ text: `  ${CONFLICT_SIGN} ${clash}`, color: 'yellow' }]];
};

const cardOf = (task: Task, group: Group, context: TabContext, width: number): readonly TabLine[] => {
  const mark = group === 'conflict' ? MARKS.conflict : taskMark(task, context.state, group);
  const about = aboutCard(task, group, context, width);
  // What is done needs no line for who did it.
  const isDone = group === 'done' || group === 'conflict';
  const isOneLine = width >= ONE_LINE || isDone;
  return [
    {
      id: task.id,
      pieces: [
        { ...mark.style, text: `${mark.glyph} ` },
        { text: `${task.id} `, bold: true },
        { text: shownLine(task.title) },
      ],
      ...(isOneLine && about.length > 0 ? { right: isDone ? about : [...about, { text: ' ' }] } : {}),
    },
    ...(isOneLine || about.length === 0 ? [] : [{ pieces: [{ text: ' ' }, ...about] }]),
    ...belowCard(task, group, context).map((pieces): TabLine => ({ pieces })),
  ];
};

type Groups = Readonly<Record<Group, readonly Task[]>>;

/** All tasks by group; what is done stands newest first. */
const boardGroups = (context: TabContext): Groups => {
  const { done, ...others } = listedTasks(context.state);
  const newest = done.toSorted((a, b) => b.since.localeCompare(a.since));
  const conflict = newest.filter((task) => conflictOf(context.state, task) !== null);
  return { ...others, conflict, done: newest.filter((task) => !conflict.includes(task)) };
};

/** The groups of a column that have tasks; the first one where none has. */
const shownGroups = (names: readonly Group[], groups: Groups): readonly Group[] => {
  const some = names.filter((name) => groups[name].length > 0);
  return some.length > 0 ? some : names.slice(0, 1);
};

const columnLines = (names: readonly Group[], groups: Groups, context: TabContext, width: number): readonly TabLine[] =>
  names.flatMap((name, i): readonly TabLine[] => {
    const all = groups[name];
    const { isUnfolded, filter } = context.own;
    // A filter looks into all of them.
    const isFolded = name === 'done' && !isUnfolded && filter === '' && all.length > NEWEST;
    const cards = (isFolded ? all.slice(0, NEWEST) : all).flatMap((task) => cardOf(task, name, context, width));
    const rest = isFolded ? [{ pieces: [{ text: `▸ ${all.length - NEWEST} more`, dim: true } as const] }] : [];
    const heading: readonly TabLine[] = i === 0 ? [] : [{ pieces: headOf(name, all), heading: true }];
    return [...heading, ...cards, ...rest];
  });

/** Cells that an empty column keeps for its title. */
const closedWidth = (title: readonly Piece[]): number => widthOf(title) + 2;

/** The tasks in columns by state; one without any shrinks to its title, and the others share what it leaves. */
export const taskBoard = (context: TabContext): TabBody => {
  const groups = boardGroups(context);
  const { width } = context.size;
  const shared = width >= WIDE ? WIDE_BOARD : NARROW_BOARD;
  const columns = shared.map((names) => {
    const shown = shownGroups(names, groups);
    const [first] = shown;
    return { shown, title: headOf(first!, groups[first!]), isEmpty: groups[first!].length === 0 };
  });
  if (columns.every(({ isEmpty }) => isEmpty))
    return {
      columns: [
        { title: [{ text: 'tasks', bold: true }], lines: [], weight: 1, empty: 'No task. Say: create task "…"' },
      ],
    };
  const open = columns.filter(({ isEmpty }) => !isEmpty).length;
  const closed = columns.reduce((sum, { isEmpty, title }) => sum + (isEmpty ? closedWidth(title) : 0), 0);
  const share = Math.max(1, Math.floor((width - GAP * (columns.length - 1) - closed) / open));
  return {
    columns: columns.map(
      ({ shown, title, isEmpty }): TabColumn => ({
        title,
        weight: isEmpty ? closedWidth(title) : share,
        lines: isEmpty ? [] : columnLines(shown, groups, context, share),
      }),
    ),
  };
};
