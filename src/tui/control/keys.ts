import { answeringPressed, enterAnswers } from '../answering/answering.ts';
import { suggested } from '../answering/suggestion.ts';
import type { InputEvent } from '../input/decoder.ts';
import type { ScreenState } from '../model/screen-state.ts';
import { beginTyping, CHORD, typingPressed } from '../panes/typing.ts';
import { isForPanes, promptKey, typed } from '../prompt/prompt-keys.ts';
import { pastedText } from '../prompt/prompt-script.ts';
import { tabNumbered } from '../tabs/tab-ids.ts';
import { filterKey, filterTyped, opened, tabViewKey } from '../tabs/tab-view.ts';
import { handsOver } from './is-attach-command.ts';
import type { Effect, KeyContext, KeyHandler, Pressed } from './key.ts';
import { mousePressed } from './mouse.ts';
import { dialogKey, dialogText, inSight, pageKey } from './overlay-keys.ts';
import { everywhereKey, paneKey, withKeys } from './pane-keys.ts';

const anywhere: KeyHandler = (view, key, around) => {
  if (key === CHORD) return beginTyping(view);
  if (key === 'ctrl+z') return { view, effect: { kind: 'suspend' } };
  if (key === 'ctrl+g' && around.suggestion !== null) return suggested(view, around.suggestion, around);
  return undefined;
};

/** Ctrl-C takes back what is open, then asks, then leaves. */
const interrupted = (view: ScreenState): Pressed => {
  if (view.leaving) return { view, effect: { kind: 'quit' } };
  if (view.dialog || view.page || view.filtering)
    return { view: { ...view, dialog: null, page: null, filtering: false } };
  if (view.prompt.characters.length > 0 || view.prompt.search) return typed(view, { kind: 'set', text: '' });
  return { view: { ...view, leaving: true } };
};

const tabKey: KeyHandler = (view, key, around) => tabViewKey(view, key, around) ?? everywhereKey(view, key, around);

const pressed = (before: ScreenState, key: string, around: KeyContext): Pressed => {
  if (key === 'ctrl+c') return interrupted(before);
  const view = before.leaving ? { ...before, leaving: false } : before;
  if (view.dialog) return dialogKey(view, key, view.dialog, around.now);
  if (view.filtering && !view.page) return filterKey(view, key, around) ?? { view };
  const inPrompt = view.mode === 'prompt' && !isForPanes(view, key);
  const inMode = view.page ? pageKey : inPrompt ? promptKey : view.tab !== 'agents' ? tabKey : paneKey;
  const answers = view.tab !== 'agents' ? undefined : enterAnswers(view, key, around);
  return answers ?? inMode(view, key, around) ?? anywhere(view, key, around) ?? { view };
};

const pasted = (view: ScreenState, text: string): Pressed => {
  if (view.dialog) return { view };
  if (view.filtering && !view.page) return { view: filterTyped(view, pastedText(text).replaceAll('\n', ' ')) };
  const prompt = { ...view, page: null, mode: 'prompt', leaving: false } as const;
  return typed(prompt, { kind: 'insert', text: pastedText(text), whole: true });
};

const ALT = /^alt\+(?<character>.)$/u;

/** Inside tmux, Esc and a key soon after it arrive as one: where Alt means nothing they are taken as typed. */
const escaped = (view: ScreenState, event: InputEvent): readonly InputEvent[] => {
  const character = event.kind === 'key' ? ALT.exec(event.key)?.groups?.['character'] : undefined;
  const editing = view.mode === 'prompt' && !view.dialog && !view.page && view.prompt.characters.length > 0;
  if (character === undefined || editing) return [event];
  return [
    { kind: 'key', key: 'esc' },
    { kind: 'text', text: character },
  ];
};

type Result = { readonly view: ScreenState; readonly effects: readonly Effect[] };

const pressAll = (view: ScreenState, events: readonly InputEvent[], around: KeyContext): Result =>
  events.reduce<Result>(
    (before, event) => {
      const { view: next, effects } = pressOne(before.view, event, around);
      return { view: next, effects: [...before.effects, ...effects] };
    },
    { view, effects: [] },
  );

/** From the command that gives the terminal away on, keys are meant for the agent. */
const result = ({ view, effect }: Pressed): Result => {
  const handing = effect?.kind === 'run' && handsOver(effect.text);
  return { view: handing ? { ...view, handing } : view, effects: effect ? [effect] : [] };
};

/** What a character alone means on the empty command line, also when more comes with it. */
const emptyLineKey = (view: ScreenState, character: string): ScreenState | undefined => {
  if (view.prompt.characters.length > 0 || view.prompt.search || view.page || view.dialog) return undefined;
  if (character === '?') return withKeys(view);
  const tab = tabNumbered(character);
  return tab && opened(view, tab);
};

const pressText = (view: ScreenState, text: string, around: KeyContext): Result => {
  // The rest of a burst that began to hand the terminal over.
  if (view.handing) return { view, effects: [] };
  if (view.still) return { view: { ...view, still: false }, effects: [] };
  if (view.filtering && !view.page && !view.dialog) return { view: filterTyped(view, text), effects: [] };
  const [begins = '', ...others] = text;
  if (view.dialog && others.length > 0) return result(dialogText(view, view.dialog));
  const shown = emptyLineKey(view, begins);
  if (shown) return others.length === 0 ? { view: shown, effects: [] } : pressText(shown, others.join(''), around);
  // A key may change what the next one means, so text is typed as a whole only into the prompt.
  if (view.mode === 'prompt' && !view.dialog)
    return result(typed({ ...view, page: null, leaving: false }, { kind: 'insert', text }));
  const { view: next, effects } = result(pressed(view, begins, around));
  if (others.length === 0) return { view: next, effects };
  const more = pressText(next, others.join(''), around);
  return { view: more.view, effects: [...effects, ...more.effects] };
};

const pressOne = (view: ScreenState, event: InputEvent, around: KeyContext): Result => {
  if (event.kind === 'shown' || event.kind === 'background' || event.kind === 'other') return { view, effects: [] };
  // The answer to the last command has been read by whoever goes on.
  const now = { ...view, answer: null };
  if (event.kind === 'paste') return result(pasted(now, event.text));
  if (event.kind === 'mouse') return result(mousePressed(view, event, around));
  return event.kind === 'key' ? result(pressed(now, event.key, around)) : pressText(now, event.text, around);
};

/** Folds one event of the keyboard into the view; what it asks of the world comes back in order. */
export const press = (view: ScreenState, event: InputEvent, around: KeyContext): Result => {
  if (view.handing && !(event.kind === 'key' && event.key === 'ctrl+c')) return { view, effects: [] };
  if (view.typing) return typingPressed(view, view.typing, event, around);
  // Any key ends the stillness, and means nothing else.
  if (view.still) {
    if (event.kind === 'other' || event.kind === 'mouse') return { view, effects: [] };
    return { view: inSight({ ...view, still: false }, around.now), effects: [] };
  }
  if (view.answering && !view.dialog) return result(answeringPressed(view, event, around));
  return pressAll(view, escaped(view, event), around);
};
