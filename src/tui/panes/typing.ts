import type { Effect, KeyContext } from '../control/key.ts';
import type { InputEvent } from '../input/decoder.ts';
import { reportAt } from '../input/mouse-report.ts';
import type { ScreenState, Typing } from '../model/screen-state.ts';
import { containsCell } from './pane-bounds.ts';
import { scrollByKey, scrollPane } from './scrolling.ts';

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
    effect: { kind: 'begin-typing', id },
  };
};

/** The view as it was before the keyboard was given away. */
export const endTyping = (view: ScreenState): ScreenState => {
  if (!view.typing) return view;
  return { ...view, typing: null, scroll: null, mode: view.typing.mode };
};

const takeKeyboardBack = (view: ScreenState): Result => ({ view: endTyping(view), effects: [{ kind: 'end-typing' }] });

/** Keys that say that a person has seen why nobody reads there any more. */
const SEEN = new Set([CHORD, 'enter', 'esc']);

// Keys that we do not know go on, what the terminal answers to questions of ours does not.
const UNKNOWN_KEY = /^\u001B(?:\[\d[\d;:]*[~uA-QS-Z]|O.)$/u;

const sendToAgent = (view: ScreenState, bytes: string): Result => ({
  view: { ...view, scroll: null },
  effects: [{ kind: 'type', event: { kind: 'other', raw: bytes } }],
});

const handleTypingMouse = (view: ScreenState, event: InputEvent & { kind: 'mouse' }, context: KeyContext): Result => {
  const place = context.bounds.find(({ id }) => id === view.typing?.id);
  const within = place && containsCell(place.pane, event);
  if (!within) return event.action === 'press' ? takeKeyboardBack(view) : { view, effects: [] };
  if (context.mouseWanted && !view.scroll) return sendToAgent(view, reportAt(event, place.pane));
  if (event.action === 'wheel-up' || event.action === 'wheel-down')
    return { view: scrollPane(view, event.action === 'wheel-up' ? 'wheel-up' : 'wheel-down', context), effects: [] };
  return { view, effects: [] };
};

/** Folds what is typed while an agent has the keyboard. */
export const handleTypingInput = (
  view: ScreenState,
  typing: Typing,
  event: InputEvent,
  context: KeyContext,
): Result => {
  if (event.kind === 'shown' || event.kind === 'background') return { view, effects: [] };
  if (typing.over !== null)
    return event.kind === 'key' && SEEN.has(event.key) ? takeKeyboardBack(view) : { view, effects: [] };
  if (event.kind === 'key') {
    if (event.key === CHORD) return takeKeyboardBack(view);
    const scroll = scrollByKey(view, event.key, context);
    if (scroll) return { view: scroll, effects: [] };
  }
  if (event.kind === 'mouse') return handleTypingMouse(view, event, context);
  if (event.kind === 'other' && !UNKNOWN_KEY.test(event.raw ?? '')) return { view, effects: [] };
  // Whoever types wants to see what comes of it.
  return { view: { ...view, scroll: null }, effects: [{ kind: 'type', event }] };
};
