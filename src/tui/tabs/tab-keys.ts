import { runSuggestion } from '../answering/suggestion.ts';
import type { KeyHandler, KeyResult } from '../control/key.ts';
import { type ScreenState, type TabsState, withOverlays } from '../model/screen-state.ts';
import type { OpenTab } from './tab.ts';
import { filterOf, withFilter, withTabState } from './tab-filter.ts';
import { TAB_NAMES, TAB_NUMBERS, type TabId } from './tab-ids.ts';
import { pressTabKey } from './tab-navigation.ts';
import { selectedLine } from './tab-window.ts';

/** The keys of all views, and of all but the panes, as the list of keys explains them. */
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

/** Opens a tab, and gives it the keys. */
export const openTab = (screen: ScreenState, tab: TabId): ScreenState => ({
  ...withOverlays(screen, { page: null }),
  focus: 'panes',
  tabs: { ...screen.tabs, open: tab, isFiltering: false },
});

/** Takes back the filter, or else the tab. */
const leaveTab = (screen: ScreenState): KeyResult => ({
  screen: filterOf(screen.tabs) === '' ? openTab(screen, 'agents') : { ...screen, tabs: withFilter(screen.tabs, '') },
});

/** What a key means in a tab other than the panes; undefined where it means what it means everywhere. */
export const handleTabKey: KeyHandler = (screen, key, context) => {
  const open = context.openIn(screen);
  if (!open) return undefined;
  if (key === 'esc') return leaveTab(screen);
  const result = pressTabKey(open, key);
  if (!result) return undefined;
  const next = { ...screen, tabs: withTabState(screen.tabs, result.own) };
  return result.command === undefined ? { screen: next } : runSuggestion(next, result.command, context);
};

/** Keeps the line selected that is shown as selected, in a tab in which another line may come above it. */
export const holdSelection = (tabs: TabsState, open: OpenTab | null): TabsState => {
  if (!open?.tab.holdsSelection) return tabs;
  const { body, context } = open;
  const selected = selectedLine(body, context.own);
  if (!selected || selected.id === context.own.cursor) return tabs;
  return withTabState(tabs, { ...context.own, cursor: selected.id });
};
