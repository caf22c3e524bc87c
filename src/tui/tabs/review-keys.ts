import { saidId, saidOption } from '../../protocol/say.ts';
import type { ReviewComment } from '../../state/reviews.ts';
import type { Task } from '../../state/tasks.ts';
import { isMergeable } from '../../tasks/mergeable.ts';
import type { ReviewData } from '../../text/review-data.ts';
import { filesIn } from '../review/change-lines.ts';
import { fileId, fileOf, placeOf } from '../review/diff-rows.ts';
import { changeIn, headIn } from './review-answers.ts';
import { startVerb } from './start-verb.ts';
import type { OpenTab, TabContext, TabKey, TabPressed } from './tab.ts';
import { selectedLine } from './tab-window.ts';

/** The column with the change: the last one, beside the list of files or alone. */
const changeColumn = ({ body }: OpenTab): number => body.columns.length - 1;

/** The view with the selection on the n-th line of the change, that line at the top of the screen. */
const jump = (open: OpenTab, index: number): TabPressed => {
  const { own } = open.context;
  const column = changeColumn(open);
  const id = open.body.columns[column]?.lines[index]?.id;
  if (id === undefined) return { own };
  return { own: { ...own, cursor: id, column, tops: { ...own.tops, [column]: index } } };
};

/** Goes to the next line, or the one before, whose id is of this kind. */
const jumpTo =
  (kind: RegExp, step: 1 | -1) =>
  (open: OpenTab): TabPressed => {
    const lines = open.body.columns[changeColumn(open)]?.lines ?? [];
    const isMeant = ({ id }: { readonly id?: string }): boolean => id !== undefined && kind.test(id);
    const at = selectedLine(open.body, open.context.own)?.index ?? 0;
    const found =
      step > 0
        ? lines.findIndex((line, i) => i > at && isMeant(line))
        : lines.findLastIndex((line, i) => i < at && isMeant(line));
    return found < 0 ? { own: open.context.own, note: 'there is none that way' } : jump(open, found);
  };

const FILE = /^f\d+$/u;
const HUNK = /^f\d+h\d+$/u;

type Place = { readonly open: OpenTab; readonly id: string; readonly head: ReviewData };

/** A key of an open review; in the list it says why it does nothing. */
const onReview =
  (press: (place: Place) => Omit<TabPressed, 'own'> & Partial<Pick<TabPressed, 'own'>>) =>
  (open: OpenTab, id: string): TabPressed => {
    const head = headIn(open.context);
    const { own } = open.context;
    return head ? { own, ...press({ open, id, head }) } : { own, note: 'open a work first' };
  };

const commentAt = (head: ReviewData | null, id: string | null): ReviewComment | undefined =>
  head?.review.comments.find((one) => `c:${one.id}` === id);

const pathAt = ({ open, id, head }: Place): string | undefined => {
  const change = changeIn(open.context);
  return commentAt(head, id)?.file ?? (change ? filesIn(change)[fileOf(id) ?? -1]?.path : undefined);
};

const comment = ({ open, id, head }: Place): Omit<TabPressed, 'own'> => {
  const change = changeIn(open.context);
  const place = change && placeOf(filesIn(change), id);
  if (!place) return { note: 'select a line of the change first' };
  const side = place.side === 'old' ? ' side=old' : '';
  return {
    write: `comment task ${saidId(head.task)} ${saidOption('file', place.path)} line=${place.line}${side}`,
  };
};

/** Marks the file of the selected line, and goes on to the next one; a mark is taken away where it is. */
const mark = (place: Place): Omit<TabPressed, 'own'> & Partial<TabPressed> => {
  const path = pathAt(place);
  if (path === undefined) return { note: 'select a file first' };
  const isSeen = place.head.files.find((file) => file.path === path)?.seen ?? false;
  const command = `${isSeen ? 'unmark' : 'mark'} task ${saidId(place.head.task)} ${saidOption('file', path)}`;
  return isSeen ? { command } : { command, own: jumpTo(FILE, 1)(place.open).own };
};

/** Asks for words in any case: with comments the line foretells that they go, and no words are needed. */
const sendBack = ({ head }: Place): Omit<TabPressed, 'own'> => ({ write: `return task ${saidId(head.task)}` });

const takeCommentBack = ({ id, head }: Place): Omit<TabPressed, 'own'> => {
  const found = commentAt(head, id);
  return found
    ? { command: `uncomment task ${saidId(head.task)} comment=${found.id}` }
    : { note: 'select a comment first' };
};

const edit = (place: Place): Omit<TabPressed, 'own'> => {
  const { open, id, head } = place;
  const path = pathAt(place);
  if (path === undefined) return { note: 'select a file first' };
  if (head.folder === null) return { note: `${head.branch} is checked out nowhere; t takes it over` };
  const change = changeIn(open.context);
  const line = (change && placeOf(filesIn(change), id)?.line) ?? 1;
  return { tool: { kind: 'editor', folder: head.folder, file: path, line } };
};

const openDifftool = (place: Place): Omit<TabPressed, 'own'> => {
  const path = pathAt(place);
  if (path === undefined) return { note: 'select a file first' };
  const { from, to } = place.head;
  return { tool: { kind: 'difftool', from, to, file: path } };
};

/** Opens the task of the list; in a review, the file that is selected begins at the top. */
const open = (tab: OpenTab, id: string): TabPressed => {
  const { own } = tab.context;
  if (own.subject === null) return { own: { ...own, subject: id, filter: '', cursor: null, column: 0, tops: {} } };
  const index = tab.body.columns[changeColumn(tab)]?.lines.findIndex((line) => line.id === fileId(fileOf(id) ?? -1));
  return index === undefined || index < 0 ? { own, note: 'this line is of no file' } : jump(tab, index);
};

const command = (text: (task: string) => string) => onReview(({ head }) => ({ command: text(saidId(head.task)) }));

/** Whether a review is open, and not the list, nor one that is still read. */
const isOpen = (context: TabContext): boolean => headIn(context) !== null;

/** The open work while it waits for a decision: what is merged, or what an agent is at, leaves nothing to decide. */
const undecided = (context: TabContext): { readonly task: Task; readonly head: ReviewData } | undefined => {
  const head = headIn(context);
  const task = head && context.state.tasks[head.task];
  return head && task && task.batch === null && ['done', 'failed'].includes(task.state) ? { task, head } : undefined;
};

const isDecidable = (context: TabContext): boolean => undecided(context) !== undefined;

const isApprovable = (context: TabContext): boolean => {
  const work = undecided(context);
  return (
    work !== undefined && !work.head.approved && (work.task.state === 'done' || work.head.review.taken_over !== null)
  );
};

/** Whether another try is offered, of the open work or of what is selected in the list: what failed may be done as it is asked for. */
const isRetried = ({ state, own }: TabContext, id: string | null): boolean => {
  const task = state.tasks[own.subject ?? id ?? ''];
  return task?.state === 'failed' && task.batch === null;
};

/** As in the other views: what failed is tried again, and of what is done it is refused. */
const start = ({ context: { own, state } }: OpenTab, id: string): TabPressed => {
  const task = state.tasks[own.subject ?? id];
  return { own, ...(task ? { command: `${startVerb(task)} task ${saidId(task.id)}` } : {}) };
};

const isMerging = (context: TabContext): boolean => {
  const work = undecided(context);
  return work !== undefined && isMergeable(work.task);
};

/** Whether a line stands below the name of its file. */
const isBelowFile = (id: string): boolean => fileOf(id) !== null && !FILE.test(id);

const isOnComment = (context: TabContext, id: string | null): boolean => commentAt(headIn(context), id) !== undefined;

/** The keys of a review. All that change anything say a command, which can be typed as well. */
export const REVIEW_KEYS: readonly TabKey[] = [
  {
    action: 'approve',
    help: 'approve',
    isOfUse: isApprovable,
    press: onReview(({ head }) => ({ command: `approve task ${saidId(head.task)} commit=${head.to}` })),
  },
  { action: 'sendBack', help: 'send back', isOfUse: isDecidable, press: onReview(sendBack) },
  { action: 'start', help: 'try again', isOfUse: isRetried, press: start },
  { action: 'comment', help: 'comment', isOfUse: isOpen, press: onReview(comment) },
  { action: 'seen', help: 'seen', isOfUse: isOpen, press: onReview(mark) },
  { action: 'nextFile', help: 'next file', isOfUse: isOpen, press: jumpTo(FILE, 1) },
  { action: 'fileBefore', help: 'file before', isOfUse: isOpen, press: jumpTo(FILE, -1) },
  { action: 'nextChange', help: 'next change', isOfUse: isOpen, press: jumpTo(HUNK, 1) },
  { action: 'changeBefore', help: 'change before', isOfUse: isOpen, press: jumpTo(HUNK, -1) },
  { action: 'remove', help: 'take the comment back', isOfUse: isOnComment, press: onReview(takeCommentBack) },
  { action: 'takeOver', help: 'take over', isOfUse: isDecidable, press: command((task) => `takeover task ${task}`) },
  { action: 'merge', help: 'merge', isOfUse: isMerging, press: command((task) => `merge branch ${task}`) },
  { action: 'edit', help: 'edit', isOfUse: isOpen, press: onReview(edit) },
  { action: 'difftool', help: 'difftool', isOfUse: isOpen, press: onReview(openDifftool) },
  {
    action: 'open',
    help: 'open',
    helpNow: ({ own }) => (own.subject === null ? 'open' : 'top of the file'),
    isOfUse: ({ own }, id) => own.subject === null || isBelowFile(id ?? ''),
    press: open,
  },
];
