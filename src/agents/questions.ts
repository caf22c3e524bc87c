import { z } from 'zod';
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

const inWords = ({ question: words, options }: Question): string =>
  options.length === 0 ? words : `${words} (${options.map(({ label }) => label).join(' / ')})`;

/** The questions with their choices in one text; undefined when there are none. */
export const questionsPut = (input: unknown): string | undefined => {
  const { questions } = questionsIn(input);
  return questions.length === 0 ? undefined : questions.map(inWords).join('; ');
};

const choiceFor = ({ options }: Question, said: string): string | undefined => {
  const labels = options.map(({ label }) => label);
  if (/^\d+$/u.test(said)) return labels[Number(said) - 1];
  const same = labels.find((label) => label.toLowerCase() === said.toLowerCase());
  const begins = labels.filter((label) => label.toLowerCase().startsWith(said.toLowerCase()));
  return same ?? (begins.length === 1 ? begins[0] : undefined);
};

/** The answer to one question: one of its choices, several where it takes them, or own words. */
const answerTo = (one: Question, said: string): readonly string[] => {
  const many = one.multiSelect === true || one.multiple === true;
  const found = (many ? said.split(',') : [said]).map((word) => choiceFor(one, word.trim()));
  if (found.every((choice) => choice !== undefined)) return found;
  // A bare yes or a number names a choice, and is no answer in own words.
  if (one.options.length > 0 && (meaningOf(said) !== undefined || /^\d+$/u.test(said)))
    throw noSuchChoice({ answer: said, choices: one.options.map(({ label }) => label) });
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
