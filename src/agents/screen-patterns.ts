import { oneLine, shorten } from '../lib/text.ts';
import type { Signal } from './adapter.ts';

/** Patterns by what they say of a screen; one that is left out never matches. */
type ScreenPatterns = {
  readonly question?: RegExp | undefined;
  readonly working?: RegExp | undefined;
  readonly idle?: RegExp | undefined;
  readonly ready?: RegExp | undefined;
};

const QUESTION = 200;

/** The whole line in which the match begins, or the part that the group `question` names. */
const questionAt = (screen: string, match: RegExpExecArray): string => {
  const named = match.groups?.['question'];
  const from = screen.lastIndexOf('\n', match.index - 1) + 1;
  const to = screen.indexOf('\n', match.index + Math.max(1, match[0].length) - 1);
  return shorten(oneLine(named ?? screen.slice(from, to < 0 ? undefined : to)), QUESTION);
};

/** A line of an empty input box: its frame, and a prompt sign with nothing behind it. */
const EMPTY_BOX = /^[\s│┃┆║|]*(?:[─━═╌╭╮╰╯┌┐└┘╔╗╚╝_-]*|[>❯›])[\s│┃┆║|]*$/u;

/** What may stand between the words of a question and the cursor: signs and what is proposed in brackets, and no answer. */
const BEFORE_ANSWER = /^(?:[\s│┃|:?>❯›»)\]}.…]|\([^()]*\)|\[[^[\]]*\])*$/u;

/**
 * The last match of a pattern, where it is the last thing on the screen: behind it come blanks alone, lines of an empty box
 * and lines with which the agent takes prompts. What stands there with its answer, or above other lines, is over.
 */
const lastThing = (screen: string, pattern: RegExp, ready: RegExp | undefined): RegExpExecArray | undefined => {
  const match = [...screen.matchAll(new RegExp(pattern.source, `g${pattern.flags}`))].at(-1);
  if (!match || match[0].trim() === '') return undefined;
  const [behind = '', ...below] = screen.slice(match.index + match[0].length).split('\n');
  const isOpen = (line: string): boolean => EMPTY_BOX.test(line) || ready?.test(line) === true;
  return BEFORE_ANSWER.test(behind) && below.every(isOpen) ? match : undefined;
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

/**
 * Reads the screen of an agent that nothing but patterns tells of: what was asked and answered still stands there, so a
 * question is one only as the last thing on the screen.
 */
export const lastThingReader =
  (patterns: ScreenPatterns) =>
  (screen: string): Signal | undefined => {
    const { question, ...rest } = patterns;
    const match = question && lastThing(screen, question, patterns.ready);
    return match ? { kind: 'waiting', question: questionAt(screen, match) } : screenReader(rest)(screen);
  };
