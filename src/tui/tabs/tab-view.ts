import { suggested } from '../answering/suggestion.ts';
import type { KeyHandler, Pressed } from '../control/key.ts';
import type { ScreenState } from '../model/screen-state.ts';
import { charactersOf } from '../prompt/prompt-text.ts';
import type { OpenTab } from './tab.ts';
import { TAB_NAMES, TAB_NUMBERS, type TabId } from './tab-ids.ts';
import { tabKey } from './tab-keys.ts';
import type { TabState } from './tab-state.ts';
import { selectedLine } from './tab-window.ts';

/** What the list of keys says of the views as such, and of all but the panes. */
export const VIEW_HELP: readonly { readonly label: string; readonly help: string }[] = [
  { label: TAB_NUMBERS, help: TAB_NAMES },
  { label: '/', help: 'show only what has these words; Esc shows all again' },
];
export const TAB_HELP: readonly { readonly label: string; readonly help: string }[] = [
  { label: '↑ ↓', help: 'select a line (j k)' },
  { label: '← →', help: 'select in the column beside (h l)' },
  { label: 'PgUp PgDn', help: 'scroll; the text beside a list, where there is one' },
  { label: 'v', help: 'show it in another way, where there is one' },
  { label: 'Esc', help: 'show all again, then back to the agents' },
];

/** The view with what one tab looks at changed. */
const withOwn = (view: ScreenState, own: TabState): ScreenState => ({
  ...view,
  tabs: { ...view.tabs, [view.tab]: own },
});

/** Opens a tab, and gives it the keys. */
export const opened = (view: ScreenState, tab: TabId): ScreenState => ({
  ...view,
  tab,
  mode: 'panes',
  page: null,
  filtering: false,
});

/** Starts typing a filter; what was typed before is gone on from. */
export const filterBegun = (view: ScreenState): ScreenState => ({
  ...view,
  mode: 'panes',
  page: null,
  filtering: true,
});

const filterOf = (view: ScreenState): string => view.tabs[view.tab].filter;

const withFilter = (view: ScreenState, filter: string): ScreenState =>
  withOwn(view, { ...view.tabs[view.tab], filter, cursor: null, tops: {} });

const shorter = (text: string): string => charactersOf(text).slice(0, -1).join('');

/** Text that is typed while a filter is. */
export const filterTyped = (view: ScreenState, text: string): ScreenState => withFilter(view, filterOf(view) + text);

/** A filter narrows while it is typed; Enter keeps it, Esc takes it away. */
export const filterKey: KeyHandler = (view, key) => {
  const filter = filterOf(view);
  switch (key) {
    case 'enter':
    case 'tab':
    case 'down':
      return { view: { ...view, filtering: false } };
    case 'esc':
    case 'ctrl+c':
      return { view: { ...withFilter(view, ''), filtering: false } };
    case 'backspace':
      return { view: filter === '' ? { ...view, filtering: false } : withFilter(view, shorter(filter)) };
    case 'ctrl+u':
      return { view: withFilter(view, '') };
    case 'ctrl+w':
      return { view: withFilter(view, filter.replace(/\S+\s*$/u, '')) };
    default:
      return { view };
  }
};

/** Takes back the filter, or else the tab. */
const escaped = (view: ScreenState): Pressed => ({
  view: filterOf(view) === '' ? opened(view, 'agents') : withFilter(view, ''),
});

/** What the keys do while a tab other than the panes has them; undefined where they mean what they mean everywhere. */
export const tabViewKey: KeyHandler = (view, key, around) => {
  const open = around.openIn(view);
  if (!open) return undefined;
  if (key === 'esc') return escaped(view);
  const result = tabKey(open, key);
  if (!result) return undefined;
  const next = withOwn(view, result.own);
  return result.command === undefined ? { view: next } : suggested(next, result.command, around);
};

/** Holds the selection where it is shown, in a tab in which another line may come above it. */
export const withHeldSelection = (view: ScreenState, open: OpenTab | null): ScreenState => {
  if (!open?.tab.holdsSelection) return view;
  const { body, scene } = open;
  const selected = selectedLine(body, scene.own);
  if (!selected || selected.id === scene.own.cursor) return view;
  return withOwn(view, { ...scene.own, cursor: selected.id });
};
