import { candidatesOf, type Draft, formOf, refuseWord, setParameter, spanOf, takes, takesModifier } from './draft.ts';
import { missing, named, notTaken, refuse } from './errors.ts';
import { readIds } from './ids.ts';
import { PREPOSITIONS, TARGET_PREPOSITIONS } from './lexicon.ts';
import { isKeyword } from './vocabulary.ts';
import { numberOf, skipFillers, type Word } from './words.ts';

const has = (draft: Draft, verbs: readonly string[]): boolean =>
  draft.head.readings.some(({ verb }) => verbs.includes(verb));

/** The operand is a word that the loop reads by itself, the preposition adds nothing: `in beast mode`, `using theirs`. */
const isTransparent = (draft: Draft, preposition: string, operand: Word): boolean => {
  const { modifiers, directions, nouns } = draft.vocabulary;
  const modifier = modifiers.get(operand.key);
  if (modifier !== undefined && takesModifier(draft, modifier)) return true;
  if (directions.has(operand.key) && takes(draft, 'direction')) return true;
  if (preposition === 'of') return true;
  if (preposition === 'in' && nouns.get(operand.key)?.noun === 'swarm') return true;
  return preposition === 'for' && has(draft, ['status', 'list', 'show']);
};

/** `to 5`, `up to 5`: set; `by 3`: as much as was said before. */
const readAmount = (draft: Draft, preposition: string, operand: Word): boolean => {
  const number = numberOf(operand);
  if (number === undefined || !takes(draft, 'count')) return false;
  if (preposition === 'to') {
    draft.parameters.set('op', 'set');
  } else if (preposition === 'by') {
    const said = draft.parameters.has('op') || draft.head.readings.some(({ parameters }) => parameters?.['op']);
    if (!said)
      refuse(missing, {
        message: 'It is not said whether to scale up or down.',
        hint: `Say: scale up by ${number}, or: scale down by ${number}`,
        suggestion: `scale up by ${number}`,
      });
  } else if (preposition !== 'with') return false;
  setParameter(draft, 'count', number);
  return true;
};

const parameterOf = (draft: Draft, preposition: string, id: string): string => {
  const key = PREPOSITIONS[preposition]!;
  if (key === 'agent' && formOf(id) === 'instance' && takes(draft, 'on')) return 'on';
  if (takes(draft, key)) return key;
  return has(draft, TARGET_PREPOSITIONS[preposition] ?? []) && takes(draft, 'id') ? 'id' : key;
};

const refusePreposition = (draft: Draft, word: Word): never =>
  refuse(notTaken, {
    message: `${named(word.text)} has no meaning for ${named(draft.head.readings[0]?.verb ?? '')} here.`,
    hint: `See: help ${draft.head.readings[0]?.verb ?? ''}`,
    at: spanOf(word),
  });

/** Reads a preposition with what it is about. False when there is none at the draft's place. */
export const readPreposition = (draft: Draft): boolean => {
  const word = draft.words[draft.at]!;
  const preposition = word.key === 'up-to' ? 'to' : word.key;
  if (!Object.hasOwn(PREPOSITIONS, preposition)) return false;
  const at = skipFillers(draft.words, draft.at + 1);
  const operand = draft.words[at];
  if (!operand)
    return refuse(missing, {
      message: `Something is missing after ${named(word.text)}.`,
      hint: `Say what comes after ${named(word.text)}.`,
      expects: ['an id'],
    });
  // `tell kiro-3 to "stop"`: the quoted piece is what is told.
  const tells = candidatesOf(draft).some(({ text }) => text !== undefined) && draft.text === undefined;
  if (operand.quoted && preposition === 'to' && draft.ids.length > 0 && tells) {
    draft.at = at;
    return true;
  }
  if (!operand.quoted && isTransparent(draft, preposition, operand)) {
    draft.at = at;
    // `status of backend` must not take a word for an id that has no form.
    draft.idMayFollow = draft.noun !== undefined && !draft.parameters.has('scope');
    return readOf(draft, preposition, operand);
  }
  if (!operand.quoted && readAmount(draft, preposition, operand)) {
    draft.at = at + 1;
    return true;
  }
  draft.at = at;
  readOperand(draft, { preposition, word, operand });
  draft.idMayFollow = false;
  return true;
};

/** `the log of task 3.1`: the noun after `of` only says what the id names. */
const readOf = (draft: Draft, preposition: string, operand: Word): boolean => {
  const noun = operand.quoted ? undefined : draft.vocabulary.nouns.get(operand.key);
  if (preposition !== 'of' || !draft.noun) return true;
  const next = draft.words[skipFillers(draft.words, draft.at + 1)];
  const sameKind = ['task', 'instance', 'integration', 'branch'];
  const form = noun ? noun.noun : formOf(operand.text);
  if (form !== undefined && form !== draft.noun.noun && sameKind.includes(draft.noun.noun) && form !== 'swarm') {
    const key = takes(draft, form) ? form : undefined;
    if (key === undefined) return refusePreposition(draft, operand);
    draft.at += noun ? 1 : 0;
    const ids = readIds(draft);
    setParameter(draft, key, ids.length === 1 ? ids[0]! : ids);
    return true;
  }
  if (
    noun &&
    noun.noun !== draft.noun.noun &&
    noun.noun !== 'swarm' &&
    next &&
    !isKeyword(draft.vocabulary, next.key)
  ) {
    draft.at += 1;
    draft.ids.push(...readIds(draft));
  }
  return true;
};

const readOperand = (
  draft: Draft,
  { preposition, word, operand }: { preposition: string; word: Word; operand: Word },
): void => {
  const { nouns } = draft.vocabulary;
  const noun = operand.quoted ? undefined : nouns.get(operand.key);
  if (noun) {
    const after = draft.words[skipFillers(draft.words, draft.at + 1)];
    // `to backup`, `into main` are names; `from all instances` and `to task 3` would mean something else.
    if (
      !after ||
      (noun.noun === draft.noun?.noun && preposition !== 'except') ||
      (noun.plural && preposition !== 'except')
    )
      refusePreposition(draft, word);
    const own = candidatesOf(draft).every((signature) => signature.noun === noun.noun);
    if (own && ['to', 'from'].includes(preposition) && has(draft, ['assign', 'reassign', 'unassign']))
      refusePreposition(draft, word);
    if (PREPOSITIONS[preposition] === 'group' && noun.noun !== 'group') refusePreposition(draft, word);
    draft.at = skipFillers(draft.words, draft.at + 1);
  }
  const next = draft.words[draft.at]!;
  const isName = next.quoted || draft.vocabulary.modifiers.has(next.key) || !isKeyword(draft.vocabulary, next.key);
  if (!isName) refuseWord(draft, next);
  const ids = readIds(draft);
  const key = parameterOf(draft, preposition, ids[0] ?? '');
  if (preposition === 'in' && !takes(draft, key)) refuseWord(draft, operand);
  if (ids.length === 0 || !takes(draft, key)) refusePreposition(draft, word);
  if (key === 'id') {
    if (draft.ids.length > 0) refusePreposition(draft, word);
    draft.ids = ids;
    if (noun && draft.noun === undefined) draft.noun = noun;
    return;
  }
  setParameter(draft, key, ids.length === 1 ? ids[0]! : ids);
};
