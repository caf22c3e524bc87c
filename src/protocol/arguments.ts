import {
  addState,
  candidatesOf,
  chosenFor,
  type Draft,
  refuseWord,
  setParameter,
  spanOf,
  takes,
  takesModifier,
} from './draft.ts';
import { named, notTaken, refuse } from './errors.ts';
import { readBareId, refuseVerb } from './ids.ts';
import { NUMBER_KEYS, NUMBERS, TEXT_NOUNS, URGENT } from './lexicon.ts';
import { optionOf, readOption } from './options.ts';
import { readPreposition } from './prepositions.ts';
import type { Signature } from './signature.ts';
import { isKeyword } from './vocabulary.ts';
import { isFiller, numberOf, skipFillers, type Word } from './words.ts';

const has = (draft: Draft, verb: string): boolean => draft.head.readings.some((reading) => reading.verb === verb);

/** The signature whose text begins here, when everything before the text has been said. */
const textSignature = (draft: Draft): Signature | undefined => {
  if (draft.text !== undefined) return undefined;
  const signature = draft.head.readings.map(({ verb }) => chosenFor(draft, verb)).find((found) => found !== undefined);
  if (!signature?.text || draft.parameters.has(signature.text)) return undefined;
  const preset = draft.head.readings.some(({ parameters }) => parameters?.['scope'] !== undefined);
  const targeted =
    signature.target !== 'required' ||
    preset ||
    draft.ids.length > 0 ||
    (draft.noun !== undefined && (draft.parameters.has('scope') || draft.states.size > 0));
  // A noun of several must be said; `help` and `preview` are about nothing else.
  const decided = signature.target === 'required' || draft.noun !== undefined || candidatesOf(draft).length === 1;
  return targeted && decided ? signature : undefined;
};

/** Takes the rest of the line as text, but for parameters of the command at its very end. */
const readRest = (draft: Draft, signature: Signature): void => {
  const { words, line, at } = draft;
  let end = words.length;
  const known = (word: Word | undefined, whole: boolean) => {
    const option = word && optionOf(word);
    return option !== undefined && (option.value !== undefined) === whole && signature.parameters.includes(option.key);
  };
  while (end > at) {
    if (known(words[end - 1], true)) end -= 1;
    // `--key value`, in two words.
    else if (end - 2 > at && words[end - 2]!.text.startsWith('--') && known(words[end - 2], false)) end -= 2;
    else break;
  }
  const last = end === words.length ? line.length : words[end - 1]!.end;
  if (end > at) draft.text = line.slice(words[at]!.start, last).trim();
  draft.at = end;
  while (draft.at < words.length && readOption(draft));
};

const readText = (draft: Draft): boolean => {
  const word = draft.words[draft.at]!;
  if (optionOf(word) && !has(draft, 'preview')) return false;
  if (word.quoted) {
    const next = draft.words[draft.at + 1];
    const goesOn = next && (next.quoted || next.text === ',' || next.key === 'and');
    const idFirst = goesOn && draft.ids.length === 0 && !textSignature(draft);
    if (draft.text !== undefined || idFirst || !candidatesOf(draft).some((signature) => signature.text)) return false;
    draft.text = word.text;
    draft.at += 1;
    draft.idMayFollow = false;
    return true;
  }
  const signature = textSignature(draft);
  if (!signature || startsTarget(draft, word, signature)) return false;
  readRest(draft, signature);
  return true;
};

/** Words that still belong to what comes before the text: the command's own noun, a number it takes. */
const startsTarget = (draft: Draft, word: Word, signature: Signature): boolean => {
  const noun = draft.vocabulary.nouns.get(word.key);
  if (draft.noun === undefined && draft.ids.length === 0 && noun?.noun === signature.noun) return true;
  const number = numberOf(word) !== undefined && NUMBER_KEYS.some((key) => signature.parameters.includes(key));
  if (number && !NUMBER_KEYS.some((key) => draft.parameters.has(key))) return true;
  return word.key === 'to' && draft.words[draft.at + 1]?.quoted === true;
};

const readNumber = (draft: Draft, word: Word): boolean => {
  const number = numberOf(word);
  const key = NUMBER_KEYS.find((name) => takes(draft, name));
  if (number === undefined || key === undefined) return false;
  // `disable flag 3`: where an id must be said, it comes before any amount.
  const aimed = draft.ids.length > 0 || draft.parameters.has('scope') || draft.states.size > 0;
  if (!aimed && candidatesOf(draft).every(({ target }) => target === 'required')) return false;
  setParameter(draft, key, number);
  return true;
};

const SCALE_WORDS = new Set(['up', 'down']);

const readKeyword = (draft: Draft, word: Word): boolean => {
  const { vocabulary } = draft;
  const { key } = word;
  const modifier = vocabulary.modifiers.get(key);
  const direction = vocabulary.directions.get(key);
  const quantifier = vocabulary.quantifiers.get(key);
  if (modifier !== undefined && takesModifier(draft, modifier)) draft.modifiers.add(modifier);
  else if (URGENT.has(key)) {
    if (has(draft, 'stop')) draft.modifiers.add('force');
  } else if (SCALE_WORDS.has(key) && takes(draft, 'op') && takes(draft, 'count')) setParameter(draft, 'op', key);
  else if (direction !== undefined && takes(draft, 'direction')) setParameter(draft, 'direction', direction);
  else if (quantifier !== undefined) setParameter(draft, 'scope', quantifier);
  else if (vocabulary.states.has(key)) addState(draft, key);
  else return false;
  draft.idMayFollow = false;
  return true;
};

const isAmount = (id: string): boolean => /^\d+$/u.test(id) || Object.hasOwn(NUMBERS, id);

const refuseAmount = (draft: Draft, word: Word): never =>
  refuse(notTaken, {
    message: `${named(draft.head.readings[0]?.verb ?? '')} does not take ${named(draft.ids.join(', '))} before ${named(word.text)}.`,
    hint: 'Say the ids after the noun, or: all.',
    at: spanOf(word),
  });

const readNoun = (draft: Draft, word: Word): boolean => {
  const noun = draft.vocabulary.nouns.get(word.key);
  if (!noun) return false;
  if (TEXT_NOUNS.has(noun.noun) && has(draft, 'tell')) return true;
  const known = draft.noun?.noun;
  // `all instances in the swarm`, `run the user-auth task`
  if (known !== undefined && known !== noun.noun) {
    if (noun.noun === 'swarm' || (known === 'swarm' && noun.noun === 'instance')) return true;
    return refuseWord(draft, word);
  }
  // `stop two agents`: which two?
  if (draft.ids.length > 0 && known === undefined && (noun.plural || draft.ids.some(isAmount)))
    refuseAmount(draft, word);
  draft.noun = known === undefined ? noun : draft.noun;
  draft.idMayFollow = draft.ids.length === 0 && !draft.parameters.has('scope') && draft.states.size === 0;
  return true;
};

const readWord = (draft: Draft, word: Word): void => {
  if (word.quoted) {
    readBareId(draft, word);
    return;
  }
  if (readPreposition(draft)) return;
  if (readNumber(draft, word) || readKeyword(draft, word) || readNoun(draft, word)) {
    draft.at += 1;
    return;
  }
  const joins = ['and', ',', '&'].includes(word.key) && draft.states.size > 0;
  const next = draft.words[skipFillers(draft.words, draft.at + 1)];
  if (joins && next && draft.vocabulary.states.has(next.key)) {
    draft.at += 1;
    return;
  }
  const after = word.key === 'and' ? next : word;
  if (after && !after.quoted && draft.vocabulary.verbs.has(after.key)) refuseVerb(draft, after);
  if (isKeyword(draft.vocabulary, word.key)) refuseWord(draft, word);
  readBareId(draft, word);
};

/** Reads all arguments into the draft. A word that means nothing is refused, never skipped. */
export const readArguments = (draft: Draft): void => {
  while (draft.at < draft.words.length) {
    const word = draft.words[draft.at]!;
    if (draft.at === draft.head.ignored) draft.at += 1;
    else if (readText(draft) || readOption(draft)) continue;
    else if (isFiller(word)) draft.at += 1;
    else readWord(draft, word);
  }
};
