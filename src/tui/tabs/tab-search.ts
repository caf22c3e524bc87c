import type { KeyContext, KeyHandler } from '../control/key.ts';
import { type ScreenState, type TabsState, withOverlays, withTabs } from '../model/screen-state.ts';
import { endsSearch, hasText, nextRow, SEARCH_STEPS, shortenedBy, topToShow } from '../model/text-search.ts';
import type { OpenTab, TabLine } from './tab.ts';
import { withTabState } from './tab-filter.ts';
import { handleTabKey } from './tab-keys.ts';
import type { TabState } from './tab-state.ts';
import { endOfLine, selectedLine, shownColumns, textOfLine } from './tab-window.ts';

/** Whether a stroke searches the open view: one thing is read there, and each of its lines only means something among the others. */
export const isRead = ({ open, states }: TabsState): boolean => states[open].subject !== null;

/** Begins to search what is read in the open view. */
export const beginTabSearch = (screen: ScreenState): ScreenState => ({
  ...withTabs(withOverlays(screen, { page: null }), { searched: '' }),
  focus: 'panes',
});

type Found = { readonly lines: readonly TabLine[]; readonly column: number; readonly at: number };

/** The lines of the column that is read, and which of them is selected. */
const readLines = (open: OpenTab): Found | undefined => {
  const selected = selectedLine(open.body, open.context.own);
  if (!selected) return undefined;
  return { lines: open.body.columns[selected.column]!.lines, column: selected.column, at: selected.index };
};

const linesWith = (lines: readonly TabLine[], text: string): readonly number[] =>
  lines.flatMap((line, at) => (line.id !== undefined && hasText(textOfLine(line), text) ? [at] : []));

/** Which of the lines that have the text is selected, counted from 1, and how many there are. */
export const placeOfMatch = (open: OpenTab, text: string): { readonly place: number; readonly count: number } => {
  const read = readLines(open);
  const found = read ? linesWith(read.lines, text) : [];
  return { place: read ? found.indexOf(read.at) + 1 : 0, count: found.length };
};

/** The view at a line; of one of several rows that one is shown which has the text. */
const atLine = (open: OpenTab, { lines, column }: Found, at: number, text: string): TabState => {
  const { own, size } = open.context;
  const rows = lines.slice(at, endOfLine(lines, at)).map(({ pieces }) => pieces.map((piece) => piece.text).join(''));
  const row = Math.max(
    0,
    rows.findIndex((drawn) => hasText(drawn, text)),
  );
  const top = topToShow(at + row, shownColumns(open.body, own, size.height)[column]?.top ?? 0, size.height);
  return { ...own, cursor: lines[at]!.id!, column, tops: { ...own.tops, [column]: top } };
};

type Wanted = { readonly text: string; readonly step: 1 | -1; readonly isNext: boolean };

/** The screen at the first line that has the text, from the selected one or the next one on; where none has it, it stays. */
const goTo = (
  screen: ScreenState,
  { text, step, isNext }: Wanted,
  context: Pick<KeyContext, 'openIn'>,
): ScreenState => {
  const searching = withTabs(screen, { searched: text });
  const open = context.openIn(searching);
  const read = open && readLines(open);
  const found = read ? nextRow(linesWith(read.lines, text), read.at + (isNext ? step : 0), step) : null;
  if (!open || !read || found === null) return searching;
  return { ...searching, tabs: withTabState(searching.tabs, atLine(open, read, found, text)) };
};

/** Adds to what is looked for in the open view. */
export const typeTabSearch = (screen: ScreenState, typed: string, context: Pick<KeyContext, 'openIn'>): ScreenState =>
  goTo(screen, { text: (screen.tabs.searched ?? '') + typed, step: 1, isNext: false }, context);

/** What keys mean while a view is searched: Enter and the arrows go from match to match, Esc ends it where it has led to. */
export const handleTabSearchKey: KeyHandler = (screen, key, context) => {
  const text = screen.tabs.searched ?? '';
  const step = SEARCH_STEPS[key];
  if (step !== undefined) return { screen: goTo(screen, { text, step, isNext: true }, context) };
  if (endsSearch(key, text)) return { screen: withTabs(screen, { searched: null }) };
  const shorter = shortenedBy(key, text);
  if (shorter !== undefined) return { screen: goTo(screen, { text: shorter, step: 1, isNext: false }, context) };
  return (key.startsWith('page') ? handleTabKey(screen, key, context) : undefined) ?? { screen };
};
