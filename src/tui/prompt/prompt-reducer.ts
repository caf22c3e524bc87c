import type { Candidate } from '../../ports/hint.ts';
import { closeMenu, completeWord } from './prompt-completion.ts';
import { searchFor, searchHistory, shorterQuery } from './prompt-search.ts';
import { type EditKind, emptyPrompt, type PromptState, promptText } from './prompt-state.ts';
import {
  afterCursor,
  beforeCursor,
  CURSOR_TARGETS,
  type CursorTarget,
  type Line,
  lineOf,
  moveCursor,
  undoSteps,
} from './prompt-text.ts';

export type PromptEdit =
  /** What was typed. With `whole` it came at once and is taken back at once. */
  | { readonly kind: 'insert'; readonly text: string; readonly whole?: boolean }
  | { readonly kind: 'set'; readonly text: string }
  | {
      readonly kind: 'delete';
      readonly what: 'before' | 'after' | 'word-before' | 'word-after' | 'to-start' | 'to-end';
    }
  | { readonly kind: 'move'; readonly to: CursorTarget }
  | { readonly kind: 'recall'; readonly direction: 'older' | 'newer' }
  /** Replaces the word before the cursor by one of these, the next of them each time. */
  | { readonly kind: 'complete'; readonly candidates: readonly Candidate[]; readonly backwards?: boolean }
  /** Closes the menu: with the word that is chosen in it, or with what was typed. */
  | { readonly kind: 'close-menu'; readonly keep: boolean }
  /** Searches the history; once it does, for the next match in this direction. */
  | { readonly kind: 'search'; readonly direction: 'older' | 'newer' }
  | { readonly kind: 'close-search'; readonly keep: boolean }
  | { readonly kind: 'yank' }
  | { readonly kind: 'undo' }
  | { readonly kind: 'submit' };

const KEPT_HISTORY = 500;
const KEPT_PAST = 100;

/** The state with another line; `joins` says that undoing takes back what was before this edit as well. */
const replaceLine = (state: PromptState, line: Line, last: EditKind = null, joins = false): PromptState => ({
  ...state,
  ...line,
  recall: null,
  completion: null,
  search: null,
  last,
  past: joins ? state.past : [...state.past, { characters: state.characters, cursor: state.cursor }].slice(-KEPT_PAST),
});

/** Types a text word by word, so that however it comes in pieces, each word is one step to take back. */
const typeText = (state: PromptState, text: string): PromptState =>
  undoSteps(text).reduce((now, part) => {
    const before = beforeCursor(now);
    const begins = /\s$/u.test(before) && /^\S/u.test(part);
    return replaceLine(now, lineOf(before + part, afterCursor(now)), 'insert', now.last === 'insert' && !begins);
  }, state);

const insertText = (state: PromptState, text: string, whole: boolean): PromptState => {
  if (text === '') return state;
  if (state.search && !whole) return [...text].reduce((now, one) => searchFor(now, now.search!.query + one), state);
  return whole ? replaceLine(state, lineOf(beforeCursor(state) + text, afterCursor(state))) : typeText(state, text);
};

const DELETED = {
  before: 'left',
  after: 'right',
  'word-before': 'word-left',
  'word-after': 'word-right',
  'to-start': 'start',
  'to-end': 'end',
} as const satisfies Record<(PromptEdit & { kind: 'delete' })['what'], CursorTarget>;

/** Deletes; what is more than a character can be put back, together with what was deleted right before. */
const deleteText = (state: PromptState, what: keyof typeof DELETED): PromptState => {
  const to = CURSOR_TARGETS[DELETED[what]](state);
  const [from, end] = [Math.min(to, state.cursor), Math.max(to, state.cursor)];
  if (from === end) return { ...state, completion: null };
  const gone = state.characters.slice(from, end).join('');
  const line = lineOf(state.characters.slice(0, from).join(''), state.characters.slice(end).join(''));
  if (what === 'before' || what === 'after') return replaceLine(state, line, 'erase', state.last === 'erase');
  const kept = state.last === 'kill' ? state.killed : '';
  return { ...replaceLine(state, line, 'kill'), killed: to < state.cursor ? gone + kept : kept + gone };
};

/** Goes to the next older or newer entry that starts with what was typed; beyond the newest that itself comes back. */
const recallEntry = (state: PromptState, direction: 'older' | 'newer'): PromptState => {
  const { typed: start, at } = state.recall ?? { typed: promptText(state), at: state.history.length };
  const step = direction === 'older' ? -1 : 1;
  let next = at + step;
  while (next >= 0 && next < state.history.length && !state.history[next]!.startsWith(start)) next += step;
  if (next < 0 || (direction === 'newer' && !state.recall)) return state;
  const recall = next >= state.history.length ? null : { typed: start, at: next };
  return { ...replaceLine(state, lineOf(state.history[next] ?? start, ''), null, state.recall !== null), recall };
};

const undo = (state: PromptState): PromptState => {
  const line = state.past.at(-1);
  if (!line) return { ...state, completion: null };
  return { ...state, ...line, past: state.past.slice(0, -1), recall: null, completion: null, search: null, last: null };
};

const submitLine = (state: PromptState): PromptState => {
  const text = promptText(state).trim();
  const again = text === '' || state.history.at(-1) === text;
  const history = again ? state.history : [...state.history, text].slice(-KEPT_HISTORY);
  return { ...emptyPrompt, history, killed: state.killed };
};

const edited = (state: PromptState, edit: PromptEdit): PromptState => {
  switch (edit.kind) {
    case 'insert':
      return insertText(state, edit.text, edit.whole ?? false);
    case 'set':
      return promptText(state) === edit.text
        ? { ...state, recall: null, completion: null, search: null }
        : replaceLine(state, lineOf(edit.text, ''));
    case 'delete':
      return state.search ? searchFor(state, shorterQuery(state.search)) : deleteText(state, edit.what);
    case 'move':
      return {
        ...state,
        ...moveCursor(state, CURSOR_TARGETS[edit.to](state)),
        completion: null,
        search: null,
        last: null,
      };
    case 'recall':
      return recallEntry(state, edit.direction);
    case 'complete': {
      const next = completeWord(state, state.completion, edit.candidates, edit.backwards ?? false);
      if (!next) return state;
      return { ...replaceLine(state, next.line, null, state.completion !== null), completion: next.completion };
    }
    case 'close-menu':
      return state.completion ? closeMenu(state, state.completion, edit.keep) : state;
    case 'search':
      return searchHistory(state, edit.direction);
    case 'close-search':
      return { ...state, ...(edit.keep ? {} : state.search?.before), search: null, last: null };
    case 'yank':
      return insertText(state, state.killed, true);
    case 'undo':
      return undo(state);
    case 'submit':
      return submitLine(state);
  }
};

/**
 * The line behind an edit. A command that a view has begun is given up where nothing of it is left; what is sent of it may come
 * back until the next one is typed.
 */
export const reducePrompt = (state: PromptState, edit: PromptEdit): PromptState => {
  const next = edited(state, edit);
  if (edit.kind === 'submit') return state.isLent ? { ...next, isLent: true } : next;
  const isEmpty = state.characters.length === 0 || next.characters.length === 0;
  return next.isLent && isEmpty ? { ...next, isLent: false } : next;
};
