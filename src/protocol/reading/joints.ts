import { TARGET_MODIFIERS } from '../lexicon.ts';
import { GROWING, GROWING_VERBS } from '../phrases.ts';
import { agentNamed, isKeyword } from '../vocabulary.ts';
import { takes, takesModifier } from './candidates.ts';
import { refuseVerb } from './ids.ts';
import type { ParseState, Step, Word } from './model.ts';
import { parameter } from './steps.ts';
import { refuseWord } from './unknown.ts';
import { numberOf, skipFillers } from './words.ts';

const JOINING: ReadonlySet<string> = new Set(['and', ',', '&', 'or']);
const MODE_BEFORE: ReadonlySet<string> = new Set(['in', 'with', 'using']);

/** Whether a modifier of the command stands at a place, with a preposition before it or without one. */
const isModifierAt = (state: ParseState, at: number): boolean => {
  const { words, vocabulary } = state;
  const isTaken = (word: Word | undefined): boolean =>
    word !== undefined && takesModifier(state, vocabulary.modifiers.get(word.key) ?? '');
  const word = words[at]!;
  return isTaken(word) || (MODE_BEFORE.has(word.key) && isTaken(words[skipFillers(words, at + 1)]));
};

/** Whether a word only joins others: `failed and idle`, `in beast mode and in parallel`, `both kiro-1 and kiro-2`. */
const isJoint = (state: ParseState, word: Word, at: number): boolean => {
  const { vocabulary, words, ids } = state;
  const next = words[at];
  if (!next || next.quoted) return false;
  if (word.key === 'both') return ids.length === 0 && state.idMayFollow && !isKeyword(vocabulary, next.key);
  if (!JOINING.has(word.key)) return false;
  if (state.states.size > 0 && vocabulary.states.has(next.key)) return true;
  return word.key !== 'or' && isModifierAt(state, at);
};

/** Reads a word of growth: `two more agents`, `a new task`, and `another agent`, which is one. */
const readGrowth = (state: ParseState, word: Word): Step | undefined => {
  const { vocabulary, words, head } = state;
  if (!GROWING.has(word.key) || !head.readings.every(({ verb }) => GROWING_VERBS.has(verb) || verb === 'run'))
    return undefined;
  const at = state.at + 1;
  const next = words[at];
  if (!next) return undefined;
  const amount = numberOf(next);
  const isThing = vocabulary.nouns.has(next.key) || amount !== undefined || agentNamed(vocabulary, next) !== undefined;
  if (!isThing && !GROWING.has(next.key)) return undefined;
  const isOne = word.key === 'another' && amount === undefined && takes(state, 'count');
  return isOne ? { at, parameters: [parameter(state, 'count', 1)] } : { at };
};

/** Reads a word that joins others, or says that something is to be more. */
export const readJoint = (state: ParseState, word: Word): Step | undefined =>
  isJoint(state, word, skipFillers(state.words, state.at + 1)) ? { at: state.at + 1 } : readGrowth(state, word);

/** `merge main into feature/x`: elsewhere the word for the primary one is a branch. */
const isBranchName = ({ vocabulary, candidates }: ParseState, { key }: Word): boolean =>
  TARGET_MODIFIERS.has(vocabulary.modifiers.get(key) ?? '') &&
  candidates.some(({ noun, target }) => (noun === 'branch' || noun === 'ref') && target === 'required');

/** Refuses a word that is known to the language and has no meaning in its place. */
export const refuseKnown = (state: ParseState, word: Word): void => {
  const { vocabulary, words } = state;
  const next = words[skipFillers(words, state.at + 1)];
  const verb = word.key === 'and' ? next : word;
  if (verb && !verb.quoted && vocabulary.verbs.has(verb.key)) refuseVerb(state, verb);
  // The word after `and` is the one that is not understood.
  if (JOINING.has(word.key) && next && !next.quoted) refuseWord(state, next);
  if (isKeyword(vocabulary, word.key) && !isBranchName(state, word)) refuseWord(state, word);
};
