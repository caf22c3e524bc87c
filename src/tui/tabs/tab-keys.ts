import { runSuggestion, withCommand } from '../answering/suggestion.ts';
import type { KeyHandler, KeyResult } from '../control/key.ts';
import {
  type Dialog,
  type ScreenState,
  type TabsState,
  withNote,
  withOverlays,
  withPanes,
} from '../model/screen-state.ts';
import type { OpenTab, TabPressed } from './tab.ts';
import { filterOf, withFilter, withTabState } from './tab-filter.ts';
import { openReview, openTab } from './open-view.ts';
import { pressTabKey } from './tab-navigation.ts';
import { selectedLine } from './tab-window.ts';

/** Takes back the filter, or what is open in the tab, or else the tab. */
const leaveTab = (screen: ScreenState): KeyResult => {
  const own = screen.tabs.states[screen.tabs.open];
  if (filterOf(screen.tabs) !== '') return { screen: { ...screen, tabs: withFilter(screen.tabs, '') } };
  if (own.subject === null) return { screen: openTab(screen, 'agents') };
  const list = { ...own, subject: null, cursor: own.subject, column: 0, tops: {} };
  return { screen: { ...screen, tabs: withTabState(screen.tabs, list) } };
};

const dialogOf = ({ title, command, targets, does }: NonNullable<TabPressed['ask']>): Dialog => ({
  title,
  command,
  targets,
  loses: does,
  token: null,
  yes: false,
  interrupts: false,
});

/** The command line has the keys for this one command, which the view has begun. */
const lendKeys = (screen: ScreenState): ScreenState => ({ ...screen, prompt: { ...screen.prompt, isLent: true } });

/** Carries out what a key of a tab asks for. */
const followKey = (
  before: ScreenState,
  { own, command, write, tool, note, review, agent, ask }: TabPressed,
  context: Parameters<KeyHandler>[2],
): KeyResult => {
  const screen = { ...before, tabs: withTabState(before.tabs, own) };
  if (command !== undefined) return runSuggestion(screen, command, context);
  if (write !== undefined) return { screen: lendKeys(withCommand(screen, `${write} "…"`)) };
  if (review !== undefined) return { screen: openReview(screen, review) };
  if (agent !== undefined) return { screen: withPanes(openTab(screen, 'agents'), { selected: agent, scroll: null }) };
  if (ask) return { screen: withOverlays(screen, { page: null, dialog: dialogOf(ask) }) };
  if (note !== undefined) return { screen: withNote(screen, note) };
  return tool ? { screen, effect: { kind: 'tool', tool } } : { screen };
};

/** What a key means in a tab other than the panes; undefined where it means what it means everywhere. */
export const handleTabKey: KeyHandler = (screen, key, context) => {
  const open = context.openIn(screen);
  if (!open) return undefined;
  if (key === 'esc') return leaveTab(screen);
  const result = pressTabKey(open, key);
  return result && followKey(screen, result, context);
};

/** Keeps the line selected that is shown as selected, in a tab in which another line may come above it. */
export const holdSelection = (tabs: TabsState, open: OpenTab | null): TabsState => {
  if (!open?.tab.holdsSelection) return tabs;
  const { body, context } = open;
  const selected = selectedLine(body, context.own);
  if (!selected || selected.id === context.own.cursor) return tabs;
  return withTabState(tabs, { ...context.own, cursor: selected.id });
};
