import type { KeyHandler, Pressed } from './keys.ts';
import { type PromptEdit, promptText, reducePrompt, textBefore } from './prompt-state.ts';
import type { View } from './view-state.ts';

export const typed = (view: View, edit: PromptEdit): Pressed => ({
  view: { ...view, prompt: reducePrompt(view.prompt, edit) },
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

/** What the list of keys says of the command line. */
export const PROMPT_HELP: readonly { readonly label: string; readonly help: string }[] = [
  { label: 'Enter', help: 'run the command; on an empty line: show the selected pane alone' },
  { label: 'Tab', help: 'complete the word, again for the next one' },
  { label: '↑ ↓', help: 'earlier commands that begin with what is typed' },
  { label: '← →', help: 'move the cursor; on an empty line: select a pane' },
  { label: 'Ctrl-U', help: 'delete the line to its start (Ctrl-W: the word)' },
  { label: 'Ctrl-C', help: 'take back what is typed or open; twice: leave' },
  { label: 'Esc', help: 'give the keys to the panes' },
];

const PAGING = new Set(['pageup', 'pagedown']);
const SELECTING = new Set(['left', 'right']);

/** Keys that mean nothing in the line, or nothing while it is empty, go on to the panes. */
export const isForPanes = ({ prompt }: View, key: string): boolean =>
  PAGING.has(key) || (SELECTING.has(key) && prompt.characters.length === 0);

/** Enter on an empty line looks at the selected pane. */
const submitted = (view: View): Pressed => {
  const text = promptText(view.prompt).trim();
  if (text === '') return { view: view.selected === null ? view : { ...view, mode: 'panes', zoomed: true } };
  return {
    view: { ...view, prompt: reducePrompt(view.prompt, { kind: 'submit' }) },
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
