import { tasksToReview } from '../../attention/finished-work.ts';
import type { State } from '../../state/index.ts';
import { awaitsReview } from '../../state/reviews.ts';
import type { Reply } from '../../ports/swarm.ts';
import { type ScreenState, withOverlays } from '../model/screen-state.ts';
import { isPromptUsed } from '../prompt/prompt-state.ts';
import { withTabState } from './tab-filter.ts';
import type { TabId } from './tab-ids.ts';

/** Opens a tab, and gives it the keys. */
export const openTab = (screen: ScreenState, tab: TabId): ScreenState => ({
  ...withOverlays(screen, { page: null }),
  focus: 'panes',
  tabs: { ...screen.tabs, open: tab, isFiltering: false, searched: null },
});

const showReview = (screen: ScreenState, subject: string | null): ScreenState => {
  const opened = openTab(screen, 'review');
  const own = { ...opened.tabs.states.review, subject, filter: '', cursor: null, column: 0, tops: {} };
  return { ...opened, tabs: withTabState(opened.tabs, own) };
};

/** Opens the list of the work that there is to look at. */
export const openReviewList = (screen: ScreenState): ScreenState => showReview(screen, null);

/** Opens the work of a task in the view for it. */
export const openReview = (screen: ScreenState, task: string): ScreenState => showReview(screen, task);

const DECIDING = /^\s*(?:approve|return|send\s+back)\s/iu;

/** The work to look at after that of a task was decided on: the next behind it, else the first that waits; undefined where none does. */
const reviewAfter = (state: State, decided: string): string | undefined => {
  const waiting = tasksToReview(state).filter(({ id }) => id !== decided);
  const order = Object.keys(state.tasks);
  const next = waiting.find(({ id }) => order.indexOf(id) > order.indexOf(decided));
  return (next ?? waiting[0])?.id;
};

/** Whether something stands over the view, or is written about what it shows: then that must not become another work. */
const isBusy = ({ focus, tabs, prompt, overlays }: ScreenState): boolean =>
  tabs.searched !== null ||
  (focus === 'prompt' && isPromptUsed(prompt)) ||
  Object.values(overlays).some((overlay) => overlay !== null);

/**
 * The screen after an answer: where the work that is open was approved or sent back, the next one is. The keys stay where they
 * are: whoever has gone to the command line meanwhile types there.
 */
export const afterDecision = (
  screen: ScreenState,
  { command, reply }: { readonly command: string; readonly reply: Pick<Reply, 'exit' | 'data'> },
  state: State,
): ScreenState => {
  const { subject } = screen.tabs.states.review;
  const { task } = (reply.data ?? {}) as { readonly task?: unknown };
  const isOpen = screen.tabs.open === 'review' && subject !== null && subject === task && !isBusy(screen);
  const next = isOpen && reply.exit === 0 && DECIDING.test(command) ? reviewAfter(state, subject) : undefined;
  return next === undefined ? screen : { ...openReview(screen, next), focus: screen.focus };
};

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
