import type { KeyContext, KeyResult } from '../control/key.ts';
import { type ScreenState, withOverlays } from '../model/screen-state.ts';
import { reducePrompt } from '../prompt/prompt-reducer.ts';
import { emptyPrompt } from '../prompt/prompt-state.ts';
import { openQuestion } from './answer-keys.ts';

const ANSWER = /^(?<start>answer \S+) /u;

/** How a suggested command is shown: an answer is the person's own, so the one that stands in it is not. */
export const suggestionText = (suggestion: string): string => {
  const start = ANSWER.exec(suggestion)?.groups?.['start'];
  return start === undefined ? suggestion : `${start} "…"`;
};

/** Runs what an alert suggests; an answer is the person's own, so its question is opened, or its words are asked for. */
export const runSuggestion = (
  screen: ScreenState,
  suggestion: string,
  context: Pick<KeyContext, 'questions'>,
): KeyResult => {
  const start = ANSWER.exec(suggestion)?.groups?.['start'];
  if (start === undefined) return { screen, effect: { kind: 'run', text: suggestion } };
  const opened = openQuestion(screen, start.split(' ')[1] ?? null, context);
  if (opened) return opened;
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
