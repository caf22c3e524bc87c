import { shown, shownLine } from '../../lib/text.ts';
import { type PatchFile, parsePatch } from '../../text/patch.ts';
import type { ReviewData } from '../../text/review-data.ts';
import type { TabLine } from '../tabs/tab.ts';
import { fitPieces, fitText, type Piece, widthOf } from '../widgets/pieces.ts';
import { codePieces } from './code-pieces.ts';
import { type DiffRow, type Half, hunkId, lineId, rowsOf, unifiedOf } from './diff-rows.ts';

const NUMBER = 5;
const SIGNS = {
  added: { text: '+ ', color: 'green', bold: true },
  removed: { text: '− ', color: 'red', bold: true },
  same: { text: '  ' },
} as const;

/** A line that gets its colours when it is first shown: a change may have thousands that never are. */
const lazyLine = (id: string, text: string, make: () => readonly Piece[]): TabLine => {
  let known: readonly Piece[] | undefined;
  return {
    id,
    text,
    get pieces() {
      known ??= make();
      return known;
    },
  };
};

const halfPieces = ({ line, span }: Half, path: string, side: 'old' | 'new'): readonly Piece[] => {
  const number = side === 'old' ? line.oldLine : line.newLine;
  return [
    { text: `${String(number ?? '').padStart(NUMBER)} `, dim: true },
    SIGNS[line.kind],
    ...codePieces(line.text, path, { kind: line.kind, span }),
  ];
};

const padded = (pieces: readonly Piece[], width: number): readonly Piece[] => {
  const fitted = fitPieces(pieces, width, fitText);
  return [...fitted, { text: ' '.repeat(Math.max(0, width - widthOf(fitted))) }];
};

/** Cells between the two sides. */
const BETWEEN: Piece = { text: ' │ ', dim: true };

const sideBySide = ({ left, right }: DiffRow, path: string, width: number): readonly Piece[] => {
  const half = Math.max(1, Math.floor((width - BETWEEN.text.length) / 2));
  return [
    ...padded(left ? halfPieces(left, path, 'old') : [], half),
    BETWEEN,
    ...fitPieces(right ? halfPieces(right, path, 'new') : [], half, fitText),
  ];
};

const rowLines = (file: PatchFile, at: number, rows: readonly DiffRow[], width: number | null): readonly TabLine[] =>
  width === null
    ? unifiedOf(rows).map((half) =>
        lazyLine(lineId(at, half.line), half.line.text, () => halfPieces(half, file.path, 'new')),
      )
    : rows.map((row) => {
        const { line } = (row.right ?? row.left)!;
        return lazyLine(lineId(at, line), `${row.left?.line.text ?? ''} ${line.text}`, () =>
          sideBySide(row, file.path, width),
        );
      });

const noteLines = (file: PatchFile, at: number): readonly TabLine[] => [
  ...file.notes.map((note, n): TabLine => ({ id: `f${at}m${n}`, pieces: [{ text: `  ${shown(note)}`, dim: true }] })),
  ...(file.binary ? [{ id: `f${at}b`, pieces: [{ text: '  a binary file, which is not shown', dim: true }] }] : []),
];

/** The lines of one file without its heading; `others` has the ids of old lines that stand beside a line, by its id. */
type FileLines = {
  readonly file: PatchFile;
  readonly lines: readonly TabLine[];
  readonly others: ReadonlyMap<string, string>;
};

const othersIn = (file: PatchFile, at: number): ReadonlyMap<string, string> =>
  new Map(
    file.hunks.flatMap(({ lines }) =>
      rowsOf(lines).flatMap(({ left, right }): [string, string][] =>
        left && right && left.line !== right.line ? [[lineId(at, right.line), lineId(at, left.line)]] : [],
      ),
    ),
  );

/** Whether a file came or went as a whole: its other side is empty, and would only take room. */
const isOneSided = ({ hunks }: PatchFile): boolean =>
  (['added', 'removed'] as const).some((kind) => hunks.every(({ lines }) => lines.every((line) => line.kind === kind)));

const linesIn = (file: PatchFile, at: number, width: number | null): FileLines => ({
  file,
  others: width === null ? new Map() : othersIn(file, at),
  lines: [
    ...noteLines(file, at),
    ...file.hunks.flatMap(({ where, lines }, n): TabLine[] => [
      { id: hunkId(at, n), pieces: [{ text: `${'·'.repeat(NUMBER)} ${shownLine(where)}`, color: 'cyan', dim: true }] },
      ...rowLines(file, at, rowsOf(lines), width),
    ]),
  ],
});

const parsed = new WeakMap<ReviewData, readonly PatchFile[]>();

/** The files of a change; parsed once for each answer. */
export const filesIn = (data: ReviewData): readonly PatchFile[] => {
  const known = parsed.get(data) ?? parsePatch(data.patch ?? '');
  parsed.set(data, known);
  return known;
};

// The screen is drawn again with every key: lines are made once for an answer and a width.
const made = new WeakMap<ReviewData, { readonly width: number | null; readonly files: readonly FileLines[] }>();

/** The lines of a change file by file; side by side in so many cells, or one below the other. */
export const changeLines = (data: ReviewData, width: number | null): readonly FileLines[] => {
  const known = made.get(data);
  if (known?.width === width) return known.files;
  const files = filesIn(data).map((file, at) => linesIn(file, at, isOneSided(file) ? null : width));
  made.set(data, { width, files });
  return files;
};
