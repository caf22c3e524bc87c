import type { MouseReport } from '../input/mouse-report.ts';
import { type ScreenState, withMouse, withOverlays, withPanes } from '../model/screen-state.ts';
import { containsCell } from '../panes/pane-bounds.ts';
import { scrollPane } from '../panes/scrolling.ts';
import { beginTyping } from '../panes/typing.ts';
import { isPromptUsed } from '../prompt/prompt-state.ts';
import { visitTab } from '../tabs/open-view.ts';
import { handleTabKey } from '../tabs/tab-keys.ts';
import type { KeyContext, KeyResult } from './key.ts';
import { scrolledTop } from './page-keys.ts';
import { chooseSuggestion } from './page-suggestions.ts';

/** Two presses within this time, in milliseconds, are a double one. */
const DOUBLE_MS = 400;
/** The number of the left button in a report of the mouse. */
const LEFT = 0;

/** The screen with this agent selected; another one is shown live. */
const selectAgent = (screen: ScreenState, id: string): ScreenState =>
  screen.panes.selected === id ? screen : withPanes(screen, { selected: id, scroll: null });

const pressAgent = (screen: ScreenState, id: string, now: number): KeyResult => {
  const { lastPress } = screen.mouse;
  const isDouble = lastPress?.id === id && now - lastPress.at <= DOUBLE_MS;
  // A half-typed command keeps the keys, whichever pane is pressed meanwhile.
  const focus = isPromptUsed(screen.prompt) ? screen.focus : 'panes';
  const selected: ScreenState = { ...selectAgent(screen, id), focus };
  if (isDouble) return beginTyping(withMouse(selected, { lastPress: null }));
  return { screen: withMouse(selected, { lastPress: { id, at: now } }) };
};

const turnWheel = (screen: ScreenState, event: MouseReport, context: KeyContext): KeyResult => {
  const isUp = event.action === 'wheel-up';
  const key = isUp ? 'up' : 'down';
  const { page } = screen.overlays;
  // Also while a page is searched, where the arrows go from match to match.
  if (page)
    return { screen: withOverlays(screen, { page: { ...page, top: scrolledTop(key, page.top, context.page)! } }) };
  if (screen.tabs.open !== 'agents') return handleTabKey(screen, key, context) ?? { screen };
  // Whoever turns the wheel over a pane means that one.
  const under = context.bounds.find(({ pane }) => containsCell(pane, event));
  if (!under) return { screen };
  const on = selectAgent(screen, under.id);
  return { screen: { ...on, panes: scrollPane(on.panes, isUp ? 'wheel-up' : 'wheel-down', context.scroll) } };
};

/**
 * What the mouse does while no agent has the keyboard: a press on a pane selects it, a double one types into it, the wheel reads
 * it back; a press on the name of a view opens it, and the wheel goes through its lines; a press on what a page suggests chooses that.
 */
export const handleMouse = (screen: ScreenState, event: MouseReport, context: KeyContext): KeyResult => {
  const { dialog, page } = screen.overlays;
  if (dialog) return { screen };
  if (event.action === 'wheel-up' || event.action === 'wheel-down') return turnWheel(screen, event, context);
  if (event.action !== 'press' || event.button !== LEFT) return { screen };
  if (page) {
    const suggested = context.suggestionBounds.find(({ rect }) => containsCell(rect, event));
    return suggested ? chooseSuggestion(screen, suggested.digit, context) : { screen };
  }
  const tab = context.tabBounds.find(({ rect }) => containsCell(rect, event));
  if (tab) return { screen: visitTab(screen, tab.id, context.state) };
  const under = context.bounds.find(({ frame }) => containsCell(frame, event));
  return under ? pressAgent(screen, under.id, context.now) : { screen };
};
