import { distance, nearest } from '../lib/text.ts';
import { PREPOSITIONS, QUANTIFIERS, STATES } from './lexicon.ts';
import type { Signature } from './signature.ts';
import type { Vocabulary } from './vocabulary.ts';

// A word further away than a slip of the finger is no suggestion, and long ones are no words.
const LONGEST = 40;

/** As `nearest`, but two slips in a short word make another word of it (`what` is not `halt`). */
const slip = (word: string, candidates: Iterable<string>): string | undefined => {
  const found = nearest(
    word,
    [...candidates].filter((candidate) => candidate !== word.toLowerCase()),
  );
  if (found === undefined || word.length > 4) return found;
  return distance(word.toLowerCase(), found) === 1 ? found : undefined;
};

/** The verb that a mistyped one is nearest to: the plain verbs first, then their synonyms, then nouns that may come first. */
export const nearestVerb = (vocabulary: Vocabulary, word: string): string | undefined =>
  word.length > LONGEST
    ? undefined
    : (slip(word, vocabulary.byVerb.keys()) ??
      slip(word, vocabulary.verbs.keys()) ??
      slip(word, vocabulary.nouns.keys()));

/** The word nearest to a mistyped one, of those that these commands take. */
export const nearestWord = (
  vocabulary: Vocabulary,
  signatures: readonly Signature[],
  word: string,
): string | undefined => {
  if (word.length > LONGEST) return undefined;
  const modifiers = new Set(signatures.flatMap((signature) => signature.modifiers));
  const taken = [...vocabulary.modifiers].filter(([, modifier]) => modifiers.has(modifier)).map(([key]) => key);
  const nouns = new Set(signatures.map((signature) => signature.noun));
  const named = [...vocabulary.nouns].filter(([, { noun }]) => nouns.has(noun)).map(([key]) => key);
  return (
    slip(word, modifiers) ??
    slip(word, [...taken, ...named]) ??
    slip(word, [...Object.keys(STATES), ...vocabulary.states.keys(), ...Object.keys(QUANTIFIERS)]) ??
    (word.length > 3 ? slip(word, Object.keys(PREPOSITIONS)) : undefined)
  );
};

/** The option nearest to a mistyped one. */
export const nearestOption = (signatures: readonly Signature[], key: string): string | undefined =>
  key.length > LONGEST
    ? undefined
    : slip(key, ['all', ...signatures.flatMap(({ parameters, modifiers }) => [...parameters, ...modifiers])]);
