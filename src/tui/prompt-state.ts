/** The line being typed, as characters that people count, with the history it can be filled from. */
export type PromptState = {
  readonly characters: readonly string[];
  /** Before which character the cursor stands. */
  readonly cursor: number;
  /** What was entered before, the latest last. */
  readonly history: readonly string[];
  /** Set while the history is looked through: what was typed before, and where in the history we are. */
  readonly recall: { readonly typed: string; readonly at: number } | null;
  /** Set while Tab goes through several completions. */
  readonly completion: { readonly words: readonly string[]; readonly at: number; readonly length: number } | null;
};

export type PromptEdit =
  | { readonly kind: 'insert'; readonly text: string }
  | { readonly kind: 'set'; readonly text: string }
  | {
      readonly kind: 'delete';
      readonly what: 'before' | 'after' | 'word-before' | 'word-after' | 'to-start' | 'to-end';
    }
  | { readonly kind: 'move'; readonly to: 'left' | 'right' | 'word-left' | 'word-right' | 'start' | 'end' }
  | { readonly kind: 'recall'; readonly direction: 'older' | 'newer' }
  /** Replaces the word before the cursor by one of these, the next of them each time. */
  | { readonly kind: 'complete'; readonly words: readonly string[]; readonly backwards?: boolean }
  | { readonly kind: 'submit' };

const KEPT_HISTORY = 500;

export const emptyPrompt: PromptState = { characters: [], cursor: 0, history: [], recall: null, completion: null };

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const charactersOf = (text: string): string[] => Array.from(segmenter.segment(text), ({ segment }) => segment);

export const promptText = ({ characters }: PromptState): string => characters.join('');

/** The text before the cursor: what is completed. */
export const textBefore = ({ characters, cursor }: PromptState): string => characters.slice(0, cursor).join('');

const isBlank = (character: string | undefined): boolean => character === undefined || /^\s$/u.test(character);

const wordLeft = ({ characters, cursor }: PromptState): number => {
  let at = cursor;
  while (at > 0 && isBlank(characters[at - 1])) at -= 1;
  while (at > 0 && !isBlank(characters[at - 1])) at -= 1;
  return at;
};

const wordRight = ({ characters, cursor }: PromptState): number => {
  let at = cursor;
  while (at < characters.length && isBlank(characters[at])) at += 1;
  while (at < characters.length && !isBlank(characters[at])) at += 1;
  return at;
};

const edited = (state: PromptState, text: { before: string; after: string }): PromptState => {
  // Joined anew, because what is typed may be the rest of the character before the cursor.
  const characters = charactersOf(text.before + text.after);
  return { ...state, characters, cursor: charactersOf(text.before).length, recall: null, completion: null };
};

const replaced = (state: PromptState, from: number, to: number, text = ''): PromptState =>
  edited(state, {
    before: state.characters.slice(0, from).join('') + text,
    after: state.characters.slice(to).join(''),
  });

const TARGETS = {
  left: ({ cursor }) => Math.max(0, cursor - 1),
  right: ({ cursor, characters }) => Math.min(characters.length, cursor + 1),
  'word-left': wordLeft,
  'word-right': wordRight,
  start: () => 0,
  end: ({ characters }) => characters.length,
} as const satisfies Record<(PromptEdit & { kind: 'move' })['to'], (state: PromptState) => number>;

const DELETED = {
  before: 'left',
  after: 'right',
  'word-before': 'word-left',
  'word-after': 'word-right',
  'to-start': 'start',
  'to-end': 'end',
} as const satisfies Record<(PromptEdit & { kind: 'delete' })['what'], keyof typeof TARGETS>;

/** Goes to the next older or newer entry that starts with what was typed; beyond the newest that itself comes back. */
const recalled = (state: PromptState, direction: 'older' | 'newer'): PromptState => {
  const { typed, at } = state.recall ?? { typed: promptText(state), at: state.history.length };
  const step = direction === 'older' ? -1 : 1;
  let next = at + step;
  while (next >= 0 && next < state.history.length && !state.history[next]!.startsWith(typed)) next += step;
  if (next < 0 || (direction === 'newer' && !state.recall)) return state;
  const text = state.history[next] ?? typed;
  const recall = next >= state.history.length ? null : { typed, at: next };
  return { ...edited(state, { before: text, after: '' }), recall };
};

const completed = (state: PromptState, offered: readonly string[], backwards: boolean): PromptState => {
  const { words, at, length } = state.completion ?? {
    words: offered,
    at: backwards ? 0 : -1,
    length: /\S*$/u.exec(textBefore(state))![0].length,
  };
  if (words.length === 0) return state;
  const next = (at + (backwards ? -1 : 1) + words.length) % words.length;
  const word = words[next]!;
  const before = textBefore(state);
  const kept = before.slice(0, before.length - length);
  const after = state.characters.slice(state.cursor).join('');
  // The only completion is a decision: the next word may follow at once.
  const only = words.length === 1;
  const tail = only && !/[\s=]$/u.test(word) && after === '' ? ' ' : '';
  const result = edited(state, { before: kept + word + tail, after });
  return { ...result, completion: only ? null : { words, at: next, length: word.length } };
};

export const reducePrompt = (state: PromptState, edit: PromptEdit): PromptState => {
  switch (edit.kind) {
    case 'insert':
      return replaced(state, state.cursor, state.cursor, edit.text);
    case 'set':
      return edited(state, { before: edit.text, after: '' });
    case 'delete': {
      const to = TARGETS[DELETED[edit.what]](state);
      return replaced(state, Math.min(to, state.cursor), Math.max(to, state.cursor));
    }
    case 'move':
      return { ...state, cursor: TARGETS[edit.to](state), completion: null };
    case 'recall':
      return recalled(state, edit.direction);
    case 'complete':
      return completed(state, edit.words, edit.backwards ?? false);
    case 'submit': {
      const text = promptText(state).trim();
      const again = text === '' || state.history.at(-1) === text;
      const history = again ? state.history : [...state.history, text].slice(-KEPT_HISTORY);
      return { ...emptyPrompt, history };
    }
  }
};
