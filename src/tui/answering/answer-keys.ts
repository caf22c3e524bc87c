import { optionNamed } from '../../state/question-options.ts';
import type { KeyContext, KeyResult } from '../control/key.ts';
import type { InputEvent } from '../input/decoder.ts';
import {
  type Answering,
  type AnswerOutcome,
  type ScreenState,
  withMessage,
  withNote,
  withOverlays,
  withPanes,
} from '../model/screen-state.ts';
import { editByKey } from '../prompt/prompt-edit-keys.ts';
import { reducePrompt } from '../prompt/prompt-reducer.ts';
import { pastedText } from '../prompt/prompt-script.ts';
import { emptyPrompt, isPromptUsed, promptText } from '../prompt/prompt-state.ts';
import type { Choice } from '../../attention/question.ts';

type Asking = Pick<KeyContext, 'questions'>;

/** Opens the dialogue for this agent's question; undefined when it asks nothing. */
export const openQuestion = (screen: ScreenState, id: string | null, { questions }: Asking): KeyResult | undefined => {
  const question = id === null ? undefined : questions.get(id);
  if (!question) return undefined;
  const answering = { question, chosen: null, line: emptyPrompt, sending: false, trouble: null };
  return { screen: withOverlays(withPanes(screen, { selected: id }), { page: null, answering }) };
};

const SHORT: Readonly<Record<string, string>> = { y: 'yes', n: 'no' };

/** The choice that these words name, by its number or its name, as the command reads them. */
const choiceFor = (choices: readonly Choice[], said: string): Choice | undefined => {
  const words = said.trim();
  if (words === '') return undefined;
  const labels = choices.map(({ label }) => label);
  const at = optionNamed(labels, words) ?? optionNamed(labels, SHORT[words.toLowerCase()] ?? words);
  return at === undefined ? undefined : choices[at];
};

/** Which choice is marked: the one that the typed words name, else the chosen one. */
export const markedChoice = ({ question, chosen, line }: Answering): number | null => {
  const typed = promptText(line);
  if (typed.trim() === '') return chosen;
  const named = choiceFor(question.choices, typed);
  return named ? question.choices.indexOf(named) : null;
};

const answerIn = (answering: Answering): string | undefined => {
  const marked = markedChoice(answering);
  if (marked !== null) return answering.question.choices[marked]?.answer;
  return promptText(answering.line).trim() || undefined;
};

const withTrouble = (screen: ScreenState, answering: Answering, trouble: string): KeyResult => ({
  screen: withOverlays(screen, { answering: { ...answering, trouble } }),
});

/** Sends what is said, if the agent still asks what the person has read. */
const submitAnswer = (screen: ScreenState, answering: Answering, { questions }: Asking): KeyResult => {
  const { instance, since, mark, choices } = answering.question;
  const now = questions.get(instance);
  if (!now) {
    const text = `${instance} waits for no answer now; nothing was sent`;
    // What is typed stays: whoever is paused may go on with the same question.
    return { screen: withNote(screen, text) };
  }
  if (now.mark !== mark) {
    // Typed words are meant for the question before.
    const renewed = { ...answering, question: now, chosen: null, line: emptyPrompt };
    return withTrouble(screen, renewed, 'It asks something else now: nothing was sent.');
  }
  const answer = answerIn(answering);
  if (answer === undefined)
    return withTrouble(screen, answering, choices.length > 0 ? 'Choose one, or type an answer.' : 'Type an answer.');
  return {
    screen: withOverlays(screen, { answering: { ...answering, sending: true, trouble: null } }),
    effect: { kind: 'answer', instance, since, mark, answer },
  };
};

const stepChoice = (answering: Answering, step: 1 | -1): Answering => {
  const { length } = answering.question.choices;
  if (length === 0) return answering;
  const from = markedChoice(answering) ?? (step > 0 ? -1 : length);
  return { ...answering, chosen: (from + step + length) % length, line: emptyPrompt, trouble: null };
};

const STEPS: Readonly<Record<string, 1 | -1>> = { down: 1, tab: 1, up: -1, 'shift+tab': -1 };

/** What a key does in the dialogue: choices are walked through, everything else edits the line below them. */
const handleAnswerKey = (screen: ScreenState, key: string, context: Asking): KeyResult => {
  const answering = screen.overlays.answering!;
  // An answer on its way cannot be changed; the dialogue can be left.
  if (key === 'esc' || key === 'ctrl+c') return { screen: withOverlays(screen, { answering: null }) };
  if (answering.sending) return { screen };
  if (key === 'enter') return submitAnswer(screen, answering, context);
  const step = STEPS[key];
  if (step !== undefined) return { screen: withOverlays(screen, { answering: stepChoice(answering, step) }) };
  const line = editByKey(answering.line, key);
  return line ? { screen: withOverlays(screen, { answering: { ...answering, line, trouble: null } }) } : { screen };
};

/** Adds text that is typed or pasted to the answer. */
const handleAnswerText = (screen: ScreenState, text: string): KeyResult => {
  const answering = screen.overlays.answering!;
  if (answering.sending) return { screen };
  const line = reducePrompt(answering.line, { kind: 'insert', text });
  return { screen: withOverlays(screen, { answering: { ...answering, line, trouble: null } }) };
};

/** What keys, text and pastes mean while the dialogue is open. */
export const handleAnswerInput = (screen: ScreenState, event: InputEvent, context: Asking): KeyResult => {
  if (event.kind === 'key') return handleAnswerKey(screen, event.key, context);
  if (event.kind === 'text') return handleAnswerText(screen, event.text);
  // An answer is one line to the agent, so a paste becomes one.
  return event.kind === 'paste' ? handleAnswerText(screen, pastedText(event.text).replace(/\s+/gu, ' ')) : { screen };
};

/** Enter answers the selected agent if it asks something, where Enter does not run what is typed. */
export const openQuestionByEnter = (screen: ScreenState, key: string, context: Asking): KeyResult | undefined => {
  const runs = screen.focus === 'prompt' && isPromptUsed(screen.prompt);
  if (key !== 'enter' || runs || screen.overlays.page) return undefined;
  return openQuestion(screen, screen.panes.selected, context);
};

/** Says what became of an answer: in the dialogue as long as that is open, else in the line below. */
export const showAnswerOutcome = (screen: ScreenState, outcome: AnswerOutcome): ScreenState => {
  const { instance, mark, answer, trouble } = outcome;
  const { answering } = screen.overlays;
  const asked = answering?.question;
  const open = asked?.instance === instance && asked.mark === mark ? answering : null;
  if (trouble === null) {
    const label = open?.question.choices.find((choice) => choice.answer === answer)?.label ?? answer;
    const text = `Sent "${answer}"${label.toLowerCase() === answer.toLowerCase() ? '' : ` (${label})`} to ${instance}`;
    const closed = open ? withOverlays(screen, { answering: null }) : screen;
    return withMessage(closed, { tone: 'ok', text, hint: null });
  }
  if (open) return withOverlays(screen, { answering: { ...open, sending: false, trouble } });
  return withMessage(screen, { tone: 'error', text: `${instance}: ${trouble}`, hint: null });
};
