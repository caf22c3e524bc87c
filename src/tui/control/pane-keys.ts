import { openAnswer } from '../answering/answering.ts';
import { suggested } from '../answering/suggestion.ts';
import { byAttention, nextInQueue } from '../model/attention.ts';
import type { ScreenState } from '../model/screen-state.ts';
import { nextShape } from '../panes/arrangement.ts';
import { scrolled, scrollKey } from '../panes/scrolling.ts';
import { beginTyping, CHORD, CHORD_LABEL } from '../panes/typing.ts';
import { typed } from '../prompt/prompt-keys.ts';
import { filterBegun } from '../tabs/tab-view.ts';
import type { KeyContext, KeyHandler, Pressed } from './key.ts';

type Binding = {
  readonly keys: readonly string[];
  /** As it is written in the list of keys. */
  readonly label: string;
  readonly help: string;
  readonly press: (view: ScreenState, around: KeyContext) => Pressed;
};

const select = (view: ScreenState, ids: readonly string[], index: number): Pressed => {
  const id = ids[Math.min(ids.length - 1, Math.max(0, index))];
  return { view: id === undefined || id === view.selected ? view : { ...view, selected: id, scroll: null } };
};

const by =
  (step: (around: KeyContext) => number) =>
  (view: ScreenState, around: KeyContext): Pressed =>
    select(view, around.ids, around.ids.indexOf(view.selected ?? '') + step(around));

const note = (view: ScreenState, text: string): ScreenState => ({
  ...view,
  answer: { tone: 'note', text, hint: null },
});

/** The view with all agents, also those that a filter hid. */
const withAllAgents = (view: ScreenState): ScreenState => ({
  ...view,
  tabs: { ...view.tabs, agents: { ...view.tabs.agents, filter: '' } },
});

const needing =
  (step: 1 | -1) =>
  (view: ScreenState, { queue, ids }: KeyContext): Pressed => {
    const id = nextInQueue(queue, view.selected, step);
    if (id === null) return { view: note(view, 'nobody needs you') };
    const sight = ids.includes(id) ? view : withAllAgents(view);
    return { view: { ...sight, tab: 'agents', selected: id, scroll: null } };
  };

/** Pages of tiles where there are several, else the selected pane is read back. */
const paging =
  (step: 1 | -1) =>
  (view: ScreenState, around: KeyContext): Pressed => {
    if (around.pages > 1 && !view.scroll)
      return select(view, around.ids, around.ids.indexOf(view.selected ?? '') + step * around.perPage);
    return { view: scrolled(view, step < 0 ? 'page-up' : 'page-down', around) };
  };

const arranged = (view: ScreenState, { shape }: KeyContext): Pressed => {
  const arrangement = nextShape(shape);
  return { view: note({ ...view, arrangement, zoomed: false }, `layout: ${arrangement}`) };
};

const sorted = (view: ScreenState, { ids, queue }: KeyContext): Pressed => {
  const order = byAttention(queue, ids);
  return { view: note({ ...view, order }, queue.length === 0 ? 'nobody needs you' : 'who needs you comes first') };
};

const closed = (view: ScreenState): Pressed => ({
  view: view.scroll ? { ...view, scroll: null } : { ...view, zoomed: false },
});

const heard = (view: ScreenState): Pressed => {
  const mouse = !view.mouse;
  return { view: note({ ...view, mouse }, mouse ? 'the mouse is heard' : 'the mouse is the terminal’s own') };
};

/** Opens the list of keys. */
export const withKeys = (view: ScreenState): ScreenState => ({
  ...view,
  page: { title: 'Keys', lines: null, keysOf: view.tab, top: 0 },
});

/** What the keys do while the panes have them. */
export const PANE_KEYS: readonly Binding[] = [
  { keys: ['left', 'h'], label: '← h', help: 'select the pane before', press: by(() => -1) },
  { keys: ['right', 'l'], label: '→ l', help: 'select the pane after', press: by(() => 1) },
  { keys: ['up', 'k'], label: '↑ k', help: 'select the pane above', press: by(({ columns }) => -columns) },
  { keys: ['down', 'j'], label: '↓ j', help: 'select the pane below', press: by(({ columns }) => columns) },
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
  { keys: ['esc'], label: 'Esc', help: 'back to the live screen, then to all panes', press: closed },
  {
    keys: ['pageup'],
    label: 'PgUp',
    help: 'read back (with several pages of panes: the page before)',
    press: paging(-1),
  },
  { keys: ['pagedown'], label: 'PgDn', help: 'read on (or the next page of panes)', press: paging(1) },
  {
    keys: ['shift+pageup', 'shift+pagedown', 'home', 'end'],
    label: 'Shift-PgUp',
    help: 'read the selected pane back; Home goes to the first line, End to the live screen',
    press: (view) => ({ view }),
  },
  { keys: ['v'], label: 'v', help: 'layout: tiles, a list with one large pane, one pane', press: arranged },
  {
    keys: ['V'],
    label: 'V',
    help: 'let the space choose the layout',
    press: (view) => ({ view: note({ ...view, arrangement: 'auto', zoomed: false }, 'layout: by the space') }),
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
    press: (view, around) => openAnswer(view, view.selected, around) ?? begun(view, 'r') ?? { view },
  },
  { keys: ['n'], label: 'n', help: 'next agent that needs you, the most pressing first', press: needing(1) },
  { keys: ['N'], label: 'N', help: 'the one before', press: needing(-1) },
  { keys: ['o'], label: 'o', help: 'order the panes now: who needs you comes first', press: sorted },
  {
    keys: ['O'],
    label: 'O',
    help: 'order of creation again',
    press: (view) => ({ view: note({ ...view, order: null }, 'in the order of creation') }),
  },
  {
    keys: ['f'],
    label: 'f',
    help: 'freeze the screen, to select text with the mouse; any key goes on',
    press: (view) => ({ view: { ...view, still: true } }),
  },
  { keys: ['M'], label: 'M', help: 'hear the mouse, or leave it to the terminal', press: heard },
  {
    keys: ['g'],
    label: 'g',
    help: 'do what the alert suggests (Ctrl-G anywhere)',
    press: (view, around) => (around.suggestion === null ? { view } : suggested(view, around.suggestion, around)),
  },
  {
    keys: ['/'],
    label: '/',
    help: 'show only agents with these words in their name, state or task',
    press: (view) => ({ view: filterBegun(view) }),
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
    press: (view) => ({ view: withKeys(view) }),
  },
  { keys: ['q'], label: 'q', help: 'leave; the agents go on', press: (view) => ({ view, effect: { kind: 'quit' } }) },
];

/** A letter that is no key of the panes begins a command. */
const begun = (view: ScreenState, key: string): Pressed | undefined =>
  /^[\p{L}\p{N}@]$/u.test(key) ? typed({ ...view, mode: 'prompt' }, { kind: 'insert', text: key }) : undefined;

const readBack: KeyHandler = (view, key, around) => {
  const scroll = scrollKey(view, key, around);
  return scroll && { view: scroll };
};

const bindingOf = (key: string): Binding | undefined => PANE_KEYS.find(({ keys }) => keys.includes(key));

/** Keys that mean the same in every view. */
const EVERYWHERE = new Set(['n', 'N', 'f', 'M', 'g', '/', ':', 'i', 'tab', '?', 'q']);

/** What a key means where the panes are not shown. */
export const everywhereKey: KeyHandler = (view, key, around) =>
  (EVERYWHERE.has(key) ? bindingOf(key)?.press(view, around) : undefined) ?? begun(view, key);

export const paneKey: KeyHandler = (view, key, around) =>
  readBack(view, key, around) ?? bindingOf(key)?.press(view, around) ?? begun(view, key);
