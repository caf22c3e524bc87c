import { shownLine } from '../../lib/text.ts';
import { actorText } from '../../state/actors.ts';
import type { ReviewComment } from '../../state/reviews.ts';
import type { ReviewData } from '../../text/review-data.ts';
import { NO_EVIDENCE, reviewHead } from '../../text/review-text.ts';
import type { TabLine } from '../tabs/tab.ts';
import type { Piece } from '../widgets/pieces.ts';
import { wrapLines } from '../widgets/wrap-lines.ts';
import { changeLines, type Drawing, wrappedLine } from './change-lines.ts';
import { fileId } from './diff-rows.ts';

type File = ReviewData['files'][number];

/** Counts of lines of a file, or that it is none of text. */
export const countPieces = ({ insertions, deletions }: Pick<File, 'insertions' | 'deletions'>): readonly Piece[] =>
  insertions === null
    ? [{ text: 'binary ', dim: true }]
    : [
        { text: `+${insertions} `, color: 'green' },
        { text: `−${deletions ?? 0} `, color: 'red' },
      ];

const headStyle = (line: string): Omit<Piece, 'text'> => {
  if (/^\s*✔/u.test(line)) return { color: 'green' };
  if (/^\s*✘/u.test(line) || line.trim() === NO_EVIDENCE) return { color: 'red', bold: true };
  return /^\S.*:$/u.test(line) ? { bold: true } : {};
};

const headLines = (data: ReviewData, width: number): readonly TabLine[] =>
  wrapLines(reviewHead(data), Math.max(10, width - 2)).map((line, at) => ({
    id: `h${at}`,
    pieces: [{ ...headStyle(line), ...(at === 0 ? { bold: true } : {}), text: ` ${line}` }],
  }));

/** The place of comments on files that are not there. */
const NOWHERE = fileId(-1);

const BESIDE_COMMENT: Piece = { text: '      ▌', color: 'yellow' };

const commentLine = ({ id, by, text, sent }: ReviewComment, isMoved: boolean): TabLine => ({
  id: `c:${id}`,
  pieces: [
    {
      text: `${BESIDE_COMMENT.text}${id} ${shownLine(actorText(by))}${sent ? ', sent' : ''}${isMoved ? ', on another version' : ''}: `,
      color: 'yellow',
      dim: sent,
    },
    { text: shownLine(text), color: 'yellow', dim: sent },
  ],
});

/** Comments by the line of the view that they stand below; those whose line is not there stand below their file. */
const commentsBelow = (
  data: ReviewData,
  paths: readonly string[],
  width: number,
): ReadonlyMap<string, readonly TabLine[]> => {
  const below = new Map<string, TabLine[]>();
  for (const comment of data.review.comments) {
    const at = paths.indexOf(comment.file);
    const isHere = comment.commit === (comment.side === 'new' ? data.to : data.from);
    const id = at >= 0 && isHere ? `f${at}${comment.side === 'new' ? 'n' : 'o'}${comment.line}` : fileId(at);
    below.set(id, [...(below.get(id) ?? []), ...wrappedLine(commentLine(comment, !isHere), width, BESIDE_COMMENT)]);
  }
  return below;
};

const fileHead = (file: File | undefined, path: string, at: number): TabLine => ({
  id: fileId(at),
  pieces: [
    { text: file?.seen ? '✔ ' : '· ', color: file?.seen ? 'green' : 'yellow', bold: true },
    { text: shownLine(path), bold: true, dim: file?.seen ?? false },
  ],
  right: file ? countPieces(file) : [],
});

const compose = (head: ReviewData, change: ReviewData, drawing: Drawing): readonly TabLine[] => {
  const { width } = drawing;
  const files = changeLines(change, drawing);
  const known = new Map(head.files.map((file) => [file.path, file]));
  const below = commentsBelow(
    head,
    files.map(({ file }) => file.path),
    width,
  );
  // Those on a file that is no part of the change any more stand above it.
  const lines: TabLine[] = [...headLines(head, width), ...(below.get(NOWHERE) ?? [])];
  const left = new Map(below);
  const pushComments = (id: string | undefined): void => {
    if (id === undefined) return;
    lines.push(...(left.get(id) ?? []));
    left.delete(id);
  };
  /** Comments stand below the last row of their line. */
  const push = (more: readonly TabLine[], others?: ReadonlyMap<string, string>): void => {
    let id: string | undefined;
    for (const [i, line] of more.entries()) {
      lines.push(line);
      id = line.id ?? id;
      if (left.size === 0 || id === undefined || more[i + 1]?.continues) continue;
      pushComments(others?.get(id));
      pushComments(id);
    }
  };
  for (const [at, { file, lines: own, others }] of files.entries()) {
    lines.push({ pieces: [] });
    push(wrappedLine(fileHead(known.get(file.path), file.path, at), width));
    push(own, others);
  }
  return change.cut ? [...lines, { pieces: [{ text: '… the rest is left out', dim: true }] }] : lines;
};

type Made = { readonly change: ReviewData; readonly drawing: Drawing; readonly lines: readonly TabLine[] };
const made = new WeakMap<ReviewData, Made>();

/** All lines of a review: what is known of the work, then the change file by file with the comments on its lines. */
export const reviewLines = (head: ReviewData, change: ReviewData, drawing: Drawing): readonly TabLine[] => {
  const known = made.get(head);
  const { width, isSideBySide } = drawing;
  if (known?.change === change && known.drawing.width === width && known.drawing.isSideBySide === isSideBySide)
    return known.lines;
  const lines = compose(head, change, drawing);
  made.set(head, { change, drawing, lines });
  return lines;
};
