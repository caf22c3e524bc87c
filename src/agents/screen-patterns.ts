import { messageOf } from '../lib/errors.ts';
import { oneLine, shorten } from '../lib/text.ts';
import type { Signal } from './adapter.ts';
import { badPattern } from './errors.ts';

/** Patterns by what they say of a screen; one that is left out never matches. */
type ScreenPatterns = {
  readonly question?: RegExp | undefined;
  readonly working?: RegExp | undefined;
  readonly idle?: RegExp | undefined;
  readonly ready?: RegExp | undefined;
};

const QUESTION = 200;

/** A pattern of the configuration; `key` is where it stands, for the error. */
export const compiledPattern = (key: string, source: string): RegExp => {
  try {
    return new RegExp(source, 'mu');
  } catch (error) {
    throw badPattern({ key, reason: messageOf(error) }, error);
  }
};

/** The whole line in which the match begins, or the part that the group `question` names. */
const questionAt = (screen: string, match: RegExpExecArray): string => {
  const named = match.groups?.['question'];
  const from = screen.lastIndexOf('\n', match.index - 1) + 1;
  const to = screen.indexOf('\n', match.index + Math.max(1, match[0].length) - 1);
  return shorten(oneLine(named ?? screen.slice(from, to < 0 ? undefined : to)), QUESTION);
};

/** Reads a screen by patterns. The one that needs a person most is asked first, so a quoted prompt hides no question. */
export const screenReader =
  (patterns: ScreenPatterns) =>
  (screen: string): Signal | undefined => {
    const question = patterns.question?.exec(screen);
    if (question) return { kind: 'waiting', question: questionAt(screen, question) };
    if (patterns.working?.test(screen)) return { kind: 'working' };
    if (patterns.idle?.test(screen)) return { kind: 'finished' };
    return patterns.ready?.test(screen) ? { kind: 'ready' } : undefined;
  };
