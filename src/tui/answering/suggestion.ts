import type { KeyContext, KeyResult } from '../control/key.ts';
import { type ScreenState, withOverlays } from '../model/screen-state.ts';
import { reducePrompt } from '../prompt/prompt-reducer.ts';
import { emptyPrompt } from '../prompt/prompt-state.ts';
import { openQuestion } from './answer-keys.ts';

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
 * Runs the command that an alert suggests. A suggested answer, or a yes, opens the question instead; where none is asked
 * any more, an answer asks for the person's words.
 */
export const runSuggestion = (
  screen: ScreenState,
  suggestion: string,
  context: Pick<KeyContext, 'questions'>,
): KeyResult => {
  const found = ANSWER.exec(suggestion);
  const opened = found && openQuestion(screen, found[0].split(' ')[1] ?? null, context);
  if (opened) return opened;
  const start = found?.groups?.['start'];
  if (start === undefined) return { screen, effect: { kind: 'run', text: suggestion } };
  const empty = { ...emptyPrompt, history: screen.prompt.history };
  const filled = reducePrompt(empty, { kind: 'insert', text: `${start} ""` });
  return {
    screen: {
      ...withOverlays(screen, { page: null }),
      focus: 'prompt',
      prompt: reducePrompt(filled, { kind: 'move', to: 'left' }),
    },
  };
};
