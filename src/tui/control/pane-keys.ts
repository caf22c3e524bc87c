import { saidId } from '../../protocol/say.ts';
import { openQuestion } from '../answering/answer-keys.ts';
import { takeStep, withCommand } from '../answering/suggestion.ts';
import { nextInQueue, sortByAttention } from '../model/attention-queue.ts';
import {
  type PanesState,
  type ScreenState,
  type TabsState,
  withMouse,
  withNote,
  withOverlays,
  withPanes,
} from '../model/screen-state.ts';
import { nextShape } from '../panes/arrangement.ts';
import { scrollByKey, scrollPane } from '../panes/scrolling.ts';
import { beginTyping, CHORD } from '../panes/typing.ts';
import { beginFilter } from '../tabs/tab-filter.ts';
import { beginTabSearch, isRead } from '../tabs/tab-search.ts';
import type { KeyContext, KeyHandler, KeyResult } from './key.ts';
import { ACTIONS, type Action, actionOf, isNamed, meantKey } from './key-table.ts';
import { mergeAll } from './merge-all.ts';
import { PANE_TASK_BINDINGS, reviewSelected } from './pane-task-keys.ts';

type Press = (screen: ScreenState, context: KeyContext) => KeyResult;

/** The panes with another one selected, by its place among these. */
const select = (panes: PanesState, ids: readonly string[], index: number): PanesState => {
  const id = ids[Math.min(ids.length - 1, Math.max(0, index))];
  return id === undefined || id === panes.selected ? panes : { ...panes, selected: id, scroll: null };
};

const moveSelection =
  (step: (context: KeyContext) => number) =>
  (screen: ScreenState, context: KeyContext): KeyResult => {
    const { panes } = screen;
    const at = context.ids.indexOf(panes.selected ?? '');
    return { screen: { ...screen, panes: select(panes, context.ids, at + step(context)) } };
  };

/** The tabs with all agents among the panes, also those that a filter hid. */
const withAllAgents = (tabs: TabsState): TabsState => ({
  ...tabs,
  states: { ...tabs.states, agents: { ...tabs.states.agents, filter: '' } },
});

const selectNeeding =
  (step: 1 | -1) =>
  (screen: ScreenState, { queue, ids }: KeyContext): KeyResult => {
    const id = nextInQueue(queue, screen.panes.selected, step);
    if (id === null) return { screen: withNote(screen, 'nobody needs you') };
    const tabs = ids.includes(id) ? screen.tabs : withAllAgents(screen.tabs);
    return { screen: withPanes({ ...screen, tabs: { ...tabs, open: 'agents' } }, { selected: id, scroll: null }) };
  };

/** Turns the pages of tiles where there are several, else reads the selected pane back. */
const turnPage =
  (step: 1 | -1) =>
  (screen: ScreenState, context: KeyContext): KeyResult => {
    const hasPages = context.pages > 1 && !screen.panes.scroll;
    if (hasPages) return moveSelection(({ perPage }) => step * perPage)(screen, context);
    return {
      screen: { ...screen, panes: scrollPane(screen.panes, step < 0 ? 'page-up' : 'page-down', context.scroll) },
    };
  };

const changeLayout = (screen: ScreenState, { shape }: KeyContext): KeyResult => {
  const arrangement = nextShape(shape);
  return { screen: withNote(withPanes(screen, { arrangement, isZoomed: false }), `layout: ${arrangement}`) };
};

const sortPanes = (screen: ScreenState, { ids, queue }: KeyContext): KeyResult => {
  const sorted = withPanes(screen, { order: sortByAttention(queue, ids) });
  return { screen: withNote(sorted, queue.length === 0 ? 'nobody needs you' : 'who needs you comes first') };
};

const closeScrollOrZoom = (screen: ScreenState): KeyResult => ({
  screen: withPanes(screen, screen.panes.scroll ? { scroll: null } : { isZoomed: false }),
});

const toggleZoom = (screen: ScreenState): KeyResult => ({
  screen: withPanes(screen, { isZoomed: !screen.panes.isZoomed && screen.panes.selected !== null }),
});

const toggleMouse = (screen: ScreenState): KeyResult => {
  const isHeard = !screen.mouse.isHeard;
  const text = isHeard ? 'mouse on' : 'mouse off: the terminal selects';
  return { screen: withNote(withMouse(screen, { isHeard }), text) };
};

/** Opens the question of the selected agent; where that asks nothing, of the one who should be answered first. */
const answerNext = (screen: ScreenState, context: KeyContext): KeyResult => {
  const { selected } = screen.panes;
  const asking = context.queue.find((id) => context.questions.has(id)) ?? null;
  const opened = openQuestion(screen, selected, context) ?? openQuestion(screen, asking, context);
  return opened ?? { screen: withNote(screen, 'nobody asks anything') };
};

const attachSelected = (screen: ScreenState): KeyResult => {
  const { selected } = screen.panes;
  return selected === null
    ? { screen: withNote(screen, 'no agent is here') }
    : { screen, effect: { kind: 'run', text: `attach ${saidId(selected)}` } };
};

/** Opens the list of keys, as far as what they say is not refused to who looks. */
export const openKeyList = (screen: ScreenState, { maySay }: Pick<KeyContext, 'maySay'>): ScreenState => {
  const unnamed = ACTIONS.filter((action) => !isNamed(action, maySay));
  const { open, states } = screen.tabs;
  const keysOf = { view: open, own: states[open] };
  return withOverlays(screen, { page: { title: 'Keys', lines: null, keysOf, unnamed, top: 0 } });
};

/** What the keys of the agents' panes do. */
export const PANE_BINDINGS: Readonly<Partial<Record<Action, Press>>> = {
  open: beginTyping,
  ...PANE_TASK_BINDINGS,
  review: reviewSelected,
  zoom: toggleZoom,
  way: changeLayout,
  auto: (screen) => ({
    screen: withNote(withPanes(screen, { arrangement: 'auto', isZoomed: false }), 'layout: chosen by the space'),
  }),
  order: sortPanes,
  creation: (screen) => ({ screen: withNote(withPanes(screen, { order: null }), 'in the order of creation') }),
  filter: (screen) => ({ screen: isRead(screen.tabs) ? beginTabSearch(screen) : beginFilter(screen) }),
  next: selectNeeding(1),
  previous: selectNeeding(-1),
  answer: answerNext,
  suggestion: (screen, context) =>
    context.suggestion === null
      ? { screen: withNote(screen, 'nothing is suggested now') }
      : takeStep(screen, context.suggestion, context),
  example: (screen, { example }) =>
    example === null ? { screen: withNote(screen, 'nothing is offered') } : { screen: withCommand(screen, example) },
  attach: attachSelected,
  mergeAll,
  before: moveSelection(() => -1),
  after: moveSelection(() => 1),
  above: moveSelection(({ columns }) => -columns),
  below: moveSelection(({ columns }) => columns),
  pageUp: turnPage(-1),
  pageDown: turnPage(1),
  readBack: (screen) => ({ screen }),
  ends: (screen) => ({ screen }),
  back: closeScrollOrZoom,
  command: (screen) => ({ screen: { ...screen, focus: 'prompt' } }),
  keys: (screen, context) => ({ screen: openKeyList(screen, context) }),
  freeze: (screen) => ({ screen: { ...screen, isFrozen: true } }),
  mouse: toggleMouse,
  leave: (screen) => ({ screen, effect: { kind: 'quit' } }),
};

const scrollBack: KeyHandler = (screen, key, context) => {
  const panes = scrollByKey(screen.panes, key, context.scroll);
  return panes && { screen: { ...screen, panes } };
};

const bindingOf = (key: string): Press | undefined => {
  const action = actionOf(key);
  return action && PANE_BINDINGS[action];
};

/** What means the same in every view. */
export const EVERYWHERE: ReadonlySet<Action> = new Set([
  ...(['filter', 'next', 'previous', 'answer', 'suggestion', 'example', 'mergeAll'] as const),
  ...(['command', 'keys', 'freeze', 'mouse', 'leave'] as const),
]);

/** What a key means in a view other than the panes, where the view itself gives it no meaning. */
export const handleKeyInEveryView: KeyHandler = (screen, key, context) => {
  const action = actionOf(key);
  return action && EVERYWHERE.has(action) ? bindingOf(key)?.(screen, context) : undefined;
};

/** The screen after a key that nobody heard, with a word on it; keys that only move, and those that no hand presses by habit, say none. */
export const noteUnheard = (screen: ScreenState, key: string, { openIn }: Pick<KeyContext, 'openIn'>): ScreenState => {
  const { overlays, focus } = screen;
  if (focus !== 'panes' || overlays.page || overlays.dialog || [...key].length !== 1) return screen;
  const action = actionOf(key);
  const open = openIn(screen);
  const isOwn = open?.tab.keys.some((one) => one.action === action) ?? false;
  if (open && action && isOwn) return withNote(screen, open.tab.waitsFor?.(open.context) ?? 'nothing is selected');
  return withNote(screen, `${key === ' ' ? 'Space' : key} does nothing here; ? tells which keys do`);
};

export const handlePaneKey: KeyHandler = (screen, pressed, context) => {
  const key = meantKey(pressed);
  return scrollBack(screen, key, context) ?? (key === CHORD ? beginTyping(screen) : bindingOf(key)?.(screen, context));
};
