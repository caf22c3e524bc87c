import { type ScreenState, withOverlays } from '../model/screen-state.ts';
import { withTabState } from './tab-filter.ts';
import type { TabId } from './tab-ids.ts';

/** Opens a tab, and gives it the keys. */
export const openTab = (screen: ScreenState, tab: TabId): ScreenState => ({
  ...withOverlays(screen, { page: null }),
  focus: 'panes',
  tabs: { ...screen.tabs, open: tab, isFiltering: false },
});

/** Opens the work of a task in the view for it. */
export const openReview = (screen: ScreenState, task: string): ScreenState => {
  const opened = openTab(screen, 'review');
  const own = { ...opened.tabs.states.review, subject: task, cursor: null, column: 0, tops: {} };
  return { ...opened, tabs: withTabState(opened.tabs, own) };
};
