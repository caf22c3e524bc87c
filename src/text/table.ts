import stringWidth from 'string-width';
import { shownLine } from '../lib/text.ts';

/** Cells are plain text; `tone` colours a whole cell where colours are wanted. */
export type Cell = { readonly text: string; readonly tone?: Tone };
export type Tone = 'good' | 'busy' | 'bad' | 'dim' | 'strong' | { readonly hex: string };
/** Something that is known beside the columns, by its name; nothing is said of an empty one. */
export type Detail = readonly [name: string, text: string];
export type Table = {
  /** Titles of the columns. The first column is the id: it is never cut, and never left out. */
  readonly head: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
  readonly empty: string;
  /** What helps where there is nothing, and the line that does it; it is shown to those who may say that. */
  readonly next?: readonly (readonly [what: string, line: string])[];
  /**
   * Titles of the columns that go first where there is no room, the least useful first; then those at the right end.
   */
  readonly least?: readonly string[];
  /** What else is known of each row, in their order: said below it to whoever asks for details. */
  readonly details?: readonly (readonly Detail[])[];
};

const CODES = { good: '32', busy: '36', bad: '31', dim: '2', strong: '1' } as const;

export const paint = (text: string, tone: Tone | undefined, color: boolean): string => {
  if (!color || tone === undefined || text.trim() === '') return text;
  if (typeof tone === 'string') return `\u001B[${CODES[tone]}m${text}\u001B[0m`;
  const [r, g, b] = [1, 3, 5].map((at) => Number.parseInt(tone.hex.slice(at, at + 2), 16));
  return `\u001B[38;2;${r};${g};${b}m${text}\u001B[0m`;
};

const ASCII = /^[\u0020-\u007E]*$/u;
const widthOf = (text: string): number => (ASCII.test(text) ? text.length : stringWidth(text));

let segmenter: Intl.Segmenter | undefined;

/** What a person takes for letters. Made late: making it takes as long as a hundred tables of plain text. */
const graphemesOf = (text: string): Iterable<Intl.SegmentData> => {
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  return segmenter.segment(text);
};

/** The text in at most `width` columns, with an ellipsis where something is missing; no character is cut in two. */
export const clip = (text: string, width: number): string => {
  if (widthOf(text) <= width) return text;
  if (width < 1) return '';
  let kept = '';
  let left = width - 1;
  // A character takes at least one unit of text and, but for combining ones, one column.
  for (const { segment } of graphemesOf(text.slice(0, width * 32))) {
    left -= widthOf(segment);
    if (left < 0) break;
    kept += segment;
  }
  return `${kept}…`;
};

/** The text in pieces of at most `width` columns each. */
const pieces = (text: string, width: number): readonly string[] => {
  const lines: string[] = [];
  let [line, used] = ['', 0];
  for (const { segment } of graphemesOf(text)) {
    const wide = widthOf(segment);
    if (used + wide > width && line !== '') {
      lines.push(line);
      [line, used] = ['', 0];
    }
    line += segment;
    used += wide;
  }
  return [...lines, line];
};

/**
 * How something is drawn; `maySay` tells whether the reader may say a line, and `now` what time it is in ISO 8601, where that is
 * known.
 */
export type Drawing = {
  readonly columns: number;
  readonly color: boolean;
  /** The reader is shown the suggested commands of the data apart from the text. */
  readonly suggestionsApart?: boolean;
  /** All that is known is wanted: nothing is left out for shortness. */
  readonly detailed?: boolean;
  readonly maySay?: (line: string) => boolean;
  readonly now?: () => string;
};

/** Blanks between two columns. */
const GAP = 2;
/** Columns of text below which a column tells nothing any more; then a whole column is left out. */
const NARROWEST = 8;

type Column = { readonly at: number; readonly natural: number; width: number };

const totalWidth = (columns: readonly Column[]): number => columns.reduce((sum, { width }) => sum + width + GAP, -GAP);

/** Makes the widest columns behind the first give way until all fit; false when they cannot. */
const shrinkToFit = (columns: readonly Column[], room: number): boolean => {
  for (const column of columns) column.width = column.natural;
  const [, ...others] = columns;
  for (let over = totalWidth(columns) - room; over > 0; ) {
    const widest = others.reduce((most, { width }) => Math.max(most, width), 0);
    if (widest <= NARROWEST) return false;
    const wide = others.filter(({ width }) => width === widest);
    const next = others.reduce((most, { width }) => (width < widest ? Math.max(most, width) : most), NARROWEST);
    const step = Math.max(1, Math.min(widest - next, Math.floor(over / wide.length)));
    for (const column of wide.slice(0, Math.max(1, over))) column.width -= step;
    over = totalWidth(columns) - room;
  }
  return true;
};

/** The columns that are drawn: the least useful ones go one by one when shrinking is not enough. */
const fitColumns = (table: Table, naturals: readonly number[], room: number): readonly Column[] => {
  const columns = naturals.map((natural, at): Column => ({ at, natural, width: natural }));
  const going = [...(table.least ?? [])].map((title) => table.head.indexOf(title)).filter((at) => at > 0);
  while (!shrinkToFit(columns, room) && columns.length > 1) {
    const gone = columns.findIndex(({ at }) => at === going[0]);
    going.shift();
    columns.splice(gone < 0 ? columns.length - 1 : gone, 1);
  }
  // Where not even the id has room, a cut id is better than a broken screen.
  if (totalWidth(columns) > room) columns[0]!.width = Math.max(1, room);
  return columns;
};

/** What is said where there are no rows. */
const emptyText = ({ empty, next = [] }: Table, { maySay = () => true }: Drawing): string => {
  const steps = next.filter(([, line]) => maySay(line)).map(([what, line]) => `${what}: ${line}`);
  return [empty, ...(steps.length === 0 ? [] : [steps.join(', or ')])].join(' ');
};

const DETAIL_INDENT = 4;

/** The lines below a row; what is long goes on in further lines, for nothing of it is cut. */
const detailLines = (details: readonly Detail[], { columns, color }: Drawing): readonly string[] =>
  details
    .filter(([, text]) => text !== '')
    .flatMap(([name, text]) => pieces(`${name}: ${shownLine(text)}`, Math.max(1, columns - DETAIL_INDENT)))
    .map((line) => ' '.repeat(Math.min(DETAIL_INDENT, columns - 1)) + paint(line, 'dim', color));

/** Text of the table in at most `columns` columns. */
export const drawTable = (table: Table, view: Drawing): string => {
  if (table.rows.length === 0) return emptyText(table, view);
  const titles = table.head.map((title) => title.toUpperCase());
  const texts = table.rows.map((row) => row.map((cell) => shownLine(cell.text)));
  const naturals = titles.map((title, i) =>
    texts.reduce((most, row) => Math.max(most, widthOf(row[i] ?? '')), widthOf(title)),
  );
  const columns = fitColumns(table, naturals, view.columns);
  const line = (cells: readonly string[], tones: readonly (Tone | undefined)[]) =>
    columns
      .map(({ at, width }, i) => {
        const cut = clip(cells[at] ?? '', width);
        const padding = i === columns.length - 1 ? '' : ' '.repeat(width - widthOf(cut));
        return paint(cut, tones[at], view.color) + padding;
      })
      .join(' '.repeat(GAP))
      .trimEnd();
  const head = line(
    titles,
    titles.map(() => 'dim' as const),
  );
  const rows = texts.map((cells, i) =>
    line(
      cells,
      table.rows[i]!.map((cell) => cell.tone),
    ),
  );
  const below = view.detailed ? table.details : undefined;
  return [head, ...rows.flatMap((row, i) => [row, ...detailLines(below?.[i] ?? [], view)])].join('\n');
};
