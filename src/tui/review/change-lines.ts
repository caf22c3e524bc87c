import { shown, shownLine } from '../../lib/text.ts';
import { type PatchFile, parsePatch } from '../../text/patch.ts';
import type { ReviewData } from '../../text/review-data.ts';
import type { TabLine } from '../tabs/tab.ts';
import { PATCH_LOOKS } from '../widgets/patch-looks.ts';
import { fitPieces, fitText, type Piece, widthOf } from '../widgets/pieces.ts';
import { codePieces, drawable } from './code-pieces.ts';
import { cutAt, rowStarts, wrapPieces } from '../widgets/wrap-pieces.ts';
import { type DiffRow, type Half, hunkId, lineId, rowsOf, unifiedOf } from './diff-rows.ts';

/** In how many cells the change is drawn, and whether side by side. */
export type Drawing = { readonly width: number; readonly isSideBySide: boolean };

const NUMBER = 5;
const SIGNS = {
  added: { ...PATCH_LOOKS.added, text: '+ ', bold: true },
  removed: { ...PATCH_LOOKS.removed, text: '− ', bold: true },
  same: { text: '  ' },
} as const;

/** Cells before the code: its number, and its sign. */
const BEFORE_CODE = NUMBER + 3;
/** What stands there before the rest of a line that has more than one row. */
const REST: Piece = { text: '↳ '.padStart(BEFORE_CODE), dim: true };

type Rows = readonly (readonly Piece[])[];

/** The rows of a line, which get their colours when one is first shown: a change may have thousands that never are. */
const lazyLines = (id: string, text: string, count: number, make: () => Rows): readonly TabLine[] => {
  let known: Rows | undefined;
  return Array.from({ length: count }, (_, at) => ({
    ...(at === 0 ? { id, text } : { continues: true }),
    get pieces() {
      known ??= make();
      return known[at] ?? [];
    },
  }));
};

type Side = 'old' | 'new';

/** One side of a row that is drawn in so many cells: how many rows it takes, and what stands in them. */
const halfOf = ({ line, span }: Half, path: string, side: Side, width: number): { count: number; make: () => Rows } => {
  const starts = rowStarts(drawable(line.text), width - BEFORE_CODE);
  const number = side === 'old' ? line.oldLine : line.newLine;
  const before: readonly Piece[] = [{ text: `${String(number ?? '').padStart(NUMBER)} `, dim: true }, SIGNS[line.kind]];
  const make = (): Rows =>
    cutAt(codePieces(line.text, path, { kind: line.kind, span }), starts).map((row, at) => [
      ...(at === 0 ? before : [REST]),
      ...row,
    ]);
  return { count: starts.length, make };
};

const padded = (pieces: readonly Piece[], width: number): readonly Piece[] => {
  const fitted = fitPieces(pieces, width, fitText);
  return [...fitted, { text: ' '.repeat(Math.max(0, width - widthOf(fitted))) }];
};

/** Cells between the two sides. */
const BETWEEN: Piece = { text: ' │ ', dim: true };
const NO_HALF = { count: 0, make: (): Rows => [] };

const sideBySide = ({ left, right }: DiffRow, at: number, path: string, width: number): readonly TabLine[] => {
  const half = Math.max(1, Math.floor((width - BETWEEN.text.length) / 2));
  const before = left ? halfOf(left, path, 'old', half) : NO_HALF;
  const after = right ? halfOf(right, path, 'new', half) : NO_HALF;
  const { line } = (right ?? left)!;
  const count = Math.max(before.count, after.count);
  return lazyLines(lineId(at, line), `${left?.line.text ?? ''} ${line.text}`, count, () => {
    const [lefts, rights] = [before.make(), after.make()];
    return Array.from({ length: count }, (_, row) => [
      ...padded(lefts[row] ?? [], half),
      BETWEEN,
      ...fitPieces(rights[row] ?? [], half, fitText),
    ]);
  });
};

const rowLines = (file: PatchFile, at: number, rows: readonly DiffRow[], { width, isSideBySide }: Drawing) =>
  isSideBySide
    ? rows.flatMap((row) => sideBySide(row, at, file.path, width))
    : unifiedOf(rows).flatMap((half) => {
        const { count, make } = halfOf(half, file.path, 'new', width);
        return lazyLines(lineId(at, half.line), half.line.text, count, make);
      });

/** A line with the rows that it takes where it does not fit; these begin with what stands before the rest of a line. */
export const wrappedLine = (line: TabLine, width: number, before: Piece = { text: '    ' }): readonly TabLine[] => {
  const room = width - (line.right ? widthOf(line.right) + 1 : 0);
  if (widthOf(line.pieces) <= room) return [line];
  const [first = [], ...others] = wrapPieces(line.pieces, Math.max(1, room - widthOf([before])));
  return [
    { ...line, text: line.text ?? line.pieces.map(({ text }) => text).join(''), pieces: first },
    ...others.map((pieces): TabLine => ({ pieces: [before, ...pieces], continues: true })),
  ];
};

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

/** Which lines a hunk is about: those of the file as it is now, where any of them is left. */
const linesText = ({ lines }: PatchFile['hunks'][number]): string => {
  const now = lines.flatMap(({ newLine }) => newLine ?? []);
  const numbers = now.length > 0 ? now : lines.flatMap(({ oldLine }) => oldLine ?? []);
  const [first, last] = [numbers[0], numbers.at(-1)];
  return first === last ? `line ${first ?? ''}` : `lines ${first}–${last}`;
};

const hunkLine = (hunk: PatchFile['hunks'][number], id: string): TabLine => ({
  id,
  pieces: [
    { ...PATCH_LOOKS.hunk, text: `${linesText(hunk)}${hunk.where === '' ? '' : ` · ${shownLine(hunk.where)}`}` },
  ],
});

const linesIn = (file: PatchFile, at: number, drawing: Drawing): FileLines => {
  const own = { ...drawing, isSideBySide: drawing.isSideBySide && !isOneSided(file) };
  const { width } = own;
  return {
    file,
    others: own.isSideBySide ? othersIn(file, at) : new Map(),
    lines: [
      ...noteLines(file, at).flatMap((line) => wrappedLine(line, width)),
      ...file.hunks.flatMap((hunk, n): readonly TabLine[] => [
        ...wrappedLine(hunkLine(hunk, hunkId(at, n)), width),
        ...rowLines(file, at, rowsOf(hunk.lines), own),
      ]),
    ],
  };
};

const parsed = new WeakMap<ReviewData, readonly PatchFile[]>();

/** The files of a change; parsed once for each answer. */
export const filesIn = (data: ReviewData): readonly PatchFile[] => {
  const known = parsed.get(data) ?? parsePatch(data.patch ?? '');
  parsed.set(data, known);
  return known;
};

// The screen is drawn again with every key: lines are made once for an answer and a width.
const made = new WeakMap<ReviewData, { readonly drawing: Drawing; readonly files: readonly FileLines[] }>();

/** The lines of a change file by file; side by side in so many cells, or one below the other. */
export const changeLines = (data: ReviewData, drawing: Drawing): readonly FileLines[] => {
  const known = made.get(data);
  if (known?.drawing.width === drawing.width && known.drawing.isSideBySide === drawing.isSideBySide) return known.files;
  const files = filesIn(data).map((file, at) => linesIn(file, at, drawing));
  made.set(data, { drawing, files });
  return files;
};
