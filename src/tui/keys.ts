import type { InputEvent } from './input/decoder.ts';
import { dialogKey, pageKey } from './overlay-keys.ts';
import { paneKey } from './pane-keys.ts';
import { promptKey, typed } from './prompt-keys.ts';
import type { View } from './view-state.ts';

/** What a key asks of the world around the view. */
export type Effect =
  | { readonly kind: 'run'; readonly text: string; readonly confirm?: string }
  | { readonly kind: 'attach'; readonly instance: string }
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
  /** The command that the most pressing alert suggests. */
  readonly suggestion: string | null;
  readonly complete: (text: string) => readonly string[];
};

/** A key's meaning, or undefined where it has none. */
export type KeyHandler = (view: View, key: string, around: Around) => Pressed | undefined;

const anywhere: KeyHandler = (view, key, around) => {
  if (key === 'ctrl+z') return { view, effect: { kind: 'suspend' } };
  if (key === 'ctrl+g' && around.suggestion !== null) return { view, effect: { kind: 'run', text: around.suggestion } };
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
  const inMode = view.page ? pageKey : view.mode === 'prompt' ? promptKey : paneKey;
  return inMode(view, key, around) ?? anywhere(view, key, around) ?? { view };
};

const pasted = (view: View, text: string): Pressed => {
  if (view.dialog) return { view };
  const line = text.replace(/[\s\u0000-\u001F\u007F-\u009F]+/gu, ' ');
  return typed({ ...view, page: null, mode: 'prompt', leaving: false }, { kind: 'insert', text: line });
};

/** Folds one event of the keyboard into the view; what it asks of the world comes back in order. */
export const press = (view: View, event: InputEvent, around: Around): { view: View; effects: readonly Effect[] } => {
  const effects: Effect[] = [];
  let now = view;
  const take = (result: Pressed): void => {
    now = result.view;
    if (result.effect) effects.push(result.effect);
  };
  if (event.kind === 'paste') take(pasted(now, event.text));
  if (event.kind === 'key') take(pressed(now, event.key, around));
  if (event.kind === 'text') {
    // A key may change what the next one means, so text is typed as a whole only into the prompt.
    if (now.mode === 'prompt' && !now.dialog) {
      take(typed({ ...now, page: null, leaving: false }, { kind: 'insert', text: event.text }));
    } else {
      const [first = '', ...rest] = event.text;
      take(pressed(now, first, around));
      if (rest.length > 0) {
        const next = press(now, { kind: 'text', text: rest.join('') }, around);
        now = next.view;
        effects.push(...next.effects);
      }
    }
  }
  return { view: now, effects };
};
