import type { InputResult, KeyContext, KeyResult } from '../control/key.ts';
import type { InputEvent } from '../input/decoder.ts';
import { reportAt } from '../input/mouse-report.ts';
import { type ScreenState, type Typing, withNote, withOverlays, withPanes } from '../model/screen-state.ts';
import { containsCell } from './pane-bounds.ts';
import { scrollByKey, scrollPane } from './scrolling.ts';

/** The chord that gives the keyboard to the agent and takes it back. */
export const CHORD = 'ctrl+]';
export const CHORD_LABEL = 'Ctrl-]';

/** Gives the keyboard to the selected agent. Where all panes are shown, its pane is shown alone meanwhile. */
export const beginTyping = (screen: ScreenState): KeyResult => {
  const { focus } = screen;
  const { selected: id } = screen.panes;
  if (id === null || screen.tabs.open !== 'agents') return { screen };
  // The answer to a command may be a question, and nobody should answer that with what is meant for an agent.
  if (screen.commands.running.length > 0)
    return { screen: withNote(screen, 'the last command is still at work; then Enter types') };
  const panes = { ...screen.panes, scroll: null, typing: { id, over: null, focus } };
  return {
    screen: { ...withOverlays(screen, { page: null }), focus: 'panes', panes },
    effect: { kind: 'begin-typing', id },
  };
};

/** The screen as it was before the keyboard was given away. */
export const endTyping = (screen: ScreenState): ScreenState => {
  const { typing } = screen.panes;
  return typing ? { ...withPanes(screen, { typing: null, scroll: null }), focus: typing.focus } : screen;
};

const takeKeyboardBack = (screen: ScreenState): InputResult => ({
  screen: endTyping(screen),
  effects: [{ kind: 'end-typing' }],
});

/** Keys that say that a person has seen why nobody reads there any more. */
const SEEN = new Set([CHORD, 'enter', 'esc']);

// Keys that the screen does not know go on to the agent; answers of the terminal to the screen's questions do not.
const UNKNOWN_KEY = /^\u001B(?:\[\d[\d;:]*[~uA-QS-Z]|O.)$/u;

/** Hands an event on to the agent; whoever types wants to see what comes of it, so the pane is live again. */
const sendToAgent = (screen: ScreenState, event: InputEvent): InputResult => ({
  screen: withPanes(screen, { scroll: null }),
  effects: [{ kind: 'type', event }],
});

const handleTypingMouse = (
  screen: ScreenState,
  event: InputEvent & { kind: 'mouse' },
  { bounds, mouseWanted, scroll }: KeyContext,
): InputResult => {
  const { panes } = screen;
  const hosted = bounds.find(({ id }) => id === panes.typing?.id);
  if (!hosted || !containsCell(hosted.pane, event))
    return event.action === 'press' ? takeKeyboardBack(screen) : { screen, effects: [] };
  if (mouseWanted && !panes.scroll) return sendToAgent(screen, { kind: 'other', raw: reportAt(event, hosted.pane) });
  if (event.action === 'wheel-up' || event.action === 'wheel-down')
    return { screen: { ...screen, panes: scrollPane(panes, event.action, scroll) }, effects: [] };
  return { screen, effects: [] };
};

/** What a key of the screen's own means while an agent has the keyboard; undefined for the agent's keys. */
const handleTypingKey = (screen: ScreenState, key: string, { scroll }: KeyContext): InputResult | undefined => {
  if (key === CHORD) return takeKeyboardBack(screen);
  const panes = scrollByKey(screen.panes, key, scroll);
  return panes && { screen: { ...screen, panes }, effects: [] };
};

/** What is typed while an agent has the keyboard. */
export const handleTypingInput = (
  screen: ScreenState,
  typing: Typing,
  event: InputEvent,
  context: KeyContext,
): InputResult => {
  const unchanged: InputResult = { screen, effects: [] };
  if (event.kind === 'shown' || event.kind === 'background') return unchanged;
  if (typing.over !== null) return event.kind === 'key' && SEEN.has(event.key) ? takeKeyboardBack(screen) : unchanged;
  if (event.kind === 'mouse') return handleTypingMouse(screen, event, context);
  if (event.kind === 'other' && !UNKNOWN_KEY.test(event.raw ?? '')) return unchanged;
  const own = event.kind === 'key' ? handleTypingKey(screen, event.key, context) : undefined;
  return own ?? sendToAgent(screen, event);
};
