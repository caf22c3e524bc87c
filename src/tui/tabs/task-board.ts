import { shownLine } from '../../lib/text.ts';
import type { Task } from '../../state/tasks.ts';
import { uncheckedIn, uncheckedNote } from '../../tasks/done-count.ts';
import { isUnchecked } from '../../tasks/select.ts';
import { listedTasks, type TaskGroup } from '../../tasks/task-groups.ts';
import { CONFLICT_SIGN } from '../model/conflict-marks.ts';
import { standsSince } from '../model/stands-since.ts';
import { ageOf } from '../model/relative-times.ts';
import { TASK_MARKS, taskMark } from '../model/state-marks.ts';
import { clashOf, conflictOf } from '../model/task-conflicts.ts';
import { type Piece, widthOf } from '../widgets/pieces.ts';
import { wrapLines } from '../widgets/wrap-lines.ts';
import type { TabBody, TabColumn, TabContext, TabLine } from './tab.ts';
import { GAP } from './tab-window.ts';
import { assigneePieces, progressPieces, taskWaitsFor, TITLE_LEAST } from './task-pieces.ts';

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
/** In fewer cells than these all groups stand below each other: columns would have no room for a title. */
const NARROW = 60;
const ONE_COLUMN: readonly (readonly Group[])[] = [NARROW_BOARD.flat()];
/** In a column of so many cells a card is one line. */
const ONE_LINE = 56;
/** Cells of a progress bar on a card, beside the name of the agent. */
const SHORT_BAR = 4;
/** At least so much of what is done is shown while the rest is folded. */
const NEWEST = 5;

const MARKS = { ...TASK_MARKS, conflict: { glyph: CONFLICT_SIGN, style: { color: 'yellow', bold: true } } } as const;

/** The name of a group and how many it has; of what is done, for how much no check has shown it. */
const headOf = (group: Group, all: readonly Task[]): readonly Piece[] => {
  return [
    { ...MARKS[group].style, text: `${MARKS[group].glyph} ${group} ` },
    { text: `${all.length}${uncheckedNote(group === 'done' ? uncheckedIn(all) : 0)}`, dim: true },
  ];
};

/** What stands behind the title of a task that is done; where there is no room for all of it, that no check has looked at it. */
const aboutDone = (task: Task, context: TabContext, width: number): readonly Piece[] => {
  const all: readonly Piece[] = [
    ...progressPieces(task, 'done', context),
    { text: `${ageOf(standsSince(task, context.state), context.now)} `, dim: true },
  ];
  return isUnchecked(task) && widthOf(all) + TITLE_LEAST > width ? [{ text: 'unchecked' }] : all;
};

/** What stands behind the title of a card, or below it: who has it and how far it is. */
const aboutCard = (task: Task, group: Group, context: TabContext, width: number): readonly Piece[] => {
  if (group === 'done' || group === 'conflict') return aboutDone(task, context, width);
  const who = assigneePieces(task);
  const plain = progressPieces(task, group, context, 0);
  // Where there is no room for all of it the bar goes first, then how long it takes, then how far it is.
  const less = [plain, plain.slice(0, -1), plain.slice(0, -2)];
  const [full, ...shorter] = [progressPieces(task, group, context, SHORT_BAR), ...less].map((far) => [
    ...who,
    ...(who.length > 0 && far.length > 0 ? [{ text: ' ' }] : []),
    ...far,
  ]);
  const most = width - 1;
  return [full!, ...shorter].find((pieces) => widthOf(pieces) <= most) ?? shorter.at(-1)!;
};

/** The lines below a card: what it waits for, and with whose work it conflicts. */
const belowCard = (task: Task, group: Group, { state }: TabContext): readonly (readonly Piece[])[] => {
  if (group === 'waiting') return [[{ text: `  after ${taskWaitsFor(task, state)}`, dim: true }]];
  if (group === 'conflict') return [[{ text: `  ${conflictOf(state, task)}`, color: 'yellow' }]];
  const clash = group === 'running' ? clashOf(state, task) : null;
  return clash === null ? [] : [[{ text: `  ${CONFLICT_SIGN} ${clash}`, color: 'yellow' }]];
};

/** How the cards of a column are drawn: in how many cells, and whether a title may take further lines. */
type Look = { readonly width: number; readonly wraps: boolean };

/** A title in the lines that it takes beside and below so many cells; cut in one line where it may not take more. */
const titleLines = (title: string, taken: number, { width, wraps }: Look): readonly string[] => {
  const room = width - taken;
  if (!wraps || room < TITLE_LEAST) return [title];
  return wrapLines([title], room).map((part) => part.trimStart());
};

const cardOf = (task: Task, group: Group, context: TabContext, look: Look): readonly TabLine[] => {
  const { width } = look;
  const mark = group === 'conflict' ? MARKS.conflict : taskMark(task, context.state, group);
  const about = aboutCard(task, group, context, width);
  // What is done needs no line for who did it.
  const isDone = group === 'done' || group === 'conflict';
  const title = shownLine(task.title);
  const sign: readonly Piece[] = [
    { ...mark.style, text: `${mark.glyph} ` },
    { text: `${task.id} `, bold: true },
  ];
  const indent = widthOf(sign);
  // A long title has the whole width, where it would take a second line beside that in any case.
  const isBeside = !look.wraps || indent + widthOf([{ text: title }, ...about]) + 2 <= width;
  const isOneLine = isDone || (width >= ONE_LINE && isBeside);
  const right = !isOneLine || about.length === 0 ? [] : isDone ? about : [...about, { text: ' ' }];
  const [first, ...rest] = titleLines(title, indent + widthOf(right) + (right.length > 0 ? 1 : 0), look);
  return [
    {
      id: task.id,
      text: [...sign, { text: title }, ...about].map(({ text }) => text).join(''),
      pieces: [...sign, { text: first! }],
      ...(right.length > 0 ? { right } : {}),
    },
    ...rest.map((text): TabLine => ({ pieces: [{ text: ' '.repeat(indent) + text }], continues: true })),
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

const columnLines = (
  names: readonly Group[],
  groups: Groups,
  context: TabContext,
  { most, ...look }: Look & { readonly most: number },
): readonly TabLine[] =>
  names.flatMap((name, i): readonly TabLine[] => {
    const all = groups[name];
    const { isUnfolded, filter } = context.own;
    // A filter looks into all of them.
    const isFolded = name === 'done' && !isUnfolded && filter === '' && all.length > most;
    const cards = (isFolded ? all.slice(0, most) : all).flatMap((task) => cardOf(task, name, context, look));
    const rest = isFolded ? [{ pieces: [{ text: `▸ ${all.length - most} more`, dim: true } as const] }] : [];
    const heading: readonly TabLine[] = i === 0 ? [] : [{ pieces: headOf(name, all), heading: true }];
    return [...heading, ...cards, ...rest];
  });

/** The lines of a column: titles are cut only where there is no room for them, and no more of what is done is folded than has to be. */
const fittingLines = (
  names: readonly Group[],
  groups: Groups,
  context: TabContext,
  width: number,
): readonly TabLine[] => {
  const { height } = context.size;
  const drawn = (wraps: boolean, most: number): readonly TabLine[] =>
    columnLines(names, groups, context, { width, wraps, most });
  const brief = drawn(false, NEWEST);
  const room = height - brief.length;
  if (room <= 0) return brief;
  const most = NEWEST + room;
  const whole = drawn(true, most);
  return whole.length <= height ? whole : drawn(false, most);
};

/** Cells that an empty column keeps for its title. */
const closedWidth = (title: readonly Piece[]): number => widthOf(title) + 2;

/** The tasks in columns by state; one without any shrinks to its title, and the others share what it leaves. */
export const taskBoard = (context: TabContext): TabBody => {
  const groups = boardGroups(context);
  const { width } = context.size;
  const shared = width >= WIDE ? WIDE_BOARD : width >= NARROW ? NARROW_BOARD : ONE_COLUMN;
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
        lines: isEmpty ? [] : fittingLines(shown, groups, context, share),
      }),
    ),
  };
};
