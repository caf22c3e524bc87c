import { openQuestion } from '../answering/answer-keys.ts';
import { takeStep } from '../answering/suggestion.ts';
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
import { beginTyping, CHORD, CHORD_LABEL } from '../panes/typing.ts';
import { awaitsReview, reviewedRun } from '../../state/reviews.ts';
import { beginFilter } from '../tabs/tab-filter.ts';
import { openReview, openTab } from '../tabs/open-view.ts';
import type { KeyContext, KeyHandler, KeyResult } from './key.ts';

type Binding = {
  readonly keys: readonly string[];
  /** The keys as they are written in the list of keys. */
  readonly label: string;
  readonly help: string;
  readonly press: (screen: ScreenState, context: KeyContext) => KeyResult;
};

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
  return selected === null ? { screen } : { screen, effect: { kind: 'run', text: `attach ${selected}` } };
};

/** Opens the work of the selected agent: what waits to be looked at, else what it did last; the list where that is nothing. */
const reviewSelected = (screen: ScreenState, { openIn }: KeyContext): KeyResult => {
  const list = openTab(screen, 'review');
  const state = openIn(list)?.context.state;
  const own = Object.values(state?.tasks ?? {}).filter(
    (task) => !task.archived && reviewedRun(task)?.instance === screen.panes.selected,
  );
  const found = own.find((task) => state && awaitsReview(state.reviews, task)) ?? own.at(-1);
  return { screen: found ? openReview(screen, found.id) : list };
};

/** Opens the list of keys. */
export const openKeyList = (screen: ScreenState): ScreenState =>
  withOverlays(screen, { page: { title: 'Keys', lines: null, keysOf: screen.tabs.open, top: 0 } });

/** The keys of the agents' panes, and what each does. */
export const PANE_KEYS: readonly Binding[] = [
  { keys: ['left', 'h'], label: '← h', help: 'select the pane before', press: moveSelection(() => -1) },
  { keys: ['right', 'l'], label: '→ l', help: 'select the pane after', press: moveSelection(() => 1) },
  { keys: ['up', 'k'], label: '↑ k', help: 'select the pane above', press: moveSelection(({ columns }) => -columns) },
  { keys: ['down', 'j'], label: '↓ j', help: 'select the pane below', press: moveSelection(({ columns }) => columns) },
  {
    keys: ['enter', CHORD],
    label: 'Enter',
    help: `type into the selected agent, as if its terminal were here; ${CHORD_LABEL} does that too, and comes back`,
    press: beginTyping,
  },
  {
    keys: ['z', ' '],
    label: 'z Space',
    help: 'show the selected pane alone, again: all of them',
    press: toggleZoom,
  },
  { keys: ['esc'], label: 'Esc', help: 'back to the live screen, then to all panes', press: closeScrollOrZoom },
  {
    keys: ['pageup'],
    label: 'PgUp',
    help: 'read back (with several pages of panes: the page before)',
    press: turnPage(-1),
  },
  { keys: ['pagedown'], label: 'PgDn', help: 'read on (or the next page of panes)', press: turnPage(1) },
  {
    keys: ['shift+pageup', 'shift+pagedown', 'home', 'end'],
    label: 'Shift-PgUp',
    help: 'read the selected pane back; Home goes to the first line, End to the live screen',
    press: (screen) => ({ screen }),
  },
  { keys: ['v'], label: 'v', help: 'layout: tiles, a list with one large pane, one pane', press: changeLayout },
  {
    keys: ['V'],
    label: 'V',
    help: 'let the space choose the layout',
    press: (screen) => ({
      screen: withNote(withPanes(screen, { arrangement: 'auto', isZoomed: false }), 'layout: by the space'),
    }),
  },
  {
    keys: ['a'],
    label: 'a',
    help: 'attach: the terminal is the agent’s until you detach with prefix d (inside tmux: prefix L)',
    press: attachSelected,
  },
  {
    keys: ['r'],
    label: 'r',
    help: 'answer the selected agent, else whoever asks most pressingly',
    press: answerNext,
  },
  { keys: ['R'], label: 'R', help: 'review the work of the selected agent', press: reviewSelected },
  { keys: ['n'], label: 'n', help: 'next agent that needs you, the most pressing first', press: selectNeeding(1) },
  { keys: ['N'], label: 'N', help: 'the one before', press: selectNeeding(-1) },
  { keys: ['o'], label: 'o', help: 'order the panes now: who needs you comes first', press: sortPanes },
  {
    keys: ['O'],
    label: 'O',
    help: 'order of creation again',
    press: (screen) => ({ screen: withNote(withPanes(screen, { order: null }), 'in the order of creation') }),
  },
  {
    keys: ['f'],
    label: 'f',
    help: 'freeze the screen, to select text with the mouse; any key goes on',
    press: (screen) => ({ screen: { ...screen, isFrozen: true } }),
  },
  { keys: ['M'], label: 'M', help: 'hear the mouse, or leave it to the terminal', press: toggleMouse },
  {
    keys: ['g'],
    label: 'g',
    help: 'do what the banner proposes (Ctrl-G anywhere)',
    press: (screen, context) =>
      context.suggestion === null ? { screen } : takeStep(screen, context.suggestion, context),
  },
  {
    keys: ['/'],
    label: '/',
    help: 'show only agents with these words in their name, state or task',
    press: (screen) => ({ screen: beginFilter(screen) }),
  },
  {
    keys: [':', 'i', 'tab'],
    label: ': i Tab',
    help: 'type a command',
    press: (screen) => ({ screen: { ...screen, focus: 'prompt' } }),
  },
  {
    keys: ['?'],
    label: '?',
    help: 'this list',
    press: (screen) => ({ screen: openKeyList(screen) }),
  },
  {
    keys: ['q'],
    label: 'q',
    help: 'leave; the agents go on',
    press: (screen) => ({ screen, effect: { kind: 'quit' } }),
  },
];

const scrollBack: KeyHandler = (screen, key, context) => {
  const panes = scrollByKey(screen.panes, key, context.scroll);
  return panes && { screen: { ...screen, panes } };
};

const bindingOf = (key: string): Binding | undefined => PANE_KEYS.find(({ keys }) => keys.includes(key));

/** Keys that mean the same in every view. */
const EVERYWHERE = new Set(['r', 'n', 'N', 'f', 'M', 'g', '/', ':', 'i', 'tab', '?', 'q']);

/** What a key means in a view other than the panes, where the view itself gives it no meaning. */
export const handleKeyInEveryView: KeyHandler = (screen, key, context) =>
  EVERYWHERE.has(key) ? bindingOf(key)?.press(screen, context) : undefined;

export const handlePaneKey: KeyHandler = (screen, key, context) =>
  scrollBack(screen, key, context) ?? bindingOf(key)?.press(screen, context);
