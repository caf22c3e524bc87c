import type { Candidate } from '../../ports/hint.ts';
import type { Line } from './prompt-text.ts';

/** What the last edit was: edits of a kind that follow each other belong together. */
export type EditKind = 'insert' | 'erase' | 'kill' | null;

/** The line being typed, as characters that people count, with the history it can be filled from. */
export type PromptState = Line & {
  /** What was entered before, the latest last. */
  readonly history: readonly string[];
  /** Set while the history is looked through: what was typed before, and where in the history we are. */
  readonly recall: { readonly typed: string; readonly at: number } | null;
  /** Set while a menu of completions is open. */
  readonly completion: Completion | null;
  /** Set while the history is searched. */
  readonly search: Search | null;
  /** What was deleted last in larger pieces than characters. */
  readonly killed: string;
  /** The line before each of the last edits, the latest last. */
  readonly past: readonly Line[];
  readonly last: EditKind;
  /** A key of a view has begun the command that is typed, or was sent last: behind it the keys go back there. */
  readonly isLent: boolean;
};

export const emptyPrompt: PromptState = {
  characters: [],
  cursor: 0,
  history: [],
  recall: null,
  completion: null,
  search: null,
  killed: '',
  past: [],
  last: null,
  isLent: false,
};

export const promptText = ({ characters }: Line): string => characters.join('');

/** Whether something is being typed or searched, so that a key may belong to it. */
export const isPromptUsed = ({ characters, search }: Pick<PromptState, 'characters' | 'search'>): boolean =>
  characters.length > 0 || search !== null;

/** An open menu of completions. */
export type Completion = {
  readonly candidates: readonly Candidate[];
  /** Which of them stands in the line; -1 while it is only what they begin with. */
  readonly at: number;
  /** What was typed of the word. */
  readonly typed: string;
  /** What stands in the line for it now. */
  readonly shown: string;
};

/** A search through the history, from the latest entry back. */
export type Search = {
  readonly query: string;
  /** Which entry stands in the line; null before anything was found. */
  readonly at: number | null;
  /** Whether no further entry has the query. */
  readonly missing: boolean;
  /** The line before the search. */
  readonly before: Line;
};
