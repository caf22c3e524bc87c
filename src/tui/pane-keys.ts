import type { Around, KeyHandler, Pressed } from './keys.ts';
import { typed } from './prompt-keys.ts';
import { suggested } from './suggestion.ts';
import type { View } from './view-state.ts';

type Binding = {
  readonly keys: readonly string[];
  /** As it is written in the list of keys. */
  readonly label: string;
  readonly help: string;
  readonly press: (view: View, around: Around) => Pressed;
};

const select = (view: View, ids: readonly string[], index: number): Pressed => {
  const id = ids[Math.min(ids.length - 1, Math.max(0, index))];
  return { view: id === undefined ? view : { ...view, selected: id } };
};

const by =
  (step: (around: Around) => number) =>
  (view: View, around: Around): Pressed =>
    select(view, around.ids, around.ids.indexOf(view.selected ?? '') + step(around));

const nextNeeding = (view: View, { ids, needing }: Around): Pressed => {
  const at = ids.indexOf(view.selected ?? '');
  const id = [...ids.slice(at + 1), ...ids.slice(0, at + 1)].find((candidate) => needing.has(candidate));
  const answer = { tone: 'note', text: 'nobody needs you', hint: null } as const;
  return { view: id === undefined ? { ...view, answer } : { ...view, selected: id, answer: null } };
};

/** Opens the list of keys. */
export const withKeys = (view: View): View => ({ ...view, page: { title: 'Keys', lines: null, top: 0 } });

/** What the keys do while the panes have them. */
export const PANE_KEYS: readonly Binding[] = [
  { keys: ['left', 'h'], label: '← h', help: 'select the pane before', press: by(() => -1) },
  { keys: ['right', 'l'], label: '→ l', help: 'select the pane after', press: by(() => 1) },
  { keys: ['up', 'k'], label: '↑ k', help: 'select the pane above', press: by(({ columns }) => -columns) },
  { keys: ['down', 'j'], label: '↓ j', help: 'select the pane below', press: by(({ columns }) => columns) },
  { keys: ['pageup'], label: 'PgUp', help: 'page before', press: by(({ perPage }) => -perPage) },
  { keys: ['pagedown'], label: 'PgDn', help: 'page after', press: by(({ perPage }) => perPage) },
  {
    keys: ['enter'],
    label: 'Enter',
    help: 'show the selected pane alone',
    press: (view) => ({ view: { ...view, zoomed: view.selected !== null } }),
  },
  { keys: ['esc'], label: 'Esc', help: 'show all panes', press: (view) => ({ view: { ...view, zoomed: false } }) },
  {
    keys: ['a'],
    label: 'a',
    help: 'attach: the terminal is the agent’s until you detach with prefix d (inside tmux: prefix L)',
    press: (view) =>
      view.selected === null ? { view } : { view, effect: { kind: 'run', text: `attach ${view.selected}` } },
  },
  { keys: ['n'], label: 'n', help: 'next agent that needs you', press: nextNeeding },
  {
    keys: ['g'],
    label: 'g',
    help: 'do what the alert suggests (Ctrl-G anywhere)',
    press: (view, { suggestion }) => (suggestion === null ? { view } : suggested(view, suggestion)),
  },
  {
    keys: [':', '/', 'i', 'tab'],
    label: ': / i Tab',
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
const begun = (view: View, key: string): Pressed | undefined =>
  /^[\p{L}\p{N}@]$/u.test(key) ? typed({ ...view, mode: 'prompt' }, { kind: 'insert', text: key }) : undefined;

export const paneKey: KeyHandler = (view, key, around) =>
  PANE_KEYS.find(({ keys }) => keys.includes(key))?.press(view, around) ?? begun(view, key);
