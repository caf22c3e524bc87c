import { z } from 'zod';
import { listedOptions, optionNamed, takesSeveral } from '../state/question-options.ts';
import { noSuchChoice, tooFewAnswers } from './errors.ts';
import { meaningOf } from './reply.ts';

const question = z.looseObject({
  question: z.string(),
  options: z.array(z.looseObject({ label: z.string() })).catch([]),
  multiSelect: z.boolean().optional().catch(undefined),
  multiple: z.boolean().optional().catch(undefined),
});
/** A question with its choices, as the tools of Claude Code and opencode ask it. */
export type Question = z.infer<typeof question>;

const several = z.object({ questions: z.array(question).min(1) });

/** The questions in a tool's input; none for a tool that asks nobody. */
export const questionsIn = (input: unknown): { readonly questions: readonly Question[] } => {
  const found = several.safeParse(input);
  return found.success ? found.data : { questions: [] };
};

const labelsOf = ({ options }: Question): readonly string[] => options.map(({ label }) => label);

const inWords = (one: Question): string =>
  one.options.length === 0 ? one.question : `${one.question} (${listedOptions(labelsOf(one)).join(' / ')})`;

/** The questions with their choices in one text; undefined when there are none. */
export const questionsPut = (input: unknown): string | undefined => {
  const { questions } = questionsIn(input);
  return questions.length === 0 ? undefined : questions.map(inWords).join('; ');
};

const choiceFor = (one: Question, said: string): string | undefined => {
  const labels = labelsOf(one);
  const named = optionNamed(labels, said);
  if (named !== undefined) return labels[named];
  // Digits that are no option's are a slip, and no beginning: the 80 of 8080 was not meant.
  if (/^\d+$/u.test(said)) return undefined;
  const begins = labels.filter((label) => label.toLowerCase().startsWith(said.toLowerCase()));
  return begins.length === 1 ? begins[0] : undefined;
};

/** Whether an answer says no to being asked, and is not the option of that name. */
export const refusesQuestions = (questions: readonly Question[], answer: string): boolean =>
  meaningOf(answer) === 'no' &&
  (questions.length !== 1 || optionNamed(labelsOf(questions[0]!), answer.trim()) === undefined);

/** The answer to one question: one of its choices, several where it takes them, or own words. */
const answerTo = (one: Question, said: string): readonly string[] => {
  const found = (takesSeveral(one) ? said.split(',') : [said]).map((word) => choiceFor(one, word.trim()));
  if (found.every((choice) => choice !== undefined)) return found;
  // A bare yes or a number names a choice, and is no answer in own words.
  if (one.options.length > 0 && (meaningOf(said) !== undefined || /^\d+$/u.test(said)))
    throw noSuchChoice({ answer: said, choices: listedOptions(labelsOf(one)) });
  return [said];
};

/** The answers to all questions: those to several are separated by semicolons. */
export const answersTo = (questions: readonly Question[], answer: string): readonly (readonly string[])[] => {
  if (questions.length === 1) return [answerTo(questions[0]!, answer.trim())];
  const said = answer.split(';').map((one) => one.trim());
  if (said.length !== questions.length || said.includes(''))
    throw tooFewAnswers({ wanted: questions.length, given: said.filter((one) => one !== '').length });
  return questions.map((one, at) => answerTo(one, said[at]!));
};
