import type { KeyHandler, Pressed } from './keys.ts';
import { type PromptEdit, promptText, reducePrompt, textBefore } from './prompt-state.ts';
import type { View } from './view-state.ts';

/** An edit of the prompt; the answer to the command before it has been read by then. */
export const typed = (view: View, edit: PromptEdit): Pressed => ({
  view: { ...view, answer: null, prompt: reducePrompt(view.prompt, edit) },
});

const EDITS: Readonly<Record<string, PromptEdit>> = {
  backspace: { kind: 'delete', what: 'before' },
  delete: { kind: 'delete', what: 'after' },
  'ctrl+d': { kind: 'delete', what: 'after' },
  'ctrl+w': { kind: 'delete', what: 'word-before' },
  'alt+backspace': { kind: 'delete', what: 'word-before' },
  'alt+d': { kind: 'delete', what: 'word-after' },
  'ctrl+u': { kind: 'delete', what: 'to-start' },
  'ctrl+k': { kind: 'delete', what: 'to-end' },
  left: { kind: 'move', to: 'left' },
  'ctrl+b': { kind: 'move', to: 'left' },
  right: { kind: 'move', to: 'right' },
  'ctrl+f': { kind: 'move', to: 'right' },
  'ctrl+left': { kind: 'move', to: 'word-left' },
  'alt+left': { kind: 'move', to: 'word-left' },
  'alt+b': { kind: 'move', to: 'word-left' },
  'ctrl+right': { kind: 'move', to: 'word-right' },
  'alt+right': { kind: 'move', to: 'word-right' },
  'alt+f': { kind: 'move', to: 'word-right' },
  home: { kind: 'move', to: 'start' },
  'ctrl+a': { kind: 'move', to: 'start' },
  end: { kind: 'move', to: 'end' },
  'ctrl+e': { kind: 'move', to: 'end' },
  up: { kind: 'recall', direction: 'older' },
  'ctrl+p': { kind: 'recall', direction: 'older' },
  down: { kind: 'recall', direction: 'newer' },
  'ctrl+n': { kind: 'recall', direction: 'newer' },
};

/** Enter on an empty line looks at the selected pane. */
const submitted = (view: View): Pressed => {
  const text = promptText(view.prompt).trim();
  if (text === '') return { view: view.selected === null ? view : { ...view, mode: 'panes', zoomed: true } };
  return {
    view: { ...view, answer: null, prompt: reducePrompt(view.prompt, { kind: 'submit' }) },
    effect: { kind: 'run', text },
  };
};

export const promptKey: KeyHandler = (view, key, around) => {
  if (key === 'enter') return submitted(view);
  if (key === 'esc') return { view: { ...view, mode: 'panes' } };
  if (key === 'tab' || key === 'shift+tab') {
    const words = view.prompt.completion?.words ?? around.complete(textBefore(view.prompt));
    return typed(view, { kind: 'complete', words, backwards: key === 'shift+tab' });
  }
  const edit = EDITS[key];
  return edit && typed(view, edit);
};
