import type { Effect, KeyContext } from '../control/key.ts';
import type { InputEvent } from '../input/decoder.ts';
import { reportAt } from '../input/mouse-report.ts';
import type { ScreenState, Typing } from '../model/screen-state.ts';
import { inside } from './places.ts';
import { scrolled, scrollKey } from './scrolling.ts';

/** The chord that gives the keyboard to the agent and takes it back. */
export const CHORD = 'ctrl+]';
export const CHORD_LABEL = 'Ctrl-]';

const WAIT = { tone: 'note', text: 'the last command is still at work; then Enter types', hint: null } as const;

type Result = { readonly view: ScreenState; readonly effects: readonly Effect[] };

/** Gives the keyboard to the selected agent. Where all panes are shown, its pane is shown alone meanwhile. */
export const beginTyping = (view: ScreenState): { readonly view: ScreenState; readonly effect?: Effect } => {
  const { selected: id, mode } = view;
  if (id === null || view.tab !== 'agents') return { view };
  // Its answer may be a question, and nobody should answer that with what is meant for an agent.
  if (view.running > 0) return { view: { ...view, answer: WAIT } };
  return {
    view: { ...view, mode: 'panes', page: null, scroll: null, typing: { id, over: null, mode } },
    effect: { kind: 'visit', id },
  };
};

/** The view as it was before the keyboard was given away. */
export const typingEnded = (view: ScreenState): ScreenState => {
  if (!view.typing) return view;
  return { ...view, typing: null, scroll: null, mode: view.typing.mode };
};

const back = (view: ScreenState): Result => ({ view: typingEnded(view), effects: [{ kind: 'leave' }] });

/** Keys that say that a person has seen why nobody reads there any more. */
const SEEN = new Set([CHORD, 'enter', 'esc']);

// Keys that we do not know go on, what the terminal answers to questions of ours does not.
const UNKNOWN_KEY = /^\u001B(?:\[\d[\d;:]*[~uA-QS-Z]|O.)$/u;

const sent = (view: ScreenState, bytes: string): Result => ({
  view: { ...view, scroll: null },
  effects: [{ kind: 'type', event: { kind: 'other', raw: bytes } }],
});

const byMouse = (view: ScreenState, event: InputEvent & { kind: 'mouse' }, around: KeyContext): Result => {
  const place = around.places.find(({ id }) => id === view.typing?.id);
  const within = place && inside(place.pane, event);
  if (!within) return event.action === 'press' ? back(view) : { view, effects: [] };
  if (around.mouseWanted && !view.scroll) return sent(view, reportAt(event, place.pane));
  if (event.action === 'wheel-up' || event.action === 'wheel-down')
    return { view: scrolled(view, event.action === 'wheel-up' ? 'wheel-up' : 'wheel-down', around), effects: [] };
  return { view, effects: [] };
};

/** Folds what is typed while an agent has the keyboard. */
export const typingPressed = (view: ScreenState, typing: Typing, event: InputEvent, around: KeyContext): Result => {
  if (event.kind === 'shown' || event.kind === 'background') return { view, effects: [] };
  if (typing.over !== null) return event.kind === 'key' && SEEN.has(event.key) ? back(view) : { view, effects: [] };
  if (event.kind === 'key') {
    if (event.key === CHORD) return back(view);
    const scroll = scrollKey(view, event.key, around);
    if (scroll) return { view: scroll, effects: [] };
  }
  if (event.kind === 'mouse') return byMouse(view, event, around);
  if (event.kind === 'other' && !UNKNOWN_KEY.test(event.raw ?? '')) return { view, effects: [] };
  // Whoever types wants to see what comes of it.
  return { view: { ...view, scroll: null }, effects: [{ kind: 'type', event }] };
};
