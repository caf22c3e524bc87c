import type { Candidate } from '../../ports/hint.ts';
import { type PromptState, promptText } from './prompt-state.ts';

/** How much of a ghost one step takes: all of it, or its next word. */
export type Share = 'all' | 'word';

/**
 * The text that most likely follows the line: the rest of the latest command that began so, else of the first word that
 * completes the one being typed. Empty while nothing is typed, or the cursor stands within the line.
 */
export const ghostOf = (prompt: PromptState, complete: (text: string) => readonly Candidate[]): string => {
  const { characters, cursor, history, completion, search } = prompt;
  const text = promptText(prompt);
  if (text.trim() === '' || cursor < characters.length || completion || search || text.includes('\n')) return '';
  const before = history.findLast((entry) => entry.startsWith(text) && entry !== text && !entry.includes('\n'));
  if (before !== undefined) return before.slice(text.length);
  const typed = /\S*$/u.exec(text)![0];
  if (typed === '') return '';
  const [first] = complete(text);
  return first?.word.startsWith(typed) ? first.word.slice(typed.length) : '';
};

/** What a ghost is still good for behind another line, until {@link ghostOf} is asked: all that has not been typed of it. */
export const restOfGhost = (ghost: string, before: PromptState, after: PromptState): string => {
  const { characters, cursor, completion, search } = after;
  const [was, is] = [promptText(before), promptText(after)];
  if (is.trim() === '' || cursor < characters.length || completion || search) return '';
  if (!(was + ghost).startsWith(is)) return '';
  return (was + ghost).slice(is.length);
};

/** The part of a ghost that is taken. */
export const shareOf = (ghost: string, share: Share): string =>
  share === 'all' ? ghost : (/^\s*\S+/u.exec(ghost)?.[0] ?? ghost);
