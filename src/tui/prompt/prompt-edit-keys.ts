import { type PromptEdit, reducePrompt } from './prompt-reducer.ts';
import type { PromptState } from './prompt-state.ts';

/** The keys that edit a line, as in most shells. */
export const EDIT_KEYS: Readonly<Record<string, PromptEdit>> = {
  backspace: { kind: 'delete', what: 'before' },
  'shift+backspace': { kind: 'delete', what: 'before' },
  delete: { kind: 'delete', what: 'after' },
  'ctrl+d': { kind: 'delete', what: 'after' },
  'ctrl+w': { kind: 'delete', what: 'word-before' },
  'alt+backspace': { kind: 'delete', what: 'word-before' },
  'alt+d': { kind: 'delete', what: 'word-after' },
  'ctrl+u': { kind: 'delete', what: 'to-start' },
  'ctrl+k': { kind: 'delete', what: 'to-end' },
  'ctrl+y': { kind: 'yank' },
  'ctrl+_': { kind: 'undo' },
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
};

/** The line after a key that edits it; undefined when the key does not. */
export const editByKey = (line: PromptState, key: string): PromptState | undefined => {
  const edit = EDIT_KEYS[key];
  return edit && reducePrompt(line, edit);
};
