import { patchParts } from '../../text/patch-parts.ts';
import { boxRoom, boxTextWidth, boxWidth, centreBox } from '../model/box-layout.ts';
import type { Layout } from '../model/layout.ts';
import type { Dialog, Page } from '../model/screen-state.ts';
import { type Mark, marksIn, type TextSearch, wholeRow } from '../model/text-search.ts';
import { markPieces } from '../widgets/mark-pieces.ts';
import type { Style } from '../widgets/paint.ts';
import { PATCH_LOOKS } from '../widgets/patch-looks.ts';
import { type Piece, widthOf } from '../widgets/pieces.ts';
import { type WrappedRow, wrapLines, wrapText } from '../widgets/wrap-lines.ts';
import type { PageRoom, SuggestionBounds } from './key.ts';
import { keyGroups } from './key-list.ts';
import { type PageLine, suggestionLines } from './page-suggestions.ts';

type Screen = Pick<Layout, 'screen' | 'prompt'>;

/** Cells of a key's name, the blanks around it included. */
const KEY = 14;
/** Cells between two columns of keys. */
const GUTTER = 3;

type Lines = readonly (readonly Piece[])[];

/** The keys of a view in one column of so many cells, by what they are for. */
const groupLines = (width: number, { keysOf = 'agents', unnamed }: Page): readonly Lines[] =>
  keyGroups(keysOf, unnamed).map(({ title, lines }) => [
    [{ text: title, dim: true }],
    ...lines.flatMap(({ label, help }) =>
      wrapLines([help], width - KEY).map((line, i): Piece[] => [
        { text: i === 0 ? `  ${label.padEnd(KEY - 2)}` : ' '.repeat(KEY), bold: true },
        { text: line },
      ]),
    ),
  ]);

/** The groups in so many columns that are about as long, each group whole and in its order. */
const inColumns = (groups: readonly Lines[], count: number): readonly Lines[] => {
  const longest = Math.ceil(groups.reduce((sum, lines) => sum + lines.length + 1, 0) / count);
  const columns: (readonly Piece[])[][] = [[]];
  for (const group of groups) {
    const last = columns.at(-1)!;
    const isFull = columns.length < count && last.length > 0 && last.length + group.length / 2 > longest;
    const column = isFull ? [] : last;
    if (isFull) columns.push(column);
    if (column.length > 0) column.push([]);
    column.push(...group);
  }
  return columns;
};

const keyLines = (width: number, page: Page, count: number): Lines => {
  const cells = Math.floor((width - GUTTER * (count - 1)) / count);
  const columns = inColumns(groupLines(cells, page), count);
  const height = Math.max(...columns.map(({ length }) => length));
  return Array.from({ length: height }, (_, row) =>
    columns.flatMap((column, i): readonly Piece[] => {
      const pieces = column[row] ?? [];
      const isLast = i === columns.length - 1;
      return isLast ? pieces : [...pieces, { text: ' '.repeat(cells + GUTTER - widthOf(pieces)) }];
    }),
  );
};

/** How many columns of keys there is room for. */
const keyColumns = (columns: number): number => (columns >= 220 ? 3 : columns >= 120 ? 2 : 1);

/** Whether a page is a box that is easier to read where it is narrow. */
const isNarrow = (page: Page, { screen }: Screen): boolean => page.lines === null && keyColumns(screen.width) === 1;

/** How many cells wide the box of a page is. */
export const pageWidth = (page: Page, layout: Screen): number => boxWidth(layout.screen.width, isNarrow(page, layout));

/** The lines of a text in rows of so many cells; those of a change have its colours. */
const textLines = (lines: readonly string[], width: number): readonly PageLine[] => {
  const parts = patchParts(lines);
  return lines.flatMap((line, at): readonly PageLine[] => {
    const part = parts[at] ?? null;
    return wrapText([line], width).map((row) => ({
      row,
      pieces: [{ ...(part && PATCH_LOOKS[part]), text: row.text }],
    }));
  });
};

// A draw asks several times, and so does the next key: the lines are made once for a text and a width.
const laidOut = new WeakMap<object, { readonly columns: number; readonly lines: readonly PageLine[] }>();

/** All lines of the text of a page as they are laid out on this screen. */
export const pageLines = (page: Page, layout: Screen): readonly PageLine[] => {
  const columns = layout.screen.width;
  const text = page.lines ?? page;
  const known = laidOut.get(text);
  if (known?.columns === columns) return known.lines;
  const width = boxTextWidth(columns, isNarrow(page, layout));
  const lines =
    page.lines === null
      ? keyLines(width, page, keyColumns(columns)).map((pieces): PageLine => ({ pieces }))
      : textLines(page.lines, width);
  laidOut.set(text, { columns, lines });
  return lines;
};

/** The lines around the text of a question: a blank, and the buttons behind another one. */
const AROUND_QUESTION = 3;

/** The text of a question that has lines of its own, as it is laid out on this screen; undefined for any other. */
export const questionLines = ({ loses }: Dialog, { screen }: Screen): readonly string[] | undefined =>
  loses.includes('\n') ? wrapLines(loses.split('\n'), boxTextWidth(screen.width, false)) : undefined;

/** How far the text of a question can be scrolled on this screen. */
export const questionRoom = (dialog: Dialog, screen: Screen): PageRoom => {
  const height = Math.max(1, boxRoom(screen) - AROUND_QUESTION);
  return { height, most: Math.max(0, (questionLines(dialog, screen)?.length ?? 0) - height) };
};

/** The lines of a page that scroll, those that stay below them, and how many of the first are shown at once. */
type PageParts = {
  readonly lines: readonly PageLine[];
  readonly staying: readonly PageLine[];
  readonly height: number;
};

/** What a page suggests stays in sight while its text scrolls, unless it would take more than half of the room. */
export const pageParts = (page: Page, screen: Screen): PageParts => {
  const room = boxRoom(screen);
  const lines = pageLines(page, screen);
  const suggested = suggestionLines(page, boxTextWidth(screen.screen.width, isNarrow(page, screen)));
  if (suggested.length > room / 2) return { lines: [...lines, ...suggested], staying: [], height: room };
  return { lines, staying: suggested, height: room - suggested.length };
};

const rowsOf = (lines: readonly PageLine[]): readonly WrappedRow[] =>
  lines.map(({ pieces, row }) => row ?? wholeRow(pieces.map(({ text }) => text).join('')));

/** The text of the lines of a page that scroll. */
export const pageRows = (page: Page, screen: Screen): readonly WrappedRow[] => rowsOf(pageParts(page, screen).lines);

const GONE_TO: Style = { inverse: true, color: 'yellow' };
const FOUND: Style = { bold: true, color: 'yellow' };

/** A line with what is looked for in it marked, in another way where that was gone to. */
const marked = (line: PageLine, marks: readonly Mark[], { at }: TextSearch): PageLine => {
  const parts = marks.map(({ from, to, begins }) => ({ from, to, style: begins === at ? GONE_TO : FOUND }));
  return { ...line, pieces: markPieces(line.pieces, parts) };
};

/** The lines of a page that are on the screen, and which part that is of those that scroll; empty where it is all of them. */
export const shownPage = (
  page: Page,
  screen: Screen,
): { readonly lines: readonly PageLine[]; readonly part: string } => {
  const { lines: all, staying, height } = pageParts(page, screen);
  const top = Math.max(0, Math.min(page.top, all.length - height));
  const { search } = page;
  const marks = search && marksIn(rowsOf(all), search.text);
  const lines = all
    .slice(top, top + height)
    .map((line, i) => (search ? marked(line, marks?.[top + i] ?? [], search) : line));
  const part = all.length > height ? `${top + 1} to ${top + lines.length} of ${all.length}` : '';
  return { lines: [...lines, ...staying], part };
};

/** Where the suggestions of a page stand; one that is scrolled away stands nowhere. */
export const suggestionBoundsOf = (page: Page, screen: Screen): readonly SuggestionBounds[] => {
  const { lines } = shownPage(page, screen);
  const { x, y, width } = centreBox(screen, pageWidth(page, screen), lines.length);
  return lines.flatMap(({ digit }, i) =>
    digit === undefined ? [] : [{ digit, rect: { x: x + 1, y: y + 1 + i, width: width - 2, height: 1 } }],
  );
};

/** How far this page can be scrolled on this screen. */
export const pageRoom = (page: Page | null, screen: Screen): PageRoom => {
  if (!page) return { height: boxRoom(screen), most: 0 };
  const { lines, height } = pageParts(page, screen);
  return { height, most: Math.max(0, lines.length - height) };
};
