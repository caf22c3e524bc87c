import { handleAnswerInput, openQuestionByEnter } from '../answering/answer-keys.ts';
import { takeStep } from '../answering/suggestion.ts';
import type { InputEvent } from '../input/decoder.ts';
import {
  type ScreenState,
  withCommands,
  withMessage,
  withNote,
  withOverlays,
  withTabs,
} from '../model/screen-state.ts';
import { beginTyping, CHORD, handleTypingInput } from '../panes/typing.ts';
import { editPrompt, handlePromptKey, isForPanes } from '../prompt/prompt-keys.ts';
import { pastedText } from '../prompt/prompt-script.ts';
import { isPromptUsed } from '../prompt/prompt-state.ts';
import { handleFilterKey, typeFilter } from '../tabs/tab-filter.ts';
import { visitTab } from '../tabs/open-view.ts';
import { tabNumbered } from '../tabs/tab-ids.ts';
import { handleTabKey } from '../tabs/tab-keys.ts';
import { handleTabSearchKey, typeTabSearch } from '../tabs/tab-search.ts';
import { handleDialogKey, handleDialogText, withUnreadDialog } from './dialog-keys.ts';
import { handleMouse } from './handle-mouse.ts';
import { isAttachCommand } from './is-attach-command.ts';
import type { InputResult, KeyContext, KeyHandler, KeyResult } from './key.ts';
import { handlePageKey } from './page-keys.ts';
import { beginPageSearch, handlePageSearchKey, isSearchingPage, typePageSearch } from './page-search.ts';
import { isPageDigit } from './page-suggestions.ts';
import { handleKeyInEveryView, handlePaneKey, noteUnheard, openKeyList } from './pane-keys.ts';

const handleKeyAnywhere: KeyHandler = (screen, key, context) => {
  if (key === CHORD) return beginTyping(screen);
  if (key === 'ctrl+z') return { screen, effect: { kind: 'suspend' } };
  if (key !== 'ctrl+g') return undefined;
  return context.suggestion === null
    ? { screen: withNote(screen, 'nothing is suggested now') }
    : takeStep(screen, context.suggestion, context);
};

/** How long a second Ctrl-C leaves, in milliseconds: later it was not meant to. */
const LEAVING_MS = 2000;

const isLeavingAt = ({ leavingAt }: ScreenState, now: number): boolean =>
  leavingAt !== null && now - leavingAt < LEAVING_MS;

/** The screen without the first Ctrl-C where the second one does not count any more. */
export const withoutOldCtrlC = (screen: ScreenState, now: number): ScreenState =>
  screen.leavingAt === null || isLeavingAt(screen, now) ? screen : { ...screen, leavingAt: null };

/** Ctrl-C closes what is open, else empties the command line, else asks; the second one leaves. */
const interrupt = (screen: ScreenState, now: number): KeyResult => {
  const { overlays, tabs, prompt } = screen;
  if (isLeavingAt(screen, now)) return { screen, effect: { kind: 'quit' } };
  if (overlays.dialog || overlays.page || tabs.isFiltering || tabs.searched !== null) {
    const closed = withOverlays(screen, { dialog: null, page: null });
    return { screen: withTabs(closed, { isFiltering: false, searched: null }) };
  }
  if (isPromptUsed(prompt)) return editPrompt(screen, { kind: 'set', text: '' });
  return { screen: { ...screen, leavingAt: now } };
};

const handleKeyInTab: KeyHandler = (screen, key, context) =>
  handleTabKey(screen, key, context) ?? handleKeyInEveryView(screen, key, context);

/** The handler that a key goes to first: that of the page, of the command line or of the open view. */
const handlerFor = (screen: ScreenState, key: string): KeyHandler => {
  const { overlays, focus, prompt, tabs } = screen;
  if (isSearchingPage(screen)) return handlePageSearchKey;
  if (overlays.page) return handlePageKey;
  if (focus === 'prompt' && !isForPanes(prompt, key)) return handlePromptKey;
  return tabs.open === 'agents' ? handlePaneKey : handleKeyInTab;
};

/** Whether letters are what is looked for in the open view. */
const isSearchingTab = ({ focus, tabs, overlays }: ScreenState): boolean =>
  focus === 'panes' && tabs.searched !== null && !overlays.page;

const handleKey = (before: ScreenState, key: string, context: KeyContext): KeyResult => {
  if (key === 'ctrl+c') return interrupt(before, context.now);
  const screen = before.leavingAt === null ? before : { ...before, leavingAt: null };
  const { overlays, tabs } = screen;
  if (overlays.dialog) return handleDialogKey(screen, key, overlays.dialog, context);
  if (tabs.isFiltering && !overlays.page) return { screen: { ...screen, tabs: handleFilterKey(tabs, key) } };
  if (isSearchingTab(screen)) return handleTabSearchKey(screen, key, context) ?? { screen };
  const question = tabs.open === 'agents' ? openQuestionByEnter(screen, key, context) : undefined;
  const heard = question ?? handlerFor(screen, key)(screen, key, context) ?? handleKeyAnywhere(screen, key, context);
  return heard ?? { screen: noteUnheard(screen, key, context) };
};

const handlePaste = (screen: ScreenState, text: string, context: KeyContext): KeyResult => {
  const { overlays, tabs } = screen;
  if (overlays.dialog) return { screen };
  if (tabs.isFiltering && !overlays.page)
    return { screen: { ...screen, tabs: typeFilter(tabs, pastedText(text).replaceAll('\n', ' ')) } };
  if (isSearchingTab(screen)) return { screen: typeTabSearch(screen, pastedText(text).replaceAll('\n', ' '), context) };
  if (isSearchingPage(screen))
    return { screen: typePageSearch(screen, pastedText(text).replaceAll('\n', ' '), context) };
  const prompt = { ...withOverlays(screen, { page: null }), focus: 'prompt', leavingAt: null } as const;
  return editPrompt(prompt, { kind: 'insert', text: pastedText(text), whole: true });
};

const ALT = /^alt\+(?<character>.)$/u;

/** Inside tmux, Esc and a key soon after it arrive as one: where Alt means nothing they are taken as typed. */
const splitAltKey = ({ overlays, focus, prompt }: ScreenState, event: InputEvent): readonly InputEvent[] => {
  const character = event.kind === 'key' ? ALT.exec(event.key)?.groups?.['character'] : undefined;
  const isEditing = focus === 'prompt' && !overlays.dialog && !overlays.page && prompt.characters.length > 0;
  if (character === undefined || isEditing) return [event];
  return [
    { kind: 'key', key: 'esc' },
    { kind: 'text', text: character },
  ];
};

const handleAll = (screen: ScreenState, events: readonly InputEvent[], context: KeyContext): InputResult =>
  events.reduce<InputResult>(
    (before, event) => {
      const { screen: next, effects } = handleEvent(before.screen, event, context);
      return { screen: next, effects: [...before.effects, ...effects] };
    },
    { screen, effects: [] },
  );

/** The result of one key. From the command that gives the terminal away on, keys are meant for the agent. */
const inputResult = ({ screen, effect }: KeyResult): InputResult => ({
  screen:
    effect?.kind === 'run' && isAttachCommand(effect.text) ? withCommands(screen, { isHandingOver: true }) : screen,
  effects: effect ? [effect] : [],
});

/** What a character alone means on the empty command line, also when more comes with it. */
const openFromEmptyLine = (screen: ScreenState, character: string, context: KeyContext): ScreenState | undefined => {
  const { overlays, prompt, focus } = screen;
  // What waits half written in the command line keeps nobody in the views from going to another one.
  if ((focus === 'prompt' && isPromptUsed(prompt)) || overlays.page || overlays.dialog) return undefined;
  if (character === '?') return openKeyList(screen, context);
  // Whoever does not see that the command line has the keys already presses the key that leads to it.
  if (character === ':') return { ...screen, focus: 'prompt' };
  const tab = tabNumbered(character);
  return tab && visitTab(screen, tab, context.state);
};

/** On a page a stroke begins a search, wherever the keys were before, unless it belongs to a command that is being typed. */
const searchFromPage = (screen: ScreenState, character: string): ScreenState | undefined => {
  const { page, dialog } = screen.overlays;
  const isTyping = screen.focus === 'prompt' && isPromptUsed(screen.prompt);
  return page && !dialog && !isTyping && character === '/' ? beginPageSearch(screen, page) : undefined;
};

/** Takes a text character by character: each may change what the next one means. */
const handleCharacters = (screen: ScreenState, text: string, context: KeyContext): InputResult => {
  const [first = '', ...others] = text;
  const opened = openFromEmptyLine(screen, first, context) ?? searchFromPage(screen, first);
  // Text is typed as a whole only into the prompt.
  if (!opened && screen.focus === 'prompt' && !screen.overlays.dialog && !isPageDigit(screen, first)) {
    const prompt = { ...withOverlays(screen, { page: null }), leavingAt: null };
    return inputResult(editPrompt(prompt, { kind: 'insert', text }));
  }
  const now = opened ? { screen: opened, effects: [] } : inputResult(handleKey(screen, first, context));
  if (others.length === 0) return now;
  const rest = handleText(now.screen, others.join(''), context);
  return { screen: rest.screen, effects: [...now.effects, ...rest.effects] };
};

const handleText = (screen: ScreenState, text: string, context: KeyContext): InputResult => {
  const { commands, overlays, tabs } = screen;
  // Text behind an attach command in the same burst is meant for the agent.
  if (commands.isHandingOver) return { screen, effects: [] };
  if (screen.isFrozen) return { screen: { ...screen, isFrozen: false }, effects: [] };
  if (tabs.isFiltering && !overlays.page && !overlays.dialog)
    return { screen: { ...screen, tabs: typeFilter(tabs, text) }, effects: [] };
  if (isSearchingTab(screen) && !overlays.dialog) return { screen: typeTabSearch(screen, text, context), effects: [] };
  if (isSearchingPage(screen) && !overlays.dialog)
    return { screen: typePageSearch(screen, text, context), effects: [] };
  if (overlays.dialog && [...text].length > 1) return inputResult(handleDialogText(screen, overlays.dialog));
  return handleCharacters(screen, text, context);
};

/**
 * Whether an event is an Enter by habit, behind a key that has done already what the banner proposed. Where a question is asked
 * meanwhile it opens that, as the last row says, and sends nothing.
 */
const isEnterByHabit = (screen: ScreenState, event: InputEvent, context: KeyContext): boolean =>
  screen.hasTakenStep &&
  event.kind === 'key' &&
  event.key === 'enter' &&
  !screen.overlays.dialog &&
  !screen.overlays.page &&
  openQuestionByEnter(screen, event.key, context) === undefined;

const handleEvent = (before: ScreenState, event: InputEvent, context: KeyContext): InputResult => {
  if (event.kind === 'shown' || event.kind === 'background' || event.kind === 'other')
    return { screen: before, effects: [] };
  const screen = before.hasTakenStep ? { ...before, hasTakenStep: false } : before;
  if (isEnterByHabit(before, event, context)) {
    // What became of the step is still to be read.
    const said = screen.commands.message ? screen : withNote(screen, 'that is done already, without Enter');
    return { screen: said, effects: [] };
  }
  // Whoever presses the next key has read the answer to the last command.
  const now = withMessage(screen, null);
  if (event.kind === 'paste') return inputResult(handlePaste(now, event.text, context));
  if (event.kind === 'mouse') return inputResult(handleMouse(screen, event, context));
  return event.kind === 'key' ? inputResult(handleKey(now, event.key, context)) : handleText(now, event.text, context);
};

/** The screen after an event of the keyboard or the mouse, and what that asks of the world, in order. */
export const handleInput = (screen: ScreenState, event: InputEvent, context: KeyContext): InputResult => {
  const { commands, overlays, panes } = screen;
  if (commands.isHandingOver && !(event.kind === 'key' && event.key === 'ctrl+c')) return { screen, effects: [] };
  if (panes.typing) return handleTypingInput(screen, panes.typing, event, context);
  // Any key thaws a frozen screen, and means nothing else.
  if (screen.isFrozen) {
    if (event.kind === 'other' || event.kind === 'mouse') return { screen, effects: [] };
    return { screen: { ...screen, isFrozen: false, overlays: withUnreadDialog(overlays, context.now) }, effects: [] };
  }
  if (overlays.answering && !overlays.dialog) return inputResult(handleAnswerInput(screen, event, context));
  return handleAll(screen, splitAltKey(screen, event), context);
};
