import { shownLine } from '../../lib/text.ts';
import type { State } from '../../state/index.ts';
import type { Task, Tasks } from '../../state/tasks.ts';
import { uncheckedIn, uncheckedNote } from '../../tasks/done-count.ts';
import { isRacing, raceWord, waitsForChoice } from '../../tasks/race.ts';
import { lastDone } from '../model/instance-list.ts';
import type { ScreenModel } from '../model/screen-model.ts';
import { standstillOf, TASK_MARKS } from '../model/state-marks.ts';
import { queuedOf, upNext } from '../model/up-next.ts';
import { groupTasks, TASK_GROUPS, type TaskGroup } from '../../tasks/task-groups.ts';
import { fitWords, type Piece, spread, widthOf } from '../widgets/pieces.ts';
import { type Panel, shownRect } from './panel.ts';

type Props = { readonly left: readonly Piece[]; readonly width: number };
type Entry = readonly Piece[];

/** Cells of a title where there are several, so that more than the first can be seen. */
const TITLE = 20;
const WIDE_TITLE = 60;
/** A title in fewer cells says nothing: then its number alone stands there. */
const LEAST_TITLE = 12;

/** The entries from the first on that fit whole into so many cells. */
const wholeEntries = (entries: readonly Entry[], room: number): readonly Piece[] => {
  const until = entries.findIndex((_entry, i) => widthOf(entries.slice(0, i + 1).flat()) > room);
  return (until < 0 ? entries : entries.slice(0, until)).flat();
};

type Count = { readonly group: TaskGroup; readonly pieces: Entry };

const piecesOf = (counts: readonly Count[]): readonly Piece[] => counts.flatMap(({ pieces }) => pieces);

/** Groups in the order in which they are left out where there is no room for all: what nobody has to see to goes first. */
const LEFT_OUT: readonly TaskGroup[] = ['held', 'waiting', 'ready', 'queued', 'done', 'running', 'blocked'];

/** As many of the counts as fit whole into so many cells: those that are left out last first. */
const wholeCounts = (counts: readonly Count[], room: number): readonly Count[] => {
  const rank = ({ group }: Count): number => LEFT_OUT.indexOf(group);
  const kept = new Set(counts.filter((one) => rank(one) < 0));
  for (const one of counts.filter((other) => !kept.has(other)).toSorted((a, b) => rank(b) - rank(a)))
    if (widthOf(piecesOf([...kept, one])) <= room) kept.add(one);
  return counts.filter((one) => kept.has(one));
};

const runningEntries = (tasks: readonly Task[], all: Tasks): readonly Entry[] =>
  tasks.map((task) => [
    { text: `  ${task.id}`, bold: true },
    { text: ` ${fitWords(shownLine(task.title), tasks.length === 1 ? WIDE_TITLE : TITLE)}` },
    {
      text: isRacing(task) ? ` ${raceWord(task, all)}` : task.assignee === null ? '' : ` → ${task.assignee}`,
      dim: true,
    },
  ]);

const namedEntry = (label: string, { id, title }: Task, cells: number): Entry => [
  { text: `  ${label} `, dim: true },
  { text: id, bold: true },
  { text: cells === 0 ? '' : ` ${fitWords(shownLine(title), cells)}` },
];

/** What comes next and, where no count is left out for it, was done last, in so many cells: the panes say who is at what. */
const besideEntries = (model: ScreenModel, room: number, isWhole: boolean): readonly Entry[] => {
  const done = isWhole ? lastDone(model.state.tasks) : undefined;
  const next = upNext(model);
  const named = [...(next ? [['next', next] as const] : []), ...(done ? [['last done', done] as const] : [])];
  const entriesIn = (cells: number): readonly Entry[] => named.map(([label, task]) => namedEntry(label, task, cells));
  const share = Math.floor((room - widthOf(entriesIn(0).flat())) / Math.max(1, named.length)) - 1;
  const widths = [WIDE_TITLE, ...(share < LEAST_TITLE ? [] : [share])];
  const cells = widths.find((one) => widthOf(entriesIn(one).flat()) <= room) ?? 0;
  return entriesIn(cells);
};

const queuedNote = ({ toAssign, forStopped }: ReturnType<typeof queuedOf>): string => {
  const notes = [
    ...(toAssign.length > 0 ? [`${toAssign.length} to assign`] : []),
    ...(forStopped.length > 0 ? [`${forStopped.length} for a stopped agent`] : []),
  ];
  return notes.length === 0 ? '' : ` (${notes.join(', ')})`;
};

/**
 * What of a group the word for it says too much of: done by the word of an agent alone, at work and not going on, or asked for and
 * not beginning before somebody assigns it.
 */
const noteOf = (group: TaskGroup, tasks: readonly Task[], model: ScreenModel): string => {
  const { state } = model;
  if (group === 'queued') return queuedNote(queuedOf(model));
  if (group === 'done') return uncheckedNote(uncheckedIn(tasks));
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
    const counts = TASK_GROUPS.filter((group) => groups[group].length > 0).map(
      (group): Count => ({
        group,
        pieces: [
          { ...TASK_MARKS[group].style, text: `${TASK_MARKS[group].glyph} ${groups[group].length} ${group}` },
          { text: `${noteOf(group, groups[group], model)}  `, dim: true },
        ],
      }),
    );
    const none = [{ text: 'no tasks', dim: true }];
    const label: Piece = { text: ' tasks  ', dim: true };
    const all: readonly Piece[] = [label, ...(counts.length > 0 ? piecesOf(counts) : none)];
    const kept = widthOf(all) <= width ? counts : wholeCounts(counts, width - 1);
    const left = widthOf(all) <= width ? all : [{ text: ' ' }, ...piecesOf(kept)];
    const isWhole = kept.length === counts.length;
    const room = width - widthOf(left);
    const more = open ? runningEntries(groups.running, state.tasks) : besideEntries(model, room, isWhole);
    return { width, left: [...left, ...wholeEntries(more, room)] };
  },
  lines: ({ left, width }) => [spread(left, [], width)],
};
