import { tasksToReview } from '../../attention/finished-work.ts';
import type { State } from '../../state/index.ts';
import { awaitsReview } from '../../state/reviews.ts';
import { type ScreenState, withOverlays } from '../model/screen-state.ts';
import { withTabState } from './tab-filter.ts';
import type { TabId } from './tab-ids.ts';

/** Opens a tab, and gives it the keys. */
export const openTab = (screen: ScreenState, tab: TabId): ScreenState => ({
  ...withOverlays(screen, { page: null }),
  focus: 'panes',
  tabs: { ...screen.tabs, open: tab, isFiltering: false },
});

const showReview = (screen: ScreenState, subject: string | null): ScreenState => {
  const opened = openTab(screen, 'review');
  const own = { ...opened.tabs.states.review, subject, cursor: null, column: 0, tops: {} };
  return { ...opened, tabs: withTabState(opened.tabs, own) };
};

/** Opens the list of the work that there is to look at. */
export const openReviewList = (screen: ScreenState): ScreenState => showReview(screen, null);

/** Opens the work of a task in the view for it. */
export const openReview = (screen: ScreenState, task: string): ScreenState => showReview(screen, task);

/**
 * Opens a view as its number does. That of reviews shows what waits for one: the work that is looked at already, else the
 * first, and the list where nothing waits.
 */
export const visitTab = (screen: ScreenState, tab: TabId, state: State): ScreenState => {
  if (tab !== 'review' || screen.tabs.open === tab) return openTab(screen, tab);
  const { subject } = screen.tabs.states.review;
  const left = subject !== null && Object.hasOwn(state.tasks, subject) ? state.tasks[subject] : undefined;
  if (left && awaitsReview(state.reviews, left)) return openTab(screen, tab);
  return showReview(screen, tasksToReview(state)[0]?.id ?? null);
};
