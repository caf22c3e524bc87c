import { distance } from '../lib/text.ts';
import { MODIFIERS, NOUNS } from './lexicon.ts';
import { type Signature, scopeOf } from './signature.ts';
import { agentsIn, type Vocabulary, vocabularyOf } from './vocabulary.ts';
import { PREPOSITIONS } from './preposition-words.ts';

const plain = vocabularyOf([]);

// A word further away than a slip of the finger is no suggestion, and long ones are no words.
const LONGEST = 40;

/** Words that make a command take more than was said: only the slip of one letter behind the first may lead to them. */
const GRAVE: ReadonlySet<string> = new Set([
  ...'all every each any kill abort remove delete rm everything'.split(' '),
  ...['swarm', ...(NOUNS['swarm'] ?? '').split(' ')],
]);
/** Words that lose work: they are proposed for options alone, because `for me` without its blank is as near to `force`. */
const NEVER: ReadonlySet<string> = new Set(['force', ...MODIFIERS['force']!.split(' ')]);
/** Verbs that end or undo something: of two words that are equally near, the harmless one is meant. */
const HARSH: ReadonlySet<string> = new Set(
  'stop halt terminate end quit kill abort remove delete rm drop restart rollback revert undo clean prune'.split(' '),
);

/** How many slips may lie between a mistyped word and the one that is meant. */
const limitFor = (word: string, candidate: string): number => {
  const isOfItsLetter = candidate[0] === word[0];
  if (GRAVE.has(candidate)) return isOfItsLetter ? 1 : 0;
  // `whaat` asks for something, and is no `halt`.
  return word.length <= 4 || (HARSH.has(candidate) && !isOfItsLetter) ? 1 : 2;
};

/** The word that a mistyped one is nearest to; of equally near ones the harmless, then one with the same ending. */
const slip = (word: string, candidates: Iterable<string>): string | undefined => {
  const typed = word.toLowerCase();
  let best: { readonly candidate: string; readonly cost: number } | undefined;
  for (const candidate of candidates) {
    const limit = limitFor(typed, candidate);
    if (candidate === typed || Math.abs(candidate.length - typed.length) > limit) continue;
    const slips = distance(typed, candidate);
    const cost = slips + (HARSH.has(candidate) ? 0.2 : 0) + (candidate.at(-1) === typed.at(-1) ? 0 : 0.1);
    if (slips <= limit && cost < (best?.cost ?? Number.POSITIVE_INFINITY)) best = { candidate, cost };
  }
  return best?.candidate;
};

/** Words that ask, at the beginning of a line: `hat failed?` is as near to `what` as to `halt`. */
const ASKING = ['what', 'which', 'who', 'how'];

/** The verb that a mistyped one is nearest to, or at the beginning of a line a noun. */
export const nearestVerb = (vocabulary: Vocabulary, word: string, isFirst: boolean): string | undefined => {
  if (word.length > LONGEST || !/\p{L}{2}/u.test(word)) return undefined;
  const verb = slip(word, [...vocabulary.byVerb.keys(), ...vocabulary.verbs.keys(), ...(isFirst ? ASKING : [])]);
  // Behind a noun another noun makes a line of which nobody knows what it would do: `tasks history h1` is no `story`.
  const noun = isFirst ? slip(word, vocabulary.nouns.keys()) : undefined;
  if (verb === undefined || noun === undefined) return verb ?? noun;
  // `agnts` is nearer to `agents` than to `gantt`.
  const typed = word.toLowerCase();
  return distance(typed, noun) < distance(typed, verb) ? noun : verb;
};

/** The noun nearest to a mistyped one, of those that these commands are about. */
export const nearestNoun = (
  vocabulary: Vocabulary,
  signatures: readonly Signature[],
  word: string,
): string | undefined => {
  if (word.length > LONGEST) return undefined;
  const nouns = new Set(signatures.map((signature) => signature.noun));
  return slip(
    word,
    [...vocabulary.nouns].filter(([, { noun }]) => nouns.has(noun)).map(([key]) => key),
  );
};

/** The agent nearest to a mistyped one, as it is said. */
export const nearestAgent = (vocabulary: Vocabulary, word: string): string | undefined =>
  word.length > LONGEST ? undefined : slip(word, agentsIn(vocabulary));

/** `any` is never meant by a slip: nobody knows whether it is one or all. */
const QUANTIFIERS = [...plain.quantifiers.keys()].filter((word) => word !== 'any');

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
  const prepositions = word.length > 3 ? Object.keys(PREPOSITIONS) : [];
  const words = [...modifiers, ...taken, ...named, ...vocabulary.states.keys(), ...QUANTIFIERS, ...prepositions];
  return slip(
    word,
    words.filter((one) => !NEVER.has(one)),
  );
};

/** The words of one piece that leave some out. */
const LEAVING_OUT = Object.keys(PREPOSITIONS).filter((key) => PREPOSITIONS[key] === 'except' && key.length > 4);

/** Whether a word may be one that leaves some out, mistyped: `xcept`. */
export const isNearExcept = (word: string): boolean => slip(word, LEAVING_OUT) !== undefined;

const FILTERS = [plain.nouns, plain.states, plain.quantifiers, plain.modifiers].flatMap((map): string[] => [
  ...map.keys(),
]);

// The same ids are said again and again, and each costs some hundred comparisons.
const nearKeywords = new Map<string, boolean>();
const MOST_KNOWN = 1000;

/** Whether a word that stands for an id is so near to a keyword that it may be one, mistyped: `gracefull`. */
export const isNearKeyword = (word: string): boolean => {
  const typed = word.toLowerCase();
  if (typed.length > LONGEST || typed.length < 2) return false;
  const known = nearKeywords.get(typed);
  if (known !== undefined) return known;
  const limit = typed.length < 8 ? 1 : 2;
  const near = FILTERS.some((key) => Math.abs(key.length - typed.length) <= limit && distance(typed, key) <= limit);
  if (nearKeywords.size >= MOST_KNOWN) nearKeywords.clear();
  nearKeywords.set(typed, near);
  return near;
};

/** Whether a word is the slip of one letter away from a verb. */
export const isNearVerb = ({ verbs }: Vocabulary, word: string): boolean =>
  word.length > 2 &&
  word.length <= LONGEST &&
  [...verbs.keys()].some((verb) => Math.abs(verb.length - word.length) <= 1 && distance(word, verb) <= 1);

/** The option nearest to a mistyped one. */
export const nearestOption = (signatures: readonly Signature[], key: string): string | undefined =>
  key.length > LONGEST
    ? undefined
    : slip(key, [
        ...signatures.flatMap((signature) => scopeOf(signature) ?? []),
        ...signatures.flatMap(({ parameters, modifiers }) => [...parameters, ...modifiers]),
      ]);
