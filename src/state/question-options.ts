import { shownLine } from '../lib/text.ts';

/** What of a question decides how one of its options is named in an answer. */
type Offered = {
  readonly options: readonly { readonly label: string }[];
  readonly multiSelect?: boolean | undefined;
  readonly multiple?: boolean | undefined;
};

const NUMBER = /^\d+$/u;

/** Whether an answer may name several options, with commas between them. */
export const takesSeveral = ({ multiSelect, multiple }: Offered): boolean => multiSelect === true || multiple === true;

/**
 * Where in a list the option stands that these words name in full: by its number, else by its label. Words that are the
 * number of one and the label of another one are the number.
 */
export const optionNamed = (labels: readonly string[], said: string): number | undefined => {
  const number = NUMBER.test(said) ? Number(said) - 1 : -1;
  // `08` is how a label is written, before it is a number.
  if (labels[number] !== undefined && String(number + 1) === said) return number;
  const exact = labels.indexOf(said);
  if (exact >= 0) return exact;
  if (labels[number] !== undefined) return number;
  const same = labels.findIndex((label) => label.toLowerCase() === said.toLowerCase());
  return same < 0 ? undefined : same;
};

/** The labels as they are listed in a line: with their numbers where one begins with a digit, and could be taken for one. */
export const listedOptions = (labels: readonly string[]): readonly string[] =>
  labels.some((label) => /^\s*\d/u.test(label)) ? labels.map((label, i) => `${i + 1}. ${label}`) : labels;

/**
 * The words of an answer that name this option: its label, or its number where the label would be read as something
 * else. `isOneOfSome`: more is asked in the same breath, so that semicolons part the answers.
 */
export const wordsFor = (question: Offered, at: number, isOneOfSome: boolean): string => {
  const labels = question.options.map(({ label }) => label);
  const words = shownLine(labels[at] ?? '');
  const isParted = (isOneOfSome && words.includes(';')) || (takesSeveral(question) && words.includes(','));
  const isNumber = labels.some((label) => NUMBER.test(label.trim()));
  return isParted || isNumber || words === '' || optionNamed(labels, words) !== at ? String(at + 1) : words;
};
