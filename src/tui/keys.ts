import type { InputEvent } from './input/decoder.ts';
import { dialogKey, pageKey } from './overlay-keys.ts';
import type { PageRoom } from './page.ts';
import { paneKey, withKeys } from './pane-keys.ts';
import { isForPanes, promptKey, typed } from './prompt-keys.ts';
import { suggested } from './suggestion.ts';
import type { View } from './view-state.ts';

/** What a key asks of the world around the view. */
export type Effect =
  | { readonly kind: 'run'; readonly text: string; readonly confirm?: string }
  | { readonly kind: 'suspend' }
  | { readonly kind: 'quit' };

export type Pressed = { readonly view: View; readonly effect?: Effect };

/** What a key's meaning depends on beside the view. */
export type Around = {
  /** Instances in the order of their panes. */
  readonly ids: readonly string[];
  readonly columns: number;
  readonly perPage: number;
  readonly needing: ReadonlySet<string>;
  readonly page: PageRoom;
  /** The command that the most pressing alert suggests. */
  readonly suggestion: string | null;
  readonly complete: (text: string) => readonly string[];
};

/** A key's meaning, or undefined where it has none. */
export type KeyHandler = (view: View, key: string, around: Around) => Pressed | undefined;

const anywhere: KeyHandler = (view, key, around) => {
  if (key === 'ctrl+z') return { view, effect: { kind: 'suspend' } };
  if (key === 'ctrl+g' && around.suggestion !== null) return suggested(view, around.suggestion);
  return undefined;
};

/** Ctrl-C takes back what is open, then asks, then leaves. */
const interrupted = (view: View): Pressed => {
  if (view.leaving) return { view, effect: { kind: 'quit' } };
  if (view.dialog || view.page) return { view: { ...view, dialog: null, page: null } };
  if (view.prompt.characters.length > 0) return typed(view, { kind: 'set', text: '' });
  return { view: { ...view, leaving: true } };
};

const pressed = (before: View, key: string, around: Around): Pressed => {
  if (key === 'ctrl+c') return interrupted(before);
  const view = before.leaving ? { ...before, leaving: false } : before;
  if (view.dialog) return dialogKey(view, key, view.dialog);
  const inPrompt = view.mode === 'prompt' && !isForPanes(view, key);
  const inMode = view.page ? pageKey : inPrompt ? promptKey : paneKey;
  return inMode(view, key, around) ?? anywhere(view, key, around) ?? { view };
};

const pasted = (view: View, text: string): Pressed => {
  if (view.dialog) return { view };
  const line = text.replace(/[\s\u0000-\u001F\u007F-\u009F]+/gu, ' ');
  return typed({ ...view, page: null, mode: 'prompt', leaving: false }, { kind: 'insert', text: line });
};

const ALT = /^alt\+(?<character>.)$/u;

/** Inside tmux, Esc and a key soon after it arrive as one: where Alt means nothing they are taken as typed. */
const escaped = (view: View, event: InputEvent): readonly InputEvent[] => {
  const character = event.kind === 'key' ? ALT.exec(event.key)?.groups?.['character'] : undefined;
  const editing = view.mode === 'prompt' && !view.dialog && !view.page && view.prompt.characters.length > 0;
  if (character === undefined || editing) return [event];
  return [
    { kind: 'key', key: 'esc' },
    { kind: 'text', text: character },
  ];
};

type Result = { readonly view: View; readonly effects: readonly Effect[] };

const pressAll = (view: View, events: readonly InputEvent[], around: Around): Result =>
  events.reduce<Result>(
    (before, event) => {
      const { view: next, effects } = pressOne(before.view, event, around);
      return { view: next, effects: [...before.effects, ...effects] };
    },
    { view, effects: [] },
  );

const result = ({ view, effect }: Pressed): Result => ({ view, effects: effect ? [effect] : [] });

const pressText = (view: View, text: string, around: Around): Result => {
  const empty = view.prompt.characters.length === 0;
  if (text === '?' && empty && !view.page && !view.dialog) return { view: withKeys(view), effects: [] };
  // A key may change what the next one means, so text is typed as a whole only into the prompt.
  if (view.mode === 'prompt' && !view.dialog)
    return result(typed({ ...view, page: null, leaving: false }, { kind: 'insert', text }));
  const [first = '', ...rest] = text;
  const { view: next, effects } = result(pressed(view, first, around));
  if (rest.length === 0) return { view: next, effects };
  const more = pressText(next, rest.join(''), around);
  return { view: more.view, effects: [...effects, ...more.effects] };
};

const pressOne = (view: View, event: InputEvent, around: Around): Result => {
  if (event.kind === 'shown') return { view, effects: [] };
  // The answer to the last command has been read by whoever goes on.
  const now = { ...view, answer: null };
  if (event.kind === 'paste') return result(pasted(now, event.text));
  return event.kind === 'key' ? result(pressed(now, event.key, around)) : pressText(now, event.text, around);
};

/** Folds one event of the keyboard into the view; what it asks of the world comes back in order. */
export const press = (view: View, event: InputEvent, around: Around): Result =>
  pressAll(view, escaped(view, event), around);
