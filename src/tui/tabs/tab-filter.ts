import { type ScreenState, type TabsState, withOverlays } from '../model/screen-state.ts';
import { charactersOf } from '../prompt/prompt-text.ts';
import type { TabState } from './tab-state.ts';

/** The tabs with what the open one looks at changed. */
export const withTabState = (tabs: TabsState, state: TabState): TabsState => ({
  ...tabs,
  states: { ...tabs.states, [tabs.open]: state },
});

/** The filter of the open view; empty where it shows all. */
export const filterOf = ({ states, open }: TabsState): string => states[open].filter;

/** The tabs with another filter in the open one. */
export const withFilter = (tabs: TabsState, filter: string): TabsState =>
  withTabState(tabs, { ...tabs.states[tabs.open], filter, cursor: null, tops: {} });

/** Starts typing a filter, behind the text of the one that there is. */
export const beginFilter = (screen: ScreenState): ScreenState => ({
  ...withOverlays(screen, { page: null }),
  focus: 'panes',
  tabs: { ...screen.tabs, isFiltering: true },
});

/** Adds text to the filter that is being typed. */
export const typeFilter = (tabs: TabsState, text: string): TabsState => withFilter(tabs, filterOf(tabs) + text);

const endFilter = (tabs: TabsState): TabsState => ({ ...tabs, isFiltering: false });

const withoutLast = (text: string): string => charactersOf(text).slice(0, -1).join('');

/** What keys mean to a filter that is being typed: Enter keeps it, Esc takes it away, most others edit it. */
export const handleFilterKey = (tabs: TabsState, key: string): TabsState => {
  const filter = filterOf(tabs);
  switch (key) {
    case 'enter':
    case 'tab':
    case 'down':
      return endFilter(tabs);
    case 'esc':
    case 'ctrl+c':
      return endFilter(withFilter(tabs, ''));
    case 'backspace':
      return filter === '' ? endFilter(tabs) : withFilter(tabs, withoutLast(filter));
    case 'ctrl+u':
      return withFilter(tabs, '');
    case 'ctrl+w':
      return withFilter(tabs, filter.replace(/\S+\s*$/u, ''));
    default:
      return tabs;
  }
};
