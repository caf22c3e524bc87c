import { FILLERS, NUMBERS, THANKS, URGENT } from '../phrases.ts';
import type { Word } from './model.ts';
import { PREPOSITIONS } from '../preposition-words.ts';

/** Whether the grammar skips the word: articles, pronouns, thanks. */
export const isFiller = ({ key }: Word): boolean => FILLERS.has(key) || THANKS.has(key);

/** Whether a word asks for haste. */
export const isUrgent = ({ key }: Word): boolean => URGENT.has(key);

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

/** Whether a word says that what follows is left out. */
export const isExcept = ({ key }: Word): boolean => Object.hasOwn(PREPOSITIONS, key) && PREPOSITIONS[key] === 'except';

/** A parameter or a switch that one word says. */
export type Option = { readonly key: string; readonly dashed: boolean; readonly value: string | undefined };

const OPTION = /^(?<dashes>--?)?(?<key>[a-z][\w.-]*)(?:=(?<value>.*))?$/isu;

/** `key=value`, `--key`, `--key=value`; undefined for any other word. */
export const optionOf = (word: Word): Option | undefined => {
  if (word.quoted || !(word.text.startsWith('-') || word.text.includes('='))) return undefined;
  // A comma behind it belongs to the sentence.
  const text = word.text.endsWith(',') && !word.valueQuoted ? word.text.slice(0, -1) : word.text;
  const groups = OPTION.exec(text)?.groups;
  if (!groups) return undefined;
  const dashed = groups['dashes'] !== undefined;
  const value = groups['value'];
  return dashed || value !== undefined ? { key: groups['key']!.toLowerCase(), dashed, value } : undefined;
};

/** The keys of all parameters in a row of words. */
export const keysOf = (words: readonly Word[]): ReadonlySet<string> =>
  new Set(words.flatMap((word) => optionOf(word)?.key ?? []));
