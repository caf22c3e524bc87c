import { isWeighty, type Step } from '../../attention/steps.ts';
import type { KeyContext, KeyResult } from '../control/key.ts';
import { type ScreenState, withOverlays } from '../model/screen-state.ts';
import { reducePrompt } from '../prompt/prompt-reducer.ts';
import { emptyPrompt } from '../prompt/prompt-state.ts';
import { openReview } from '../tabs/open-view.ts';
import { openQuestion } from './answer-keys.ts';

/** An id as it was said, which may stand in quotes. */
export const unquoted = (word: string): string => word.replace(/^"(?<inner>.*)"$/u, '$<inner>');

const REVIEW = /^review task (?<task>\S+)$/u;
const ANSWER = /^(?:(?<start>answer \S+) |approve \S+$)/u;

/**
 * How a suggested command is shown. The answer in a suggested `answer` is left out, because answering is up to the
 * person.
 */
export const suggestionText = (suggestion: string): string => {
  const start = ANSWER.exec(suggestion)?.groups?.['start'];
  return start === undefined ? suggestion : `${start} "…"`;
};

/**
 * Runs the command that an alert suggests. A review opens its view. A suggested answer, or a yes, opens the question instead; where none is asked
 * any more, an answer asks for the person's words.
 */
export const runSuggestion = (
  screen: ScreenState,
  suggestion: string,
  context: Pick<KeyContext, 'questions'>,
): KeyResult => {
  const reviewed = REVIEW.exec(suggestion)?.groups?.['task'];
  if (reviewed !== undefined) return { screen: openReview(screen, unquoted(reviewed)) };
  const found = ANSWER.exec(suggestion);
  const opened = found && openQuestion(screen, unquoted(found[0].split(' ')[1] ?? ''), context);
  if (opened) return opened;
  const start = found?.groups?.['start'];
  if (start === undefined) return { screen, effect: { kind: 'run', text: suggestion } };
  return { screen: withCommand(screen, `${start} "…"`) };
};

/** The screen with this command in its line, the cursor where words of one's own belong. Undoing brings back a draft. */
export const withCommand = (screen: ScreenState, command: string): ScreenState => {
  const [before = '', after] = command.split('…');
  const { history, characters, cursor } = screen.prompt;
  const draft = { ...emptyPrompt, history, characters, cursor };
  const set = reducePrompt(draft, { kind: 'set', text: before + (after ?? '') });
  const filled = reducePrompt(set, { kind: 'move', to: 'end' });
  return {
    ...withOverlays(screen, { page: null }),
    focus: 'prompt',
    prompt: after === undefined ? filled : reducePrompt(filled, { kind: 'move', to: 'left' }),
  };
};

/** The name of a key that only writes this command into the line: Enter has to follow, unless words of one's own come first. */
export const keyToWrite = (key: string, command: string): string => (command.includes('…') ? key : `${key} ↵`);

/** The name of the key that takes this step. */
export const keyOfStep = (key: string, step: Pick<Step, 'kind' | 'command'>): string =>
  isWeighty(step) ? keyToWrite(key, step.command) : key;

/** Takes a step: what helps about a need is done, and what sets much going stands in the line first. */
export const takeStep = (screen: ScreenState, step: Step, context: Pick<KeyContext, 'questions'>): KeyResult =>
  isWeighty(step) ? { screen: withCommand(screen, step.command) } : runSuggestion(screen, step.command, context);
