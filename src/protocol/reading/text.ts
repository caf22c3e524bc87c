import { formOf } from '../forms.ts';
import { NUMBER_KEYS, TEXT_NOUNS } from '../lexicon.ts';
import { isNearExcept } from '../near.ts';
import type { Signature } from '../signature.ts';
import { firstChosen, isFiltered, isVerb, takes, takesText } from './candidates.ts';
import { amountOf, isOddNumber, isPercentWord } from './keywords.ts';
import type { ParseState, Step, Word } from './model.ts';
import { isTextKeyed } from './options.ts';
import { refuseWord } from './unknown.ts';
import { isExcept, type Option, optionOf, skipFillers } from './words.ts';

/** Whether it was said, or goes without saying, what a command is about that has a text. */
const isAimed = (state: ParseState, { target }: Signature): boolean => {
  const { head, noun, ids } = state;
  if (target !== 'required' || ids.length > 0 || noun?.noun === 'swarm') return true;
  const isPreset = head.readings.some(({ parameters }) => parameters?.['scope'] !== undefined);
  return isPreset || (noun !== undefined && isFiltered(state));
};

/** The signature whose text begins here, when everything before the text has been said. */
const textSignature = (state: ParseState): Signature | undefined => {
  if (state.text !== undefined || !takesText(state)) return undefined;
  const signature = firstChosen(state);
  if (!signature?.text || state.parameters.has(signature.text)) return undefined;
  // A noun of several must be said; `help` and `preview` are about nothing else.
  const isDecided = signature.target === 'required' || state.noun !== undefined || state.candidates.length === 1;
  return isDecided && isAimed(state, signature) ? signature : undefined;
};

/** The end of the text that begins at a place: behind it are only parameters of the command. */
const endOfText = (words: readonly Word[], from: number, { parameters }: Signature): number => {
  const isParameter = (word: Word | undefined, isWhole: boolean): boolean => {
    const option = word && optionOf(word);
    return option !== undefined && (option.value !== undefined) === isWhole && parameters.includes(option.key);
  };
  let end = words.length;
  while (end > from) {
    if (isParameter(words[end - 1], true)) end -= 1;
    // `--key value`, in two words.
    else if (end - 2 > from && words[end - 2]!.text.startsWith('--') && isParameter(words[end - 2], false)) end -= 2;
    else break;
  }
  return end;
};

/** Takes the rest of the line as text, but for parameters of the command at its very end. */
const readRest = (state: ParseState, signature: Signature): Step | undefined => {
  const { words, line, at } = state;
  // `answer kiro-1 with yes`
  const isIntroduced = isVerb(state, 'answer') && words[at]!.key === 'with' && at + 1 < words.length;
  const from = isIntroduced ? at + 1 : at;
  const end = endOfText(words, from, signature);
  if (end === from) return isIntroduced ? { at: end } : undefined;
  const last = end === words.length ? line.length : words[end - 1]!.end;
  return { at: end, text: line.slice(words[from]!.start, last).trim() };
};

const SAYING: ReadonlySet<string> = new Set(['to', 'with']);
const CALLED: ReadonlySet<string> = new Set(['called', 'named']);

/** Whether a noun only names the text that follows: `message`. */
export const isTextNoun = ({ vocabulary }: ParseState, { key }: Word): boolean =>
  TEXT_NOUNS.has(vocabulary.nouns.get(key)?.noun ?? '');

/** `to all agents "…"`: after `to`, words for several are the target. */
const isOneOfTargets = ({ vocabulary, words, at }: ParseState, word: Word): boolean => {
  const { quantifiers, states, nouns } = vocabulary;
  const before = words[at - 1];
  const isSaid = before !== undefined && (before.key === 'to' || quantifiers.has(before.key) || states.has(before.key));
  const noun = nouns.get(word.key);
  const isSeveral =
    quantifiers.has(word.key) || states.has(word.key) || noun?.plural === true || noun?.noun === 'swarm';
  return isSaid && isSeveral;
};

/** The command's own noun, before any id. */
const isOwnNoun = ({ vocabulary, noun, ids }: ParseState, { key }: Word, signature: Signature): boolean =>
  noun === undefined && ids.length === 0 && vocabulary.nouns.get(key)?.noun === signature.noun;

/** The number that the command takes, as long as it has none. */
const isOwnAmount = (state: ParseState, word: Word, { parameters }: Signature): boolean =>
  (amountOf(state, word) !== undefined || isOddNumber(word)) &&
  NUMBER_KEYS.some((key) => parameters.includes(key)) &&
  !NUMBER_KEYS.some((key) => state.parameters.has(key));

/** `create group backend with kiro-1, kiro-2`: members, of which the first follows. */
const isBeforeMember = (state: ParseState, { key }: Word): boolean => {
  const member = state.words[state.at + 1]?.text.replace(/,$/u, '');
  return key === 'with' && takes(state, 'instances') && !!member && formOf(state.vocabulary, member) === 'instance';
};

/** `send kiro-3 a message "hello"`: a noun that only names the text in quotes behind it. */
const isBeforeNamedText = (state: ParseState): boolean => {
  const at = skipFillers(state.words, state.at);
  const noun = state.words[at];
  return noun !== undefined && state.words[at + 1]?.quoted === true && isTextNoun(state, noun);
};

/** Whether a word still belongs to what comes before the text. */
const isBeforeText = (state: ParseState, word: Word, signature: Signature): boolean => {
  const isBeforeQuote = state.words[state.at + 1]?.quoted === true;
  if (isOwnNoun(state, word, signature) || isOwnAmount(state, word, signature)) return true;
  if (SAYING.has(word.key) && isBeforeQuote) return true;
  if (isPercentWord(state, word)) return true;
  if (CALLED.has(word.key) && isVerb(state, 'create')) return true;
  if (isBeforeMember(state, word) || isBeforeNamedText(state)) return true;
  const last = state.words.at(-1)!;
  // `tell all agents except kiro-3 "freeze"`, `broadcast to all agents "freeze"`
  if (state.ids.length > 0 || word === last) return false;
  return isExcept(word) || (last.quoted && (word.key === 'to' || isOneOfTargets(state, word)));
};

/** Reads a text in quotes, unless an id is wanted first. */
const readQuotedText = (state: ParseState, word: Word): Step | undefined => {
  const { words, at, ids, lastQuoted } = state;
  const next = words[at + 1];
  // `send "hi" to "kiro-3"` has its text first, `tell "abc" --yes "hi"` its id.
  const isLater = at < lastQuoted && next !== undefined && optionOf(next) !== undefined;
  const goesOn = next !== undefined && (next.quoted || next.text === ',' || next.key === 'and' || isLater);
  if (state.text !== undefined || isTextKeyed(state) || !takesText(state)) return undefined;
  if (goesOn && ids.length === 0 && !textSignature(state)) return undefined;
  return { at: at + 1, text: word.text, idMayFollow: false };
};

/** Refuses a mistyped word that would leave somebody out, else they would be told as well: `tell all agents xcept kiro-3 "stop"`. */
const refuseNearExcept = (state: ParseState, word: Word): void => {
  const next = state.words[state.at + 1]?.text.replace(/,$/u, '') ?? '';
  if (state.ids.length === 0 && formOf(state.vocabulary, next) === 'instance' && isNearExcept(word.key))
    refuseWord(state, word);
};

/** Reads the text of a command, in quotes or as the rest of the line; only `preview` takes an option for text. */
export const readText = (state: ParseState, option: Option | undefined): Step | undefined => {
  const { words, at, ids, lastQuoted } = state;
  const word = words[at]!;
  if (option && !isVerb(state, 'preview')) return undefined;
  if (word.quoted) return readQuotedText(state, word);
  const signature = textSignature(state);
  if (signature) refuseNearExcept(state, word);
  if (!signature || isBeforeText(state, word, signature)) return undefined;
  // `tell all agents kiro-3 "stop"`: is the id told to all, or is it told?
  if (ids.length === 0 && lastQuoted === words.length - 1 && formOf(state.vocabulary, word.text) === 'instance')
    refuseWord(state, word);
  return readRest(state, signature);
};
