import { shownLine } from '../../lib/text.ts';
import { wordFilter } from '../model/word-filter.ts';
import type { TabBody, TabColumn, TabLine } from './tab.ts';
import type { TabState } from './tab-state.ts';

/** What is looked for in a line: its text, whatever of it is drawn in this row. */
export const textOfLine = (line: TabLine): string =>
  line.text ?? [...line.pieces, ...(line.right ?? [])].map(({ text }) => text).join('');

/** Whether a line has all words of the filter. */
export const isMatched = (line: TabLine, filter: string): boolean => wordFilter(filter)?.(textOfLine(line)) ?? true;

/** Whether a filter looks for its words in a column. */
const isFiltered = ({ lines, isText = false }: Pick<TabColumn, 'lines' | 'isText'>): boolean =>
  isText ? lines.length > 0 : lines.some(({ id }) => id !== undefined);

/** The lines that have all words of the filter, with what belongs to them and the headings above them. */
export const filterLines = (lines: readonly TabLine[], filter: string, isText = false): readonly TabLine[] => {
  const has = wordFilter(filter);
  if (!has || !isFiltered({ lines, isText })) return lines;
  const kept: TabLine[] = [];
  let heading: readonly TabLine[] = [];
  let whole = false;
  for (const line of lines) {
    if (line.heading) {
      heading = [line];
      whole = false;
      continue;
    }
    if (isText || line.id !== undefined) whole = has(textOfLine(line));
    if (!whole) continue;
    kept.push(...heading, line);
    heading = [];
  }
  return kept;
};

/** Cells between two columns. */
export const GAP = 1;

/** The width shared out by weight; what is left over goes to the last one. */
export const columnWidths = (weights: readonly number[], width: number): readonly number[] => {
  const room = width - GAP * (weights.length - 1);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const shares = weights.map((weight) => Math.max(1, Math.floor((room * weight) / total)));
  const rest = room - shares.reduce((sum, share) => sum + share, 0);
  return shares.map((share, i) => (i === shares.length - 1 ? share + rest : share));
};

/** The selected line: where it begins and ends, and where that ends which belongs to it. */
type Selected = { readonly at: number; readonly end: number; readonly whole: number };

/**
 * The first row to show so that the selected line is among those that fit, with as much as there is room for of what belongs to it;
 * of a long line any row is enough.
 */
const topFor = (count: number, height: number, top: number, { at, end, whole }: Selected): number => {
  const most = Math.max(0, count - height);
  const kept = Math.min(most, Math.max(0, top));
  if (at < 0) return kept;
  const isLong = end - at > height;
  const least = isLong ? at - height + 1 : Math.min(at, whole - height);
  return Math.min(most, Math.max(least, Math.min(kept, isLong ? end - 1 : at)));
};

export type ShownColumn = TabColumn & {
  readonly top: number;
  readonly count: number;
  /** The index of the selected line among the shown ones, and behind which of them it ends: before the first where none is. */
  readonly at: number;
  readonly end: number;
};

export const isSelectable = ({ lines }: TabColumn): boolean => lines.some(({ id }) => id !== undefined);

const filterColumn = (column: TabColumn, filter: string): TabColumn => {
  const { empty: _, ...rest } = column;
  return isFiltered(column) ? { ...rest, lines: filterLines(column.lines, filter, column.isText) } : column;
};

/**
 * The body without what the filter leaves out. Where that is all of it this is said, in place of what an empty view says: the
 * rows are there.
 */
export const filterBody = (body: TabBody, filter: string): TabBody => {
  if (wordFilter(filter) === null) return body;
  const columns = body.columns.map((column) => filterColumn(column, filter));
  const looked = body.columns.filter(isFiltered);
  if (looked.length === 0 || columns.some(isFiltered)) return { columns };
  const empty = `nothing matches "${shownLine(filter.trim())}" · Esc shows all`;
  // Of several columns the first may be too narrow for it.
  if (looked.length > 1) return { columns: [{ title: [], lines: [], weight: 1, empty }] };
  return { columns: columns.map((column, i) => (isFiltered(body.columns[i]!) ? { ...column, empty } : column)) };
};

/** The selected line: the one with the cursor's id, else the first that can be selected. */
export const selectedLine = (
  { columns }: TabBody,
  { cursor, column }: TabState,
): { readonly column: number; readonly index: number; readonly id: string } | null => {
  const order = [column, ...columns.keys()];
  for (const at of order) {
    const index = columns[at]?.lines.findIndex(({ id }) => id !== undefined && id === cursor) ?? -1;
    if (index >= 0) return { column: at, index, id: cursor! };
  }
  for (const at of order) {
    const index = columns[at]?.lines.findIndex(({ id }) => id !== undefined) ?? -1;
    if (index >= 0) return { column: at, index, id: columns[at]!.lines[index]!.id! };
  }
  return null;
};

/** Behind which line that ends which begins at an index. */
export const endOfLine = (lines: readonly TabLine[], index: number): number => {
  let end = index + 1;
  while (lines[end]?.continues) end += 1;
  return end;
};

/** Behind which line all that ends which belongs to the line at an index: further ones without an id stand below it. */
const wholeOfLine = (lines: readonly TabLine[], index: number): number => {
  const end = lines.findIndex(({ id, heading }, at) => at > index && (id !== undefined || heading === true));
  return end < 0 ? lines.length : end;
};

/** The lines of each column that are on the screen. */
export const shownColumns = (body: TabBody, own: TabState, height: number): readonly ShownColumn[] => {
  const selected = selectedLine(body, own);
  return body.columns.map((column, i) => {
    const at = selected?.column === i ? selected.index : -1;
    const end = at < 0 ? at : endOfLine(column.lines, at);
    const count = column.lines.length;
    // What stands above the first one is seen by going there.
    const isAtTop = own.tops[i] !== undefined && !column.lines.slice(0, at).some(({ id }) => id !== undefined);
    const whole = at < 0 ? at : isAtTop ? at + 1 : wholeOfLine(column.lines, at);
    const top = topFor(count, height, own.tops[i] ?? (column.fromEnd ? count : 0), { at, end, whole });
    return { ...column, lines: column.lines.slice(top, top + height), top, count, at: at - top, end: end - top };
  });
};
