import { isWeighty, type Step } from '../../attention/step.ts';
import type { Hint } from '../../ports/hint.ts';
import type { KeyContext, KeyResult } from '../control/key.ts';
import { mergeBy } from '../control/merge-all.ts';
import { askingOf } from '../control/merge-question.ts';
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

/** What only looks, or starts again what was begun: nothing that was there goes by it. */
const AT_ONCE = /^(?:list|resume|restart|retry|run|show|status) /u;

/** What only looks: the page that suggests it stays behind what it answers. */
const LOOKS = /^(?:list|show|status) /u;

/** Whether a digit runs a suggested command at once; all others stand in the line first, where what they do is foretold. */
export const runsAtOnce = (command: string): boolean =>
  REVIEW.test(command) || ANSWER.test(command) || (AT_ONCE.test(command) && !command.includes('…'));

/** Whether nothing is asked about a command, and nothing refused, as things stand. */
const isPlain = (known: Hint): boolean => known.kind === 'ok' && askingOf(known) === undefined;

/** Takes a command that a page suggests: what may be said at once is, unless it asks by now. */
export const takeSuggestion = (
  screen: ScreenState,
  command: string,
  context: Pick<KeyContext, 'questions' | 'hint'>,
): KeyResult => {
  const opens = REVIEW.test(command) || ANSWER.test(command);
  const isRun = opens || (runsAtOnce(command) && isPlain(context.hint(command)));
  return isRun
    ? runSuggestion(LOOKS.test(command) ? screen : withOverlays(screen, { page: null }), command, context)
    : { screen: withCommand(screen, command) };
};

/** The question that a typed yes is about, where it asks for words and no yes is an answer to it. */
export const openQuestionFor = (
  screen: ScreenState,
  line: string,
  context: Pick<KeyContext, 'questions'>,
): KeyResult | undefined => {
  const id = /^\s*approve\s+(?:instance\s+)?(?<id>\S+)\s*$/u.exec(line)?.groups?.['id'];
  const question = id === undefined ? undefined : context.questions.get(unquoted(id));
  return question?.choices.length === 0 ? openQuestion(screen, question.instance, context) : undefined;
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

/**
 * Takes a step: what helps about a need is done, what merges much is asked about, and what else sets much going stands in the line
 * first. Enter behind what was done at once means nothing, because there is nothing that it could send off.
 */
export const takeStep = (
  screen: ScreenState,
  step: Step,
  context: Pick<KeyContext, 'questions' | 'hint' | 'state'>,
): KeyResult => {
  if (isWeighty(step)) return { screen: withCommand(screen, step.command) };
  const taken =
    step.kind === 'merge' ? mergeBy(screen, step.command, context) : runSuggestion(screen, step.command, context);
  const { dialog, answering } = taken.screen.overlays;
  const isDone = dialog === null && answering === null && taken.screen.prompt === screen.prompt;
  return isDone ? { ...taken, screen: { ...taken.screen, hasTakenStep: true } } : taken;
};
