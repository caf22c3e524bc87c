import { type Action, actionOf, meantKey } from '../control/key-table.ts';
import type { OpenTab, TabKey, TabLine, TabPressed } from './tab.ts';
import type { TabState } from './tab-state.ts';
import { endOfLine, isSelectable, selectedLine, type ShownColumn, shownColumns } from './tab-window.ts';

/** Further than any view is long. */
const FAR = 1_000_000;

const withTop = (own: TabState, column: number, top: number): TabState => ({
  ...own,
  tops: { ...own.tops, [column]: Math.max(0, top) },
});

/**
 * A text beside the list belongs to the selected line: that of another one begins where it begins. On a screen that has
 * become narrower there may be fewer columns than were scrolled.
 */
const resetScroll = ({ body, context: { own } }: OpenTab): TabState => {
  const kept = Object.entries(own.tops).filter(([at]) => {
    const column = body.columns[Number(at)];
    return column !== undefined && isSelectable(column);
  });
  return { ...own, tops: Object.fromEntries(kept) };
};

/** Scrolls a column; one that shows its end does so again, with new lines as they come, when it is scrolled there. */
const scrollColumn = ({ body, context: { own, size } }: OpenTab, at: number, by: number): TabState => {
  const { top, count, fromEnd } = shownColumns(body, own, size.height)[at]!;
  const most = Math.max(0, count - size.height);
  if (top + by < most || !fromEnd) return withTop(own, at, Math.min(most, top + by));
  const { [at]: _, ...tops } = own.tops;
  return { ...own, tops };
};

/**
 * How far a line that goes on beyond the screen is to be scrolled before the next one is selected; 0 where its end that way is in
 * sight.
 */
const restOf = ({ at, end }: Pick<ShownColumn, 'at' | 'end'>, height: number, by: number): number => {
  if (by > 0) return Math.min(by, Math.max(0, end - height));
  return Math.max(by, Math.min(0, at));
};

/** The line that is so many rows further, of those that can be selected: as many lines, where each is one row. */
const lineBehind = (lines: readonly TabLine[], from: number, by: number): number => {
  const step = Math.sign(by);
  let [found, left] = [from, Math.abs(by)];
  for (let at = from + step; left > 0 && at >= 0 && at < lines.length; at += step) {
    if (lines[at]!.id === undefined) continue;
    // Rows between that cannot be selected are gone over as well.
    const rows = Math.abs(at - found);
    // A line that takes more rows than are left is gone to all the same where it is the next one.
    if (rows > left && found !== from) break;
    left -= rows;
    found = at;
  }
  return found;
};

/**
 * The first row to show for a line that is gone to: all of it where it fits, else its beginning, or its end on the way up and at
 * the end of all. A page further begins no later than the one before ended.
 */
const topOfLine = (line: { index: number; end: number }, top: number, height: number, by: number): number => {
  const least = line.end - height;
  if (least <= line.index) return Math.max(least, Math.min(top, line.index));
  if (by < 0 || by >= FAR) return least;
  return Math.min(line.index, Math.max(line.index - height + 1, top + height - 1));
};

/** Selects the line that is so many rows further, or scrolls where there is none. */
const moveSelection = ({ tab, body, context }: OpenTab, by: number): TabState => {
  const { own, size } = context;
  const selected = selectedLine(body, own);
  if (!selected) return body.columns.length === 0 ? own : scrollColumn({ tab, body, context }, 0, by);
  const { lines } = body.columns[selected.column]!;
  const column = shownColumns(body, own, size.height)[selected.column]!;
  const rest = Math.abs(by) < FAR ? restOf(column, size.height, by) : 0;
  if (rest !== 0) return withTop({ ...own, cursor: selected.id }, selected.column, column.top + rest);
  const index = lineBehind(lines, selected.index, by);
  const next = { index, id: lines[index]!.id!, end: endOfLine(lines, index) };
  const isFirst = lines.findIndex(({ id }) => id !== undefined) === index;
  // Headings above the first line come into view with it.
  const shown = isFirst ? 0 : topOfLine(next, column.top, size.height, by);
  const kept = next.id === selected.id ? own : resetScroll({ tab, body, context });
  return withTop({ ...kept, cursor: next.id, column: selected.column }, selected.column, shown);
};

/** Selects the line beside the selected one in the next column that has any. */
const moveAcross = ({ tab, body, context }: OpenTab, by: -1 | 1): TabState => {
  const { own, size } = context;
  const scrolled = tab.sideways?.(context, by);
  if (scrolled) return scrolled;
  const selected = selectedLine(body, own);
  if (!selected) return own;
  let to = selected.column + by;
  while (body.columns[to] && !isSelectable(body.columns[to]!)) to += by;
  const column = body.columns[to];
  if (!column) return own;
  const shown = shownColumns(body, own, size.height);
  const row = shown[selected.column]!.at;
  const level = (shown[to]?.top ?? 0) + row;
  const best = column.lines
    .flatMap(({ id }, index) => (id === undefined ? [] : [{ id, far: Math.abs(index - level) }]))
    .toSorted((a, b) => a.far - b.far)[0]!;
  return { ...own, cursor: best.id, column: to };
};

/** The column of text beside a list, which has no lines to select, is scrolled by itself. */
const scrollBeside = (open: OpenTab, by: number): TabState | undefined => {
  const { body, context } = open;
  const beside = body.columns.findIndex((column) => !isSelectable(column) && column.lines.length > context.size.height);
  if (beside < 0 || body.columns.length < 2) return undefined;
  return scrollColumn(open, beside, by);
};

/** What the keys of all views but the panes do where a view has no meaning of its own for them. */
export const TAB_MOVES: Readonly<Partial<Record<Action, (open: OpenTab) => TabState>>> = {
  above: (open) => moveSelection(open, -1),
  below: (open) => moveSelection(open, 1),
  before: (open) => moveAcross(open, -1),
  after: (open) => moveAcross(open, 1),
  pageUp: (open) =>
    scrollBeside(open, 1 - open.context.size.height) ?? moveSelection(open, 1 - open.context.size.height),
  pageDown: (open) =>
    scrollBeside(open, open.context.size.height - 1) ?? moveSelection(open, open.context.size.height - 1),
  ends: (open) => moveSelection(open, FAR),
  zoom: ({ tab, context: { own } }) =>
    (tab.folds?.(own) ?? null) === null ? own : { ...own, isUnfolded: !own.isUnfolded, tops: {}, from: null },
  way: ({ tab, context: { own } }) => ({
    ...own,
    mode: (own.mode + 1) % Math.max(1, tab.modes.length),
    tops: {},
    isUnfolded: false,
    from: null,
  }),
};

/**
 * Whether the person saw this line selected: in a tab that holds its selection another line may have taken its place.
 */
const isKnown = ({ tab, context: { own } }: OpenTab, id: string): boolean =>
  !tab.holdsSelection || own.cursor === null || own.cursor === id;

/** What a key of a tab does for a line. */
const pressBinding = (open: OpenTab, key: TabKey, line: TabLine): TabPressed => {
  const { action, press, command: say, otherwise = 'there is nothing to do for what is selected' } = key;
  const { own } = open.context;
  const about = line.about === undefined ? line.id! : line.about;
  if (about !== null && press) return press(open, about);
  const shown = action === 'open' ? (line.shows ?? null) : null;
  const command = about === null ? shown : (say?.(about, open.context) ?? null);
  if (command !== null) return { own, command };
  return { own, note: typeof otherwise === 'string' ? otherwise : otherwise(about, open.context) };
};

/** Whether a key would fold or turn what this view has only one way to show. */
const hasNoWay = (tab: OpenTab['tab'], action: Action, own: TabState): boolean =>
  (action === 'zoom' && (tab.folds?.(own) ?? null) === null) || (action === 'way' && tab.modes.length < 2);

/** What a key does in a tab; undefined where it has no meaning of its own there. */
export const pressTabKey = (open: OpenTab, pressed: string): TabPressed | undefined => {
  const key = meantKey(pressed);
  const { tab, context, body } = open;
  const selected = selectedLine(body, context.own);
  const action = actionOf(key);
  if (!action) return undefined;
  const binding = tab.keys.find((one) => one.action === action);
  if (binding) {
    // Where there is no line the key means what it means everywhere.
    if (!selected) return undefined;
    if (!isKnown(open, selected.id)) return { own: context.own };
    return pressBinding(open, binding, body.columns[selected.column]!.lines[selected.index]!);
  }
  if (key === 'home') return { own: moveSelection(open, -FAR) };
  const move = hasNoWay(tab, action, context.own) ? undefined : TAB_MOVES[action];
  return move && { own: move(open) };
};
