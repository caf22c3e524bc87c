import { type PromptEdit, reducePrompt } from '../../../src/tui/prompt/prompt-reducer.ts';
import { emptyPrompt, type PromptState } from '../../../src/tui/prompt/prompt-state.ts';

/** The command line after these edits. */
export const afterEdits = (edits: readonly PromptEdit[], from: PromptState = emptyPrompt): PromptState =>
  edits.reduce(reducePrompt, from);

export const insert = (text: string): PromptEdit => ({ kind: 'insert', text });

export const paste = (text: string): PromptEdit => ({ kind: 'insert', text, whole: true });

/** The text of a command line, with its cursor. */
export const shown = (state: PromptState): string =>
  `${state.characters.slice(0, state.cursor).join('')}|${state.characters.slice(state.cursor).join('')}`;

export const remove = (what: (PromptEdit & { kind: 'delete' })['what']): PromptEdit => ({ kind: 'delete', what });

export const move = (to: (PromptEdit & { kind: 'move' })['to']): PromptEdit => ({ kind: 'move', to });

export const submit: PromptEdit = { kind: 'submit' };

export const undo: PromptEdit = { kind: 'undo' };

export const yank: PromptEdit = { kind: 'yank' };

export const older: PromptEdit = { kind: 'recall', direction: 'older' };

export const newer: PromptEdit = { kind: 'recall', direction: 'newer' };

export const search = (direction: 'older' | 'newer' = 'older'): PromptEdit => ({ kind: 'search', direction });

const candidates = (...words: readonly string[]) => words.map((word) => ({ word, help: '' }));

export const complete = (words: readonly string[], backwards = false): PromptEdit => ({
  kind: 'complete',
  candidates: candidates(...words),
  backwards,
});
