import { tasksToReview } from '../../attention/finished-work.ts';
import { valuesOf } from '../../lib/records.ts';
import { shownLine } from '../../lib/text.ts';
import type { State } from '../../state/index.ts';
import { approvalOf, awaitsReview, reviewedRun } from '../../state/reviews.ts';
import type { Task } from '../../state/tasks.ts';
import type { ReviewData } from '../../text/review-data.ts';
import { fileOf } from '../review/diff-rows.ts';
import { countPieces, reviewLines } from '../review/review-lines.ts';
import { changeIn, changeQuery, headIn, headQuery } from './review-answers.ts';
import { REVIEW_KEYS } from './review-keys.ts';
import type { Tab, TabBody, TabColumn, TabContext, TabLine } from './tab.ts';
import { GAP, selectedLine } from './tab-window.ts';
import { fitEnd, widthOf } from '../widgets/pieces.ts';

/** Two sides of code need so many cells, and the list of files beside them so many more. */
const TWO_SIDES = 110;
const WITH_FILES = 100;

/** The place of what waits for a decision among what there is to look at. */
const TO_REVIEW = 0;

const stateWord = (
  task: Task,
  { state }: TabContext,
): { text: string; rank: number; color?: 'green' | 'red' | 'yellow' } => {
  if (task.batch !== null) return { text: `merged in ${task.batch}`, rank: 3 };
  if (state.reviews[task.id]?.taken_over) return { text: 'taken over', rank: 1, color: 'yellow' };
  if (approvalOf(state.reviews, task)) return { text: 'approved', rank: 2, color: 'green' };
  if (awaitsReview(state.reviews, task)) return { text: 'to review', rank: TO_REVIEW, color: 'yellow' };
  return { text: task.state, rank: 2, ...(task.state === 'failed' ? { color: 'red' as const } : {}) };
};

const listLines = (context: TabContext): readonly TabLine[] => {
  // What waits stands in the order in which it is opened and proposed.
  const places = new Map(tasksToReview(context.state).map(({ id }, place) => [id, place]));
  const placeOf = ({ id }: Task): number => places.get(id) ?? places.size;
  return valuesOf(context.state.tasks)
    .filter((task) => (!task.archived || places.has(task.id)) && reviewedRun(task))
    .map((task) => ({ task, word: stateWord(task, context), run: reviewedRun(task)! }))
    .toSorted(
      (a, b) =>
        a.word.rank - b.word.rank ||
        (a.word.rank === TO_REVIEW ? placeOf(a.task) - placeOf(b.task) : a.task.since.localeCompare(b.task.since)),
    )
    .map(({ task, word: { text, color }, run }) => ({
      id: task.id,
      pieces: [
        { text: ` ${task.id} `.padEnd(8), bold: true },
        { text: shownLine(task.title) },
        { text: `  ${text}`, ...(color ? { color } : { dim: true }) },
      ],
      right: [{ text: `${run.instance} `, dim: true }, ...(run.result ? countPieces(run.result) : [])],
    }));
};

const list = (context: TabContext): TabBody => ({
  columns: [
    {
      title: [
        { text: 'work of tasks', bold: true },
        { text: '  what waits for you comes first', dim: true },
      ],
      lines: listLines(context),
      weight: 1,
      empty: 'No task has been worked on yet.',
    },
  ],
});

const MODES = ['as it fits', 'side by side', 'one below the other'] as const;

const isWide = ({ size }: TabContext): boolean => size.width >= WITH_FILES;

/** Cells of the list of files: as many as the longest name takes, where the change keeps the room for both sides of the code. */
const filesWidth = ({ files }: ReviewData, { size: { width } }: TabContext): number => {
  const least = Math.floor(width / 5);
  const wanted = files.map((file) => widthOf([{ text: `✔ ${shownLine(file.path)} ` }, ...countPieces(file)]));
  const beside = width - GAP - TWO_SIDES;
  const most = Math.min(Math.floor(width / 3), beside >= least ? beside : width);
  return Math.min(Math.max(least, ...wanted), most);
};

const isSideBySide = (context: TabContext, width: number): boolean => {
  const mode = MODES[context.own.mode] ?? MODES[0];
  return mode === 'as it fits' ? width >= TWO_SIDES : mode === 'side by side';
};

/** The path of a file in a list of so many cells: where it does not fit its end stays, which is its name. */
const fitPath = (file: ReviewData['files'][number], width: number): string =>
  fitEnd(shownLine(file.path), width - widthOf([{ text: '✔  ' }, ...countPieces(file)]));

/** The files, those around the one that is open where they do not all fit. */
const filesColumn = (head: ReviewData, open: number | null, { width, height }: TabContext['size']): TabColumn => {
  const { files } = head;
  const top = Math.max(0, Math.min(files.length - height, (open ?? 0) - Math.floor(height / 2)));
  const lines = files.slice(top, top + height).map(
    (file, i): TabLine => ({
      pieces: [
        { text: file.seen ? '✔ ' : '· ', color: file.seen ? 'green' : 'yellow' },
        { text: fitPath(file, width), bold: top + i === open, inverse: top + i === open, dim: file.seen },
      ],
      right: countPieces(file),
    }),
  );
  const seen = files.filter((file) => file.seen).length;
  return {
    title: [{ text: `${seen} of ${files.length} seen`, bold: true }],
    lines,
    weight: width,
    empty: 'nothing is changed',
  };
};

/** Which one of all that is to be decided before the next merge: what was approved since the last one is behind. */
const placeText = (state: State, subject: string): string => {
  const waiting = tasksToReview(state);
  const at = waiting.findIndex(({ id }) => id === subject);
  const behind = valuesOf(state.tasks).filter((task) => task.batch === null && approvalOf(state.reviews, task)).length;
  const all = behind + waiting.length;
  return at < 0 || all < 2 ? '' : `  ${behind + at + 1} of ${all}`;
};

const opened = (context: TabContext, subject: string): TabBody => {
  const head = headIn(context);
  const title = [
    { text: `review of ${subject}`, bold: true },
    { text: placeText(context.state, subject), color: 'yellow' as const },
  ];
  if (!head) {
    const empty = shownLine(context.answers.get(headQuery(subject))?.message ?? 'reading the work …');
    return { columns: [{ title, lines: [], weight: 1, empty }] };
  }
  const change = changeIn(context);
  const beside = isWide(context) ? filesWidth(head, context) : null;
  const width = beside === null ? context.size.width : context.size.width - GAP - beside;
  const lines = reviewLines(head, change ?? head, { width, isSideBySide: isSideBySide(context, width) });
  const waiting = change ? [] : [{ id: 'w', pieces: [{ text: '  reading the change …', dim: true }] }];
  const main: TabColumn = {
    title: [...title, { text: `  ${shownLine(head.title)}`, dim: true }],
    lines: [...(waiting.length > 0 ? [...lines, ...waiting] : lines)],
    weight: width,
  };
  if (beside === null) return { columns: [main] };
  const column: TabBody = { columns: [main] };
  const at = fileOf(selectedLine(column, { ...context.own, column: 0 })?.id ?? '');
  return { columns: [filesColumn(head, at, { width: beside, height: context.size.height }), main] };
};

/** The work of a task for whoever decides on it. Without a task it lists what there is to look at. */
export const reviewTab: Tab = {
  modes: MODES,
  queries: (context) => {
    const { subject } = context.own;
    if (subject === null) return [];
    const head = headIn(context);
    return [
      { text: headQuery(subject), everyMs: 1000 },
      ...(head ? [{ text: changeQuery(head), everyMs: 1000, once: true }] : []),
    ];
  },
  body: (context) => (context.own.subject === null ? list(context) : opened(context, context.own.subject)),
  waitsFor: ({ own: { subject }, answers }) =>
    subject === null || answers.has(headQuery(subject)) ? undefined : 'the work is being read',
  keys: REVIEW_KEYS,
};
