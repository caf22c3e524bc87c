import { type Action, actionOf, meantKey } from '../control/key-table.ts';
import type { OpenTab, TabKey, TabLine, TabPressed } from './tab.ts';
import type { TabState } from './tab-state.ts';
import { isSelectable, selectedLine, shownColumns } from './tab-window.ts';

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

/** Selects the line that is so many selectable ones further, or scrolls where there is none. */
const moveSelection = ({ tab, body, context }: OpenTab, by: number): TabState => {
  const { own, size } = context;
  const selected = selectedLine(body, own);
  if (!selected) return body.columns.length === 0 ? own : scrollColumn({ tab, body, context }, 0, by);
  const { lines } = body.columns[selected.column]!;
  const all = lines.flatMap(({ id }, index) => (id === undefined ? [] : [{ id, index }]));
  const at = all.findIndex(({ index }) => index === selected.index);
  const next = all[Math.min(all.length - 1, Math.max(0, at + by))]!;
  const { top = 0 } = shownColumns(body, own, size.height)[selected.column] ?? {};
  // Headings above the first line come into view with it.
  const shown = next.index === all[0]!.index ? 0 : Math.max(next.index - size.height + 1, Math.min(top, next.index));
  const rest = next.id === selected.id ? own : resetScroll({ tab, body, context });
  return withTop({ ...rest, cursor: next.id, column: selected.column }, selected.column, shown);
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

const FAR = 1_000_000;

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
const pressBinding = (open: OpenTab, { action, press, command: say }: TabKey, line: TabLine): TabPressed => {
  const { own } = open.context;
  const about = line.about === undefined ? line.id! : line.about;
  if (about !== null && press) return press(open, about);
  const shown = action === 'open' ? (line.shows ?? null) : null;
  const command = about === null ? shown : (say?.(about, open.context) ?? null);
  return command === null ? { own } : { own, command };
};

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
  const move = TAB_MOVES[action];
  return move && { own: move(open) };
};
