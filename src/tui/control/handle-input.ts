import { handleAnswerInput, openQuestionByEnter } from '../answering/answer-keys.ts';
import { runSuggestion } from '../answering/suggestion.ts';
import type { InputEvent } from '../input/decoder.ts';
import type { ScreenState } from '../model/screen-state.ts';
import { beginTyping, CHORD, handleTypingInput } from '../panes/typing.ts';
import { editPrompt, handlePromptKey, isForPanes } from '../prompt/prompt-keys.ts';
import { pastedText } from '../prompt/prompt-script.ts';
import { handleFilterKey, typeFilter } from '../tabs/tab-filter.ts';
import { tabNumbered } from '../tabs/tab-ids.ts';
import { handleTabKey, openTab } from '../tabs/tab-keys.ts';
import { handleDialogKey, handleDialogText, withUnreadDialog } from './dialog-keys.ts';
import { handleMouse } from './handle-mouse.ts';
import { isAttachCommand } from './is-attach-command.ts';
import type { Effect, KeyContext, KeyHandler, KeyResult } from './key.ts';
import { handlePageKey } from './page-keys.ts';
import { handleKeyInEveryView, handlePaneKey, openKeyList } from './pane-keys.ts';

const handleKeyAnywhere: KeyHandler = (view, key, context) => {
  if (key === CHORD) return beginTyping(view);
  if (key === 'ctrl+z') return { view, effect: { kind: 'suspend' } };
  if (key === 'ctrl+g' && context.suggestion !== null) return runSuggestion(view, context.suggestion, context);
  return undefined;
};

/** Ctrl-C takes back what is open, then asks, then leaves. */
const interrupt = (view: ScreenState): KeyResult => {
  if (view.leaving) return { view, effect: { kind: 'quit' } };
  if (view.dialog || view.page || view.filtering)
    return { view: { ...view, dialog: null, page: null, filtering: false } };
  if (view.prompt.characters.length > 0 || view.prompt.search) return editPrompt(view, { kind: 'set', text: '' });
  return { view: { ...view, leaving: true } };
};

const handleKeyInTab: KeyHandler = (view, key, context) =>
  handleTabKey(view, key, context) ?? handleKeyInEveryView(view, key, context);

const handleKey = (before: ScreenState, key: string, context: KeyContext): KeyResult => {
  if (key === 'ctrl+c') return interrupt(before);
  const view = before.leaving ? { ...before, leaving: false } : before;
  if (view.dialog) return handleDialogKey(view, key, view.dialog, context.now);
  if (view.filtering && !view.page) return handleFilterKey(view, key, context) ?? { view };
  const inPrompt = view.mode === 'prompt' && !isForPanes(view, key);
  const inMode = view.page
    ? handlePageKey
    : inPrompt
      ? handlePromptKey
      : view.tab !== 'agents'
        ? handleKeyInTab
        : handlePaneKey;
  const answers = view.tab !== 'agents' ? undefined : openQuestionByEnter(view, key, context);
  return answers ?? inMode(view, key, context) ?? handleKeyAnywhere(view, key, context) ?? { view };
};

const handlePaste = (view: ScreenState, text: string): KeyResult => {
  if (view.dialog) return { view };
  if (view.filtering && !view.page) return { view: typeFilter(view, pastedText(text).replaceAll('\n', ' ')) };
  const prompt = { ...view, page: null, mode: 'prompt', leaving: false } as const;
  return editPrompt(prompt, { kind: 'insert', text: pastedText(text), whole: true });
};

const ALT = /^alt\+(?<character>.)$/u;

/** Inside tmux, Esc and a key soon after it arrive as one: where Alt means nothing they are taken as typed. */
const splitAltKey = (view: ScreenState, event: InputEvent): readonly InputEvent[] => {
  const character = event.kind === 'key' ? ALT.exec(event.key)?.groups?.['character'] : undefined;
  const editing = view.mode === 'prompt' && !view.dialog && !view.page && view.prompt.characters.length > 0;
  if (character === undefined || editing) return [event];
  return [
    { kind: 'key', key: 'esc' },
    { kind: 'text', text: character },
  ];
};

type InputResult = { readonly view: ScreenState; readonly effects: readonly Effect[] };

const handleAll = (view: ScreenState, events: readonly InputEvent[], context: KeyContext): InputResult =>
  events.reduce<InputResult>(
    (before, event) => {
      const { view: next, effects } = handleEvent(before.view, event, context);
      return { view: next, effects: [...before.effects, ...effects] };
    },
    { view, effects: [] },
  );

/** From the command that gives the terminal away on, keys are meant for the agent. */
const inputResult = ({ view, effect }: KeyResult): InputResult => {
  const handing = effect?.kind === 'run' && isAttachCommand(effect.text);
  return { view: handing ? { ...view, handing } : view, effects: effect ? [effect] : [] };
};

/** What a character alone means on the empty command line, also when more comes with it. */
const openFromEmptyLine = (view: ScreenState, character: string): ScreenState | undefined => {
  if (view.prompt.characters.length > 0 || view.prompt.search || view.page || view.dialog) return undefined;
  if (character === '?') return openKeyList(view);
  const tab = tabNumbered(character);
  return tab && openTab(view, tab);
};

const handleText = (view: ScreenState, text: string, context: KeyContext): InputResult => {
  // The rest of a burst that began to hand the terminal over.
  if (view.handing) return { view, effects: [] };
  if (view.still) return { view: { ...view, still: false }, effects: [] };
  if (view.filtering && !view.page && !view.dialog) return { view: typeFilter(view, text), effects: [] };
  const [begins = '', ...others] = text;
  if (view.dialog && others.length > 0) return inputResult(handleDialogText(view, view.dialog));
  const shown = openFromEmptyLine(view, begins);
  if (shown) return others.length === 0 ? { view: shown, effects: [] } : handleText(shown, others.join(''), context);
  // A key may change what the next one means, so text is typed as a whole only into the prompt.
  if (view.mode === 'prompt' && !view.dialog)
    return inputResult(editPrompt({ ...view, page: null, leaving: false }, { kind: 'insert', text }));
  const { view: next, effects } = inputResult(handleKey(view, begins, context));
  if (others.length === 0) return { view: next, effects };
  const more = handleText(next, others.join(''), context);
  return { view: more.view, effects: [...effects, ...more.effects] };
};

const handleEvent = (view: ScreenState, event: InputEvent, context: KeyContext): InputResult => {
  if (event.kind === 'shown' || event.kind === 'background' || event.kind === 'other') return { view, effects: [] };
  // The answer to the last command has been read by whoever goes on.
  const now = { ...view, answer: null };
  if (event.kind === 'paste') return inputResult(handlePaste(now, event.text));
  if (event.kind === 'mouse') return inputResult(handleMouse(view, event, context));
  return event.kind === 'key' ? inputResult(handleKey(now, event.key, context)) : handleText(now, event.text, context);
};

/** Folds one event of the keyboard into the view; what it asks of the world comes back in order. */
export const handleInput = (view: ScreenState, event: InputEvent, context: KeyContext): InputResult => {
  if (view.handing && !(event.kind === 'key' && event.key === 'ctrl+c')) return { view, effects: [] };
  if (view.typing) return handleTypingInput(view, view.typing, event, context);
  // Any key ends the stillness, and means nothing else.
  if (view.still) {
    if (event.kind === 'other' || event.kind === 'mouse') return { view, effects: [] };
    return { view: withUnreadDialog({ ...view, still: false }, context.now), effects: [] };
  }
  if (view.answering && !view.dialog) return inputResult(handleAnswerInput(view, event, context));
  return handleAll(view, splitAltKey(view, event), context);
};
