import { badId, inQuotes, negated, placeholder, refuse, severalCommands, spanOf } from '../errors.ts';
import { exampleFor } from '../example.ts';
import { isId } from '../forms.ts';
import { keyOf, type Token } from '../lex.ts';
import { NEGATIONS, POLITE, PROGRAMS, THANKS } from '../phrases.ts';
import type { Vocabulary } from '../vocabulary.ts';
import type { Word } from './model.ts';

/** A line as the grammar reads it: its words, and the ids that it is addressed to. */
export type Prepared = { readonly words: readonly Word[]; readonly address: readonly string[] };

/** Longer words are no keywords, marks or brackets, and nobody compares them with any. */
const LONGEST = 200;

const asWord = (token: Token): Word => ({
  ...token,
  key: token.quoted || token.text.length > LONGEST ? '' : keyOf(token.text),
});

/** Takes the mark off the end of a sentence; `..` and `../..` are no sentences. */
const withoutFinalMark = (words: Word[]): Word[] => {
  const last = words.at(-1);
  const before = words.at(-2);
  if (!last || last.quoted || last.text.includes('=')) return words;
  if (before && /^[.!?]+$/u.test(last.text) && (before.end === last.start || !last.text.includes('.')))
    return words.slice(0, -1);
  const text = last.text.length > LONGEST ? undefined : /^(?<text>.*[^.!?/])[.!?]+$/u.exec(last.text)?.groups?.['text'];
  return text === undefined ? words : [...words.slice(0, -1), { ...last, text, key: keyOf(text) }];
};

/** Takes off the mark before a last word of thanks as well: `stop kiro-3. Thanks!` */
const withoutMarks = (words: Word[]): Word[] => {
  const bare = withoutFinalMark(words);
  const last = bare.at(-1);
  if (bare.length < 3 || !last || !THANKS.has(last.key)) return bare;
  return [...withoutFinalMark(bare.slice(0, -1)), last];
};

/** The longest polite phrase has so many words. */
const LONGEST_PHRASE = 6;

const politeLength = (words: readonly Word[]): number =>
  POLITE.get(words[0]?.key ?? '')?.find((phrase) => phrase.every((part, at) => words[at]?.key === part))?.length ?? 0;

const withoutPoliteness = (words: readonly Word[]): readonly Word[] => {
  let from = 0;
  for (;;) {
    const length = politeLength(words.slice(from, from + LONGEST_PHRASE));
    if (length === 0) return words.slice(from);
    from += length;
  }
};

const BRACKETED = /^(?:\[.*\]|<.*>|\{.*\})$/u;

/** Refuses a word that turns the sense of a line, begins another command, or stands for one to be written. */
const refuseWordOfSense = (word: Word, example: () => string): void => {
  const at = spanOf(word);
  if (NEGATIONS.has(word.key) || word.key.endsWith("n't"))
    refuse(negated, {
      message: `${inQuotes(word.text)} is not understood: a command cannot be negated or depend on a condition.`,
      hint: 'Say only what is to be done. Text for an agent goes in quotes: tell kiro-3 "…"',
      at,
    });
  if (word.text.includes(';'))
    refuse(severalCommands, {
      message: `Only one command at a time: ";" stands at ${inQuotes(word.text)}.`,
      hint: 'Give each a line of its own, on the screen by Alt-Enter or a paste, or put the text in quotes.',
      at,
    });
  if (word.text.length < LONGEST && BRACKETED.test(word.text))
    refuse(placeholder, {
      message: `${inQuotes(word.text)} is a placeholder.`,
      hint: `Write a real word in its place, for example: ${example()}`,
      at,
    });
};

/** Whether what follows a word is its value, or is refused when it is read: `--title`. */
const isOpenOption = (word: Word | undefined): boolean => /^--[a-z][\w.-]*$/iu.test(word?.text.slice(0, 60) ?? '');

const refuseSense = (words: readonly Word[], vocabulary: Vocabulary): void => {
  const example = () => exampleFor(vocabulary, words[0]?.key ?? '');
  for (const [place, word] of words.entries())
    if (!word.quoted && !word.valueQuoted && !isOpenOption(words[place - 1])) refuseWordOfSense(word, example);
};

const refuseLines = (line: string, words: readonly Word[]): void => {
  if (!line.includes('\n')) return;
  words.forEach((word, at) => {
    const before = words[at - 1];
    if (before && line.slice(before.end, word.start).includes('\n'))
      refuse(severalCommands, {
        message: `Only one command at a time: ${inQuotes(word.text)} stands on a second line.`,
        hint: 'Give the commands one after the other.',
      });
  });
};

/** Makes one word of those that belong together: `beast mode`, `shut down`. */
const joinWords = (words: readonly Word[], { lexemes }: Vocabulary): Word[] => {
  const result: Word[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at]!;
    const lexeme = lexemes
      .get(word.key)
      ?.find(({ parts }) => parts.every((part, offset) => words[at + offset]?.key === part));
    if (!lexeme || (word.text.endsWith(',') && lexeme.parts.length > 1)) {
      result.push(word);
      continue;
    }
    const last = words[at + lexeme.parts.length - 1]!;
    result.push({ ...word, text: lexeme.key, key: lexeme.key, end: last.end });
    at += lexeme.parts.length - 1;
  }
  return result;
};

const ADDRESS = /^@(?<ids>[^@:]+):?$/u;

/** An id in an address; what cannot be one is refused, as everywhere. */
const addressed = (id: string): string =>
  isId(id)
    ? id
    : refuse(badId, {
        message: `${inQuotes(id)} cannot be an id.`,
        hint: 'Say whom it is for, for example: @kiro-3: status',
      });

/** The ids that a line is addressed to, and the words behind them: `@kiro-3 @kiro-4: stop`. */
const takeAddress = (words: readonly Word[]): Prepared => {
  const address: string[] = [];
  let from = 0;
  for (let word = words[0]; word && !word.quoted && word.text.length < LONGEST; word = words[from]) {
    const ids = ADDRESS.exec(word.text)?.groups?.['ids'];
    if (ids === undefined) break;
    for (const id of ids.split(',')) if (id !== '') address.push(addressed(id));
    from += 1;
  }
  return { words: words.slice(from), address };
};

/** Strips what does not change the meaning, reads the address, refuses what turns the sense, joins words. */
export const prepare = (line: string, tokens: readonly Token[], vocabulary: Vocabulary): Prepared => {
  const all = tokens.map(asWord);
  refuseLines(line, all);
  const { words: rest, address } = takeAddress(withoutPoliteness(withoutMarks(all)));
  const bare = withoutPoliteness(rest);
  const words = PROGRAMS.has(bare[0]?.key ?? '') ? withoutPoliteness(bare.slice(1)) : bare;
  refuseSense(words, vocabulary);
  return { words: joinWords(words, vocabulary), address };
};
