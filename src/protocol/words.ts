import { named, negated, placeholder, refuse, severalCommands } from './errors.ts';
import { exampleFor } from './example.ts';
import { keyOf, type Token } from './lex.ts';
import { FILLERS, NEGATIONS, NUMBERS, POLITE, PROGRAMS, THANKS, URGENT } from './phrases.ts';
import type { Vocabulary } from './vocabulary.ts';

/** A token as the grammar looks at it. `key` is what keywords are compared by; it is empty for quoted text. */
export type Word = Token & { readonly key: string };

export type Prepared = { readonly words: readonly Word[]; readonly address: readonly string[] };

const asWord = (token: Token): Word => ({
  ...token,
  key: token.quoted || token.text.length > 200 ? '' : keyOf(token.text),
});

/** Takes the mark off the end of a sentence; `..` and `../..` are no sentences. */
const withoutFinalMark = (words: Word[]): Word[] => {
  const last = words.at(-1);
  const before = words.at(-2);
  if (!last || last.quoted || last.text.includes('=')) return words;
  if (before && /^[.!?]+$/u.test(last.text) && (before.end === last.start || !last.text.includes('.')))
    return words.slice(0, -1);
  const text = last.text.length > 200 ? undefined : /^(?<text>.*[^.!?/])[.!?]+$/u.exec(last.text)?.groups?.['text'];
  return text === undefined ? words : [...words.slice(0, -1), { ...last, text, key: keyOf(text) }];
};

/** Also the mark before a last word of thanks: `stop kiro-3. Thanks!` */
const withoutMarks = (words: Word[]): Word[] => {
  const bare = withoutFinalMark(words);
  const last = bare.at(-1);
  if (bare.length < 3 || !last || !THANKS.has(last.key)) return bare;
  return [...withoutFinalMark(bare.slice(0, -1)), last];
};

const politeLength = (words: readonly Word[]): number =>
  POLITE.get(words[0]?.key ?? '')?.find((phrase) => phrase.every((part, at) => words[at]?.key === part))?.length ?? 0;

const leading = (words: readonly Word[]): readonly Word[] => {
  let from = 0;
  for (;;) {
    const length = politeLength(words.slice(from, from + 6));
    if (length === 0) return words.slice(from);
    from += length;
  }
};

const BRACKETED = /^(?:\[.*\]|<.*>|\{.*\})$/u;

const refuseSense = (words: readonly Word[], vocabulary: Vocabulary): void => {
  for (const [place, word] of words.entries()) {
    if (word.quoted || word.valueQuoted) continue;
    // What follows `--title` is its value or is refused when it is read.
    if (/^--[a-z][\w.-]*$/iu.test(words[place - 1]?.text.slice(0, 60) ?? '')) continue;
    const at = { start: word.start, end: word.end };
    if (NEGATIONS.has(word.key) || word.key.endsWith("n't"))
      refuse(negated, {
        message: `${named(word.text)} is not understood: a command cannot be negated or depend on a condition.`,
        hint: 'Say only what is to be done. Text for an agent goes in quotes: tell kiro-3 "…"',
        at,
      });
    if (word.text.includes(';'))
      refuse(severalCommands, {
        message: `Only one command at a time: ";" stands at ${named(word.text)}.`,
        hint: 'Give the commands one after the other, or put the text in quotes.',
        at,
      });
    if (word.text.length < 200 && BRACKETED.test(word.text))
      refuse(placeholder, {
        message: `${named(word.text)} is a placeholder.`,
        hint: `Write a real word in its place, for example: ${exampleFor(vocabulary, words[0]?.key ?? '')}`,
        at,
      });
  }
};

const refuseLines = (line: string, words: readonly Word[]): void => {
  if (!line.includes('\n')) return;
  words.forEach((word, at) => {
    const before = words[at - 1];
    if (before && line.slice(before.end, word.start).includes('\n'))
      refuse(severalCommands, {
        message: `Only one command at a time: ${named(word.text)} stands on a second line.`,
        hint: 'Give the commands one after the other.',
      });
  });
};

/** Makes one word of those that belong together: `beast mode`, `shut down`. */
const joined = (words: readonly Word[], { lexemes }: Vocabulary): Word[] => {
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

/** Strips what does not change the meaning, reads the address, refuses what turns the sense, joins words. */
export const prepare = (line: string, tokens: readonly Token[], vocabulary: Vocabulary): Prepared => {
  const all = tokens.map(asWord);
  refuseLines(line, all);
  let words = leading(withoutMarks(all));
  const address: string[] = [];
  let from = 0;
  for (let word = words[0]; word && !word.quoted && word.text.length < 200; word = words[from]) {
    const ids = ADDRESS.exec(word.text)?.groups?.['ids'];
    if (ids === undefined) break;
    for (const id of ids.split(',')) if (id !== '') address.push(id);
    from += 1;
  }
  words = words.slice(from);
  words = leading(words);
  if (PROGRAMS.has(words[0]?.key ?? '')) words = leading(words.slice(1));
  refuseSense(words, vocabulary);
  return { words: joined(words, vocabulary), address };
};

/** Whether the grammar skips the word: articles, pronouns, thanks. */
export const isFiller = (word: Word): boolean => FILLERS.has(word.key) || THANKS.has(word.key);

export const isUrgent = (word: Word): boolean => URGENT.has(word.key);

/** The place of the next word from `at` on that is no filler. */
export const skipFillers = (words: readonly Word[], at: number): number => {
  let next = at;
  while (words[next] && isFiller(words[next]!)) next += 1;
  return next;
};

/** The amount that a word says, in digits or letters. */
export const numberOf = ({ key }: Word): number | undefined => {
  if (/^\d{1,9}$/u.test(key)) return Number(key);
  return Object.hasOwn(NUMBERS, key) ? NUMBERS[key] : undefined;
};
