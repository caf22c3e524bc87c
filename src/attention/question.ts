import { z } from 'zod';
import { shown, shownLine } from '../lib/text.ts';
import type { Instance } from '../state/instances.ts';
import { listedOptions, takesSeveral, wordsFor } from '../state/question-options.ts';

/** One way to answer: what it is called, what it means, and the words that say it. */
export type Choice = { readonly label: string; readonly help: string; readonly answer: string };

/** A question that an agent waits with. */
export type Question = {
  readonly instance: string;
  /** Since when the agent waits with this question, in ISO 8601. */
  readonly since: string;
  /** Tells this question from every other one of that agent. */
  readonly mark: string;
  readonly text: string;
  /** What the agent wants to use a tool for, in full; empty for other questions. */
  readonly subject: string;
  readonly choices: readonly Choice[];
  /** Several choices may be named, with commas between them. */
  readonly many: boolean;
  /** Says what an answer in one's own words means. */
  readonly words: string;
};

const askedSchema = z.looseObject({
  question: z.string(),
  header: z.string().catch(''),
  options: z.array(z.looseObject({ label: z.string(), description: z.string().catch('') })).catch([]),
  multiSelect: z.boolean().catch(false),
  multiple: z.boolean().catch(false),
});
type AskedQuestion = z.infer<typeof askedSchema>;

const OWN_WORDS = 'or type an answer';

const choicesOf = (question: AskedQuestion): readonly Choice[] =>
  question.options.map(({ label, description }, at) => ({
    label: shownLine(label),
    help: shownLine(description),
    answer: wordsFor(question, at, false),
  }));

const yesNo = (yes: string, no: string): readonly Choice[] => [
  { label: 'Yes', help: yes, answer: 'yes' },
  { label: 'No', help: no, answer: 'no' },
];

/** The choices of a dialog that was told in rows, `Choices: ❯ 1. Yes / 2. No`: each is answered by its number. */
const choicesInRows = (list: string): readonly Choice[] =>
  list.split(' / ').map((row, i) => ({
    label: row.replace(/^❯ ?/u, '').replace(/^(?:✔ )?(?:\d+[.)] )?/u, ''),
    help: row.startsWith('❯') ? 'marked in its dialog' : '',
    answer: String(i + 1),
  }));

/** The choices that an agent numbers within its question, `1) this 2) that`; null where it numbers none. */
const numberedChoices = (text: string): { readonly text: string; readonly choices: readonly Choice[] } | null => {
  const parts = text.split(/(?:^|\s)(?=\d[.)] \S)/u);
  const at = parts.findIndex((part) => /^1[.)] /u.test(part));
  const labels = at < 0 ? [] : parts.slice(at).map((part) => part.replace(/^\d[.)] /u, '').replace(/[,;]$/u, ''));
  if (labels.length < 2 || parts.slice(at).some((part, i) => !part.startsWith(String(i + 1)))) return null;
  const choices = labels.map((label, i) => ({ label, help: '', answer: String(i + 1) }));
  return { text: parts.slice(0, at).join(' '), choices };
};

const ASKS_LEAVE =
  /^(?:shall|should|may|might|can|could|do|does|did|is|are|was|will|would|has|have|allow|approve|proceed|continue)\b/iu;
/** What says itself that a yes or a no is wanted. */
const WANTS_YES = /[[(]y(?:es)?\/no?[\])]/iu;
/** Whoever asks for one of two things is not answered by a yes. */
const OFFERS_TWO = /\bor\b(?!\s+not\b)/iu;

const asksForYes = (text: string): boolean => WANTS_YES.test(text) || (ASKS_LEAVE.test(text) && !OFFERS_TWO.test(text));

/** Reads the choices of a question out of its words, where nothing else of it is known. */
const readWords = (question: string): Pick<Question, 'text' | 'choices' | 'words'> => {
  const [text = '', list] = question.split(/ Choices: /u);
  if (list !== undefined) return { text, choices: choicesInRows(list), words: 'its dialog takes one of these' };
  const found = numberedChoices(question);
  if (found) return { ...found, words: OWN_WORDS };
  const ends = [/(?<=[.!?])\s+/u, /:\s+/u].map((end) => question.split(end).at(-1)!);
  if (ends.some(asksForYes)) return { text: question, choices: yesNo('', ''), words: OWN_WORDS };
  return { text: question, choices: [], words: 'your answer' };
};

/** The questions of a request that a tool made, without those that are none. */
const parseQuestions = (questions: readonly unknown[]): readonly AskedQuestion[] =>
  questions.flatMap((one) => {
    const parsed = askedSchema.safeParse(one);
    return parsed.success ? [parsed.data] : [];
  });

const readQuestions = (all: readonly AskedQuestion[]): Pick<Question, 'text' | 'choices' | 'many' | 'words'> => {
  const [first] = all;
  // The words of a question that offers no options may offer choices.
  if (all.length === 1 && first?.options.length === 0) return { ...readWords(shownLine(first.question)), many: false };
  if (all.length === 1 && first) {
    const many = takesSeveral(first);
    const words = many ? 'several may be named, with commas between them' : OWN_WORDS;
    return { text: shown(first.question), choices: choicesOf(first), many, words };
  }
  const text = all
    .map(({ question, options }, i) => {
      const labels = listedOptions(options.map(({ label }) => shownLine(label))).join(' / ');
      return `${i + 1}. ${shownLine(question)}${labels === '' ? '' : ` (${labels})`}`;
    })
    .join('\n');
  return { text, choices: [], many: false, words: `${all.length} answers, with semicolons between them` };
};

/** A plan, in full: what is approved is what was read. */
const planOf = ({
  plan,
}: Readonly<Record<string, unknown>>): Pick<Question, 'text' | 'subject' | 'choices' | 'words'> => ({
  text: 'Shall it carry out its plan?',
  subject: typeof plan === 'string' ? shown(plan) : 'It shows none.',
  choices: yesNo('it goes on with this plan', 'it is told to find another way'),
  words: 'or say what to change',
});

/** The question that an agent waits with; null when it asks nothing. */
export const questionOf = (instance: Instance): Question | null => {
  if (instance.state.kind !== 'waiting') return null;
  const asked = instance.question ?? '';
  const request = instance.requests?.[0];
  const base = {
    instance: instance.instance_id,
    since: instance.state.since,
    mark: JSON.stringify([instance.state.since, asked]),
    subject: '',
    many: false,
  };
  const questions = parseQuestions(request?.questions ?? []);
  if (questions.length > 0) return { ...base, ...readQuestions(questions) };
  if (request?.input) return { ...base, ...planOf(request.input) };
  if (request && request.tool !== '') {
    const helper = request.helper === null ? '' : ' (asked by a helper of it)';
    return {
      ...base,
      text: `May it use ${shownLine(request.tool)}?${helper}`,
      subject: shown(request.subject),
      choices: yesNo('it goes on with this', 'it is told to find another way'),
      words: 'or refuse it in your own words',
    };
  }
  return { ...base, ...readWords(shownLine(asked)) };
};

/** An answer that a waiting agent's question takes, a yes or the first of its options; undefined where it wants words of one's own. */
export const possibleAnswer = (instance: Instance): string | undefined => {
  const questions = parseQuestions(instance.requests?.[0]?.questions ?? []);
  if (questions.length === 0 || (questions.length === 1 && questions[0]?.options.length === 0))
    return questionOf(instance)?.choices[0]?.answer;
  if (questions.some(({ options }) => options.length === 0)) return undefined;
  return questions.map((one) => wordsFor(one, 0, questions.length > 1)).join('; ');
};

/** The questions of the agents that wait, by the agents' names. */
export const questionsOf = (instances: readonly Instance[]): ReadonlyMap<string, Question> =>
  new Map(
    instances.flatMap((instance): [string, Question][] => {
      const question = questionOf(instance);
      return question ? [[instance.instance_id, question]] : [];
    }),
  );
