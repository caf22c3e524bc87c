import { inQuotes, notTaken, refuse, spanOf } from '../errors.ts';
import { NUMBER_KEYS } from '../lexicon.ts';
import { isFiltered, isVerb, takes, takesModifier } from './candidates.ts';
import type { Finding, ParseState, Step, Word } from './model.ts';
import { parameter, stateNamed } from './steps.ts';
import { isFiller, isUrgent, numberOf } from './words.ts';

const PERCENT: ReadonlySet<string> = new Set(['%', 'percent']);

/** Whether a word only repeats that the number before it is a percentage: `progress 50 percent`. */
export const isPercentWord = ({ parameters }: ParseState, { key }: Word): boolean =>
  parameters.has('percent') && PERCENT.has(key);

/** The number that a word says, `50%` included where the command takes a percentage. */
export const amountOf = (state: ParseState, word: Word): number | undefined => {
  const number = numberOf(word);
  if (number !== undefined) return number;
  return word.key.endsWith('%') && /^\d{1,3}%$/u.test(word.key) && takes(state, 'percent')
    ? Number(word.key.slice(0, -1))
    : undefined;
};

const ODD_NUMBER = /^[-+−]?\d+(?:\.\d+)?$/u;
/** The longest number that a word may say has nine digits. */
const MOST = 999_999_999;

/** Whether a word is written as a number and is no amount: `-3`, `2.5`. */
export const isOddNumber = ({ text, quoted }: Word): boolean => !quoted && ODD_NUMBER.test(text);

/** The amounts that a command takes. */
const rangeOf = (state: ParseState, key: string): string =>
  key === 'percent' ? 'from 0 to 100' : `from ${isVerb(state, 'scale') ? 0 : 1} to ${MOST}`;

/** Refuses what is written as a number and is no amount where nothing else can be meant. */
export const refuseOddNumber = (state: ParseState, word: Word): void => {
  const { candidates, head, parameters } = state;
  const key = candidates.every(({ target }) => target === 'none') && NUMBER_KEYS.find((name) => takes(state, name));
  if (!key || parameters.has(key) || !isOddNumber(word)) return;
  const verb = head.readings[0]?.verb ?? '';
  refuse(notTaken, {
    message: `${inQuotes(word.text)} is no amount that ${inQuotes(verb)} takes.`,
    hint: `Say a whole number ${rangeOf(state, key)}.`,
    at: spanOf(word),
  });
};

/** Reads a number into the first parameter that takes one. */
export const readNumber = (state: ParseState, word: Word): Step | undefined => {
  const number = amountOf(state, word);
  if (number === undefined) refuseOddNumber(state, word);
  const key = number === undefined ? undefined : NUMBER_KEYS.find((name) => takes(state, name));
  if (number === undefined || key === undefined) return undefined;
  // `disable flag 3`: where an id must be said, it comes before any amount.
  const isAimed = state.ids.length > 0 || isFiltered(state);
  if (!isAimed && state.candidates.every(({ target }) => target === 'required')) return undefined;
  return { at: state.at + 1, parameters: [parameter(state, key, number)] };
};

/** `all other agents` are the others; `every other agent` is not understood. */
const findQuantity = (state: ParseState, word: Word, quantifier: string): Finding => {
  let before = state.at - 1;
  while (state.words[before] && isFiller(state.words[before]!)) before -= 1;
  const isOfAll = quantifier === 'other' && state.words[before]?.key === 'all';
  return {
    parameters: [isOfAll ? ['scope', 'other'] : parameter(state, 'scope', quantifier)],
    ...(word.key === 'any' ? { any: word } : {}),
  };
};

const SCALE_WORDS: ReadonlySet<string> = new Set(['up', 'down']);

/** What a keyword adds that is no noun and no verb; undefined when it is none, or means nothing to the command. */
const findingOf = (state: ParseState, word: Word): Finding | undefined => {
  const { modifiers, directions, quantifiers, states } = state.vocabulary;
  const { key } = word;
  const modifier = modifiers.get(key);
  if (modifier !== undefined && takesModifier(state, modifier)) return { modifiers: [modifier] };
  if (isUrgent(word)) return isVerb(state, 'stop') ? { modifiers: ['force'] } : {};
  if (SCALE_WORDS.has(key) && takes(state, 'op') && takes(state, 'count'))
    return { parameters: [parameter(state, 'op', key)] };
  const direction = directions.get(key);
  if (direction !== undefined && takes(state, 'direction'))
    return { parameters: [parameter(state, 'direction', direction)] };
  const quantifier = quantifiers.get(key);
  if (quantifier !== undefined) return findQuantity(state, word, quantifier);
  return states.has(key) ? { states: [stateNamed(state, key)] } : undefined;
};

/** Reads a modifier, a word of urgency, a direction, a quantifier or a state. */
export const readKeyword = (state: ParseState, word: Word): Step | undefined => {
  const found = findingOf(state, word);
  return found && { at: state.at + 1, idMayFollow: false, ...found };
};
