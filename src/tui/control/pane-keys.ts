import { openQuestion } from '../answering/answer-keys.ts';
import { runSuggestion } from '../answering/suggestion.ts';
import { nextInQueue, sortByAttention } from '../model/attention.ts';
import type { ScreenState } from '../model/screen-state.ts';
import { nextShape } from '../panes/arrangement.ts';
import { scrollByKey, scrollPane } from '../panes/scrolling.ts';
import { beginTyping, CHORD, CHORD_LABEL } from '../panes/typing.ts';
import { editPrompt } from '../prompt/prompt-keys.ts';
import { beginFilter } from '../tabs/tab-filter.ts';
import type { KeyContext, KeyHandler, KeyResult } from './key.ts';

type Binding = {
  readonly keys: readonly string[];
  /** As it is written in the list of keys. */
  readonly label: string;
  readonly help: string;
  readonly press: (view: ScreenState, context: KeyContext) => KeyResult;
};

const select = (view: ScreenState, ids: readonly string[], index: number): KeyResult => {
  const id = ids[Math.min(ids.length - 1, Math.max(0, index))];
  return { view: id === undefined || id === view.selected ? view : { ...view, selected: id, scroll: null } };
};

const moveSelection =
  (step: (context: KeyContext) => number) =>
  (view: ScreenState, context: KeyContext): KeyResult =>
    select(view, context.ids, context.ids.indexOf(view.selected ?? '') + step(context));

const withNote = (view: ScreenState, text: string): ScreenState => ({
  ...view,
  answer: { tone: 'note', text, hint: null },
});

/** The view with all agents, also those that a filter hid. */
const withAllAgents = (view: ScreenState): ScreenState => ({
  ...view,
  tabs: { ...view.tabs, agents: { ...view.tabs.agents, filter: '' } },
});

const selectNeeding =
  (step: 1 | -1) =>
  (view: ScreenState, { queue, ids }: KeyContext): KeyResult => {
    const id = nextInQueue(queue, view.selected, step);
    if (id === null) return { view: withNote(view, 'nobody needs you') };
    const sight = ids.includes(id) ? view : withAllAgents(view);
    return { view: { ...sight, tab: 'agents', selected: id, scroll: null } };
  };

/** Pages of tiles where there are several, else the selected pane is read back. */
const turnPage =
  (step: 1 | -1) =>
  (view: ScreenState, context: KeyContext): KeyResult => {
    if (context.pages > 1 && !view.scroll)
      return select(view, context.ids, context.ids.indexOf(view.selected ?? '') + step * context.perPage);
    return { view: scrollPane(view, step < 0 ? 'page-up' : 'page-down', context) };
  };

const changeLayout = (view: ScreenState, { shape }: KeyContext): KeyResult => {
  const arrangement = nextShape(shape);
  return { view: withNote({ ...view, arrangement, zoomed: false }, `layout: ${arrangement}`) };
};

const sortPanes = (view: ScreenState, { ids, queue }: KeyContext): KeyResult => {
  const order = sortByAttention(queue, ids);
  return { view: withNote({ ...view, order }, queue.length === 0 ? 'nobody needs you' : 'who needs you comes first') };
};

const closeScrollOrZoom = (view: ScreenState): KeyResult => ({
  view: view.scroll ? { ...view, scroll: null } : { ...view, zoomed: false },
});

const toggleMouse = (view: ScreenState): KeyResult => {
  const mouse = !view.mouse;
  return { view: withNote({ ...view, mouse }, mouse ? 'the mouse is heard' : 'the mouse is the terminal’s own') };
};

/** Opens the list of keys. */
export const openKeyList = (view: ScreenState): ScreenState => ({
  ...view,
  page: { title: 'Keys', lines: null, keysOf: view.tab, top: 0 },
});

/** What the keys do while the panes have them. */
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
    press: (view) => ({ view: { ...view, zoomed: !view.zoomed && view.selected !== null } }),
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
    press: (view) => ({ view }),
  },
  { keys: ['v'], label: 'v', help: 'layout: tiles, a list with one large pane, one pane', press: changeLayout },
  {
    keys: ['V'],
    label: 'V',
    help: 'let the space choose the layout',
    press: (view) => ({ view: withNote({ ...view, arrangement: 'auto', zoomed: false }, 'layout: by the space') }),
  },
  {
    keys: ['a'],
    label: 'a',
    help: 'attach: the terminal is the agent’s until you detach with prefix d (inside tmux: prefix L)',
    press: (view) =>
      view.selected === null ? { view } : { view, effect: { kind: 'run', text: `attach ${view.selected}` } },
  },
  {
    keys: ['r'],
    label: 'r Enter',
    help: 'answer the selected agent, if it asks something',
    press: (view, context) => openQuestion(view, view.selected, context) ?? beginCommand(view, 'r') ?? { view },
  },
  { keys: ['n'], label: 'n', help: 'next agent that needs you, the most pressing first', press: selectNeeding(1) },
  { keys: ['N'], label: 'N', help: 'the one before', press: selectNeeding(-1) },
  { keys: ['o'], label: 'o', help: 'order the panes now: who needs you comes first', press: sortPanes },
  {
    keys: ['O'],
    label: 'O',
    help: 'order of creation again',
    press: (view) => ({ view: withNote({ ...view, order: null }, 'in the order of creation') }),
  },
  {
    keys: ['f'],
    label: 'f',
    help: 'freeze the screen, to select text with the mouse; any key goes on',
    press: (view) => ({ view: { ...view, still: true } }),
  },
  { keys: ['M'], label: 'M', help: 'hear the mouse, or leave it to the terminal', press: toggleMouse },
  {
    keys: ['g'],
    label: 'g',
    help: 'do what the alert suggests (Ctrl-G anywhere)',
    press: (view, context) =>
      context.suggestion === null ? { view } : runSuggestion(view, context.suggestion, context),
  },
  {
    keys: ['/'],
    label: '/',
    help: 'show only agents with these words in their name, state or task',
    press: (view) => ({ view: beginFilter(view) }),
  },
  {
    keys: [':', 'i', 'tab'],
    label: ': i Tab',
    help: 'type a command',
    press: (view) => ({ view: { ...view, mode: 'prompt' } }),
  },
  {
    keys: ['?'],
    label: '?',
    help: 'this list',
    press: (view) => ({ view: openKeyList(view) }),
  },
  { keys: ['q'], label: 'q', help: 'leave; the agents go on', press: (view) => ({ view, effect: { kind: 'quit' } }) },
];

/** A letter that is no key of the panes begins a command. */
const beginCommand = (view: ScreenState, key: string): KeyResult | undefined =>
  /^[\p{L}\p{N}@]$/u.test(key) ? editPrompt({ ...view, mode: 'prompt' }, { kind: 'insert', text: key }) : undefined;

const scrollBack: KeyHandler = (view, key, context) => {
  const scroll = scrollByKey(view, key, context);
  return scroll && { view: scroll };
};

const bindingOf = (key: string): Binding | undefined => PANE_KEYS.find(({ keys }) => keys.includes(key));

/** Keys that mean the same in every view. */
const EVERYWHERE = new Set(['n', 'N', 'f', 'M', 'g', '/', ':', 'i', 'tab', '?', 'q']);

/** What a key means where the panes are not shown. */
export const handleKeyInEveryView: KeyHandler = (view, key, context) =>
  (EVERYWHERE.has(key) ? bindingOf(key)?.press(view, context) : undefined) ?? beginCommand(view, key);

export const handlePaneKey: KeyHandler = (view, key, context) =>
  scrollBack(view, key, context) ?? bindingOf(key)?.press(view, context) ?? beginCommand(view, key);
