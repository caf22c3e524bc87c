import type { Candidate } from '../../ports/hint.ts';
import type { Completion, PromptState } from './prompt-state.ts';
import { afterCursor, beforeCursor, type Line, lineOf } from './prompt-text.ts';

const commonStart = (candidates: readonly Candidate[]): string =>
  candidates.reduce((common, { word }) => {
    let length = 0;
    while (length < common.length && common[length] === word[length]) length += 1;
    return common.slice(0, length);
  }, candidates[0]?.word ?? '');

const typedWord = (line: Line): string => /\S*$/u.exec(beforeCursor(line))![0];

/** The line with another word in the place of the one that stands there. */
const withWord = (line: Line, shown: string, word: string): Line => {
  const before = beforeCursor(line);
  return lineOf(before.slice(0, before.length - shown.length) + word, afterCursor(line));
};

/** The blank behind a whole word, so that the next one may follow at once. */
const gap = (line: Line, word: string): string => (/[\s=]$/u.test(word) || afterCursor(line) !== '' ? '' : ' ');

type Completed = { readonly line: Line; readonly completion: Completion | null };

/** The first step of a completion: the only word is taken, of several what they have in common, else the first. */
const startCompletion = (line: Line, candidates: readonly Candidate[], backwards: boolean): Completed | undefined => {
  const typed = typedWord(line);
  const [first] = candidates;
  if (!first) return undefined;
  if (candidates.length === 1)
    return { line: withWord(line, typed, first.word + gap(line, first.word)), completion: null };
  const common = commonStart(candidates);
  if (common.length > typed.length)
    return { line: withWord(line, typed, common), completion: { candidates, at: -1, typed, shown: common } };
  const at = backwards ? candidates.length - 1 : 0;
  const { word } = candidates[at]!;
  return { line: withWord(line, typed, word), completion: { candidates, at, typed, shown: word } };
};

/** The next step of completing the word before the cursor; undefined where nothing can stand there. */
export const completeWord = (
  line: Line,
  open: Completion | null,
  offered: readonly Candidate[],
  backwards: boolean,
): Completed | undefined => {
  if (!open) return startCompletion(line, offered, backwards);
  const { candidates, shown } = open;
  const from = open.at < 0 && backwards ? candidates.length : open.at;
  const at = (from + (backwards ? -1 : 1) + candidates.length) % candidates.length;
  const { word } = candidates[at]!;
  return { line: withWord(line, shown, word), completion: { ...open, at, shown: word } };
};

/** Closes the menu: `keep` takes the chosen word, otherwise what was typed comes back. */
export const closeMenu = (state: PromptState, { typed, shown }: Completion, keep: boolean): PromptState => {
  const line = keep ? withWord(state, shown, shown + gap(state, shown)) : withWord(state, shown, typed);
  return { ...state, ...line, completion: null };
};
