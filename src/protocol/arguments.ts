import { readBareId, refuseVerb } from './ids.ts';
import { NUMBER_KEYS, TARGET_MODIFIERS, TEXT_NOUNS } from './lexicon.ts';
import { isTextKeyed, optionOf, readOption } from './options.ts';
import {
  addState,
  candidatesOf,
  chosenFor,
  formOf,
  type ParseState,
  setParameter,
  takes,
  takesModifier,
} from './parse-state.ts';
import { GROWING, GROWING_VERBS, NUMBERS } from './phrases.ts';
import { isExcept, readPreposition } from './prepositions.ts';
import type { Signature } from './signature.ts';
import { refuseAmount, refuseWord } from './unknown.ts';
import { agentNamed, isKeyword } from './vocabulary.ts';
import { isFiller, isUrgent, numberOf, skipFillers, type Word } from './words.ts';

const has = (draft: ParseState, verb: string): boolean => draft.head.readings.some((reading) => reading.verb === verb);

/** The signature whose text begins here, when everything before the text has been said. */
const textSignature = (draft: ParseState): Signature | undefined => {
  if (draft.text !== undefined) return undefined;
  const signature = draft.head.readings.map(({ verb }) => chosenFor(draft, verb)).find((found) => found !== undefined);
  if (!signature?.text || draft.parameters.has(signature.text)) return undefined;
  const preset = draft.head.readings.some(({ parameters }) => parameters?.['scope'] !== undefined);
  const targeted =
    signature.target !== 'required' ||
    preset ||
    draft.ids.length > 0 ||
    draft.noun?.noun === 'swarm' ||
    (draft.noun !== undefined && (draft.parameters.has('scope') || draft.states.size > 0));
  // A noun of several must be said; `help` and `preview` are about nothing else.
  const decided = signature.target === 'required' || draft.noun !== undefined || candidatesOf(draft).length === 1;
  return targeted && decided ? signature : undefined;
};

/** Takes the rest of the line as text, but for parameters of the command at its very end. */
const readRest = (draft: ParseState, signature: Signature): void => {
  const { words, line } = draft;
  // `answer kiro-1 with yes`
  const introduced = has(draft, 'answer') && words[draft.at]!.key === 'with' && draft.at + 1 < words.length;
  const at = introduced ? draft.at + 1 : draft.at;
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

const SAYING: ReadonlySet<string> = new Set(['to', 'with']);
const CALLED: ReadonlySet<string> = new Set(['called', 'named']);
const PERCENT: ReadonlySet<string> = new Set(['%', 'percent']);
const isTextNoun = (draft: ParseState, { key }: Word): boolean =>
  TEXT_NOUNS.has(draft.vocabulary.nouns.get(key)?.noun ?? '');

const readText = (draft: ParseState): boolean => {
  const word = draft.words[draft.at]!;
  if (optionOf(word) && !has(draft, 'preview')) return false;
  if (word.quoted) {
    const next = draft.words[draft.at + 1];
    // `send "hi" to "kiro-3"` has its text first, `tell "abc" --yes "hi"` its id.
    const later = draft.at < draft.lastQuoted && next !== undefined && optionOf(next) !== undefined;
    const goesOn = next && (next.quoted || next.text === ',' || next.key === 'and' || later);
    const idFirst = goesOn && draft.ids.length === 0 && !textSignature(draft);
    if (
      draft.text !== undefined ||
      idFirst ||
      isTextKeyed(draft) ||
      !candidatesOf(draft).some((signature) => signature.text)
    )
      return false;
    draft.text = word.text;
    draft.at += 1;
    draft.idMayFollow = false;
    return true;
  }
  const signature = textSignature(draft);
  if (!signature || startsTarget(draft, word, signature)) return false;
  // `tell all agents kiro-3 "stop"`: is the id told to all, or is it told?
  const last = draft.words.length - 1;
  if (draft.ids.length === 0 && draft.lastQuoted === last && formOf(draft.vocabulary, word.text) === 'instance')
    refuseWord(draft, word);
  readRest(draft, signature);
  return true;
};

/** `to all agents "…"`: after `to`, words for several are the target. */
const isAimed = (draft: ParseState, word: Word): boolean => {
  const { quantifiers, states, nouns } = draft.vocabulary;
  const before = draft.words[draft.at - 1];
  const several = quantifiers.has(word.key) || states.has(word.key);
  const aimed = before !== undefined && (before.key === 'to' || quantifiers.has(before.key) || states.has(before.key));
  return aimed && (several || nouns.get(word.key)?.plural === true || nouns.get(word.key)?.noun === 'swarm');
};

/** Words that still belong to what comes before the text: the command's own noun, a number it takes. */
const startsTarget = (draft: ParseState, word: Word, signature: Signature): boolean => {
  const noun = draft.vocabulary.nouns.get(word.key);
  if (draft.noun === undefined && draft.ids.length === 0 && noun?.noun === signature.noun) return true;
  const amount = numberOf(word) ?? percentOf(draft, word);
  const number = amount !== undefined && NUMBER_KEYS.some((key) => signature.parameters.includes(key));
  if (number && !NUMBER_KEYS.some((key) => draft.parameters.has(key))) return true;
  if (SAYING.has(word.key) && draft.words[draft.at + 1]?.quoted === true) return true;
  if (draft.parameters.has('percent') && PERCENT.has(word.key)) return true;
  if (CALLED.has(word.key) && has(draft, 'create')) return true;
  // `create group backend with kiro-1, kiro-2`
  const member = draft.words[draft.at + 1]?.text.replace(/,$/u, '');
  if (word.key === 'with' && takes(draft, 'instances') && member && formOf(draft.vocabulary, member) === 'instance')
    return true;
  const after = draft.words[skipFillers(draft.words, draft.at)];
  const next = after && draft.words[draft.words.indexOf(after) + 1];
  // `send kiro-3 a message "hello"`
  if (after && next?.quoted && isTextNoun(draft, after)) return true;
  const last = draft.words.at(-1)!;
  // `tell all agents except kiro-3 "freeze"`, `broadcast to all agents "freeze"`
  if (draft.ids.length > 0 || word === last) return false;
  return isExcept(word) || (last.quoted && (word.key === 'to' || isAimed(draft, word)));
};

/** `50%`, `50 percent` */
const percentOf = (draft: ParseState, { key }: Word): number | undefined =>
  takes(draft, 'percent') && /^\d{1,3}%$/u.test(key) ? Number(key.slice(0, -1)) : undefined;

const readNumber = (draft: ParseState, word: Word): boolean => {
  const number = numberOf(word) ?? percentOf(draft, word);
  const key = NUMBER_KEYS.find((name) => takes(draft, name));
  if (number === undefined || key === undefined) return false;
  // `disable flag 3`: where an id must be said, it comes before any amount.
  const aimed = draft.ids.length > 0 || draft.parameters.has('scope') || draft.states.size > 0;
  if (!aimed && candidatesOf(draft).every(({ target }) => target === 'required')) return false;
  setParameter(draft, key, number);
  return true;
};

const SCALE_WORDS = new Set(['up', 'down']);

/** `all other agents` are the others; `every other agent` is not understood. */
const readQuantifier = (draft: ParseState, word: Word, quantifier: string): void => {
  let before = draft.at - 1;
  while (draft.words[before] && isFiller(draft.words[before]!)) before -= 1;
  if (quantifier === 'other' && draft.words[before]?.key === 'all') draft.parameters.set('scope', 'other');
  else setParameter(draft, 'scope', quantifier);
  if (word.key === 'any') draft.any = word;
};

const readKeyword = (draft: ParseState, word: Word): boolean => {
  const { vocabulary } = draft;
  const { key } = word;
  const modifier = vocabulary.modifiers.get(key);
  const direction = vocabulary.directions.get(key);
  const quantifier = vocabulary.quantifiers.get(key);
  if (modifier !== undefined && takesModifier(draft, modifier)) draft.modifiers.add(modifier);
  else if (isUrgent(word)) {
    if (has(draft, 'stop')) draft.modifiers.add('force');
  } else if (SCALE_WORDS.has(key) && takes(draft, 'op') && takes(draft, 'count')) setParameter(draft, 'op', key);
  else if (direction !== undefined && takes(draft, 'direction')) setParameter(draft, 'direction', direction);
  else if (quantifier !== undefined) readQuantifier(draft, word, quantifier);
  else if (vocabulary.states.has(key)) addState(draft, key);
  else return false;
  draft.idMayFollow = false;
  return true;
};

const isAmount = (id: string): boolean => /^\d+$/u.test(id) || Object.hasOwn(NUMBERS, id);

const readNoun = (draft: ParseState, word: Word): boolean => {
  const noun = draft.vocabulary.nouns.get(word.key);
  if (!noun) return false;
  if (isTextNoun(draft, word) && has(draft, 'tell')) return true;
  if (noun.noun === 'swarm' && draft.ids.length > 0) return refuseWord(draft, word);
  const known = draft.noun?.noun;
  // `all instances in the swarm`, `run the user-auth task`
  if (known !== undefined && known !== noun.noun) {
    if (
      noun.noun === 'swarm' ||
      (known === 'swarm' && noun.noun === 'instance' && (noun.plural || takes(draft, 'count')))
    )
      return true;
    return refuseWord(draft, word);
  }
  // `stop two agents`: which two?
  if (draft.ids.length > 0 && known === undefined && (noun.plural || draft.ids.some(isAmount)))
    refuseAmount(draft, draft.ids.join(', '), word);
  draft.noun = known === undefined ? noun : draft.noun;
  draft.idMayFollow = draft.ids.length === 0 && !draft.parameters.has('scope') && draft.states.size === 0;
  return true;
};

const JOINING = new Set(['and', ',', '&', 'or']);

/** `failed and idle`, `failed or idle`, `in beast mode and in parallel`, `both kiro-1 and kiro-2`. */
const joins = (draft: ParseState, word: Word, next: Word | undefined): boolean => {
  if (!next || next.quoted) return false;
  const { states, modifiers } = draft.vocabulary;
  if (word.key === 'both') return draft.ids.length === 0 && draft.idMayFollow && !isKeyword(draft.vocabulary, next.key);
  if (!JOINING.has(word.key)) return false;
  if (draft.states.size > 0 && states.has(next.key)) return true;
  if (word.key === 'or') return false;
  const after = draft.words[skipFillers(draft.words, draft.words.indexOf(next) + 1)];
  return [next, ...(['in', 'with', 'using'].includes(next.key) && after ? [after] : [])].some(({ key }) =>
    takesModifier(draft, modifiers.get(key) ?? ''),
  );
};

/** `two more agents`, `a new task`, and `another agent`, which is one. */
const grows = (draft: ParseState, word: Word): boolean => {
  if (!GROWING.has(word.key) || !draft.head.readings.every(({ verb }) => GROWING_VERBS.has(verb) || verb === 'run'))
    return false;
  const next = draft.words[draft.at + 1];
  const { nouns } = draft.vocabulary;
  const isAgent = next !== undefined && agentNamed(draft.vocabulary, next) !== undefined;
  const goesOn = next && (nouns.has(next.key) || numberOf(next) !== undefined || isAgent);
  if (!goesOn && !GROWING.has(next?.key ?? '')) return false;
  if (word.key === 'another' && numberOf(next!) === undefined && takes(draft, 'count')) setParameter(draft, 'count', 1);
  return true;
};

/** `merge main into feature/x`: elsewhere the word for the primary one is a branch. */
const namesBranch = (draft: ParseState, { key }: Word): boolean =>
  TARGET_MODIFIERS.has(draft.vocabulary.modifiers.get(key) ?? '') &&
  candidatesOf(draft).some(({ noun, target }) => noun === 'branch' && target === 'required');

const readWord = (draft: ParseState, word: Word): void => {
  if (word.quoted) {
    readBareId(draft, word);
    return;
  }
  // `set config agent kiro`: a setting may be called like a noun.
  if (draft.noun?.noun === 'config' && draft.ids.length === 0 && /^agents?$/u.test(word.key)) {
    readBareId(draft, word);
    return;
  }
  if (draft.parameters.has('percent') && PERCENT.has(word.key)) {
    draft.at += 1;
    return;
  }
  if (readPreposition(draft)) return;
  if (readNumber(draft, word) || readKeyword(draft, word) || readNoun(draft, word)) {
    draft.at += 1;
    return;
  }
  const next = draft.words[skipFillers(draft.words, draft.at + 1)];
  if (joins(draft, word, next) || grows(draft, word)) {
    draft.at += 1;
    return;
  }
  const after = word.key === 'and' ? next : word;
  if (after && !after.quoted && draft.vocabulary.verbs.has(after.key)) refuseVerb(draft, after);
  // The word after `and` is the one that is not understood.
  if (JOINING.has(word.key) && next && !next.quoted) refuseWord(draft, next);
  if (isKeyword(draft.vocabulary, word.key) && !namesBranch(draft, word)) refuseWord(draft, word);
  readBareId(draft, word);
};

/** Reads all arguments into the draft. A word that means nothing is refused, never skipped. */
export const readArguments = (draft: ParseState): void => {
  while (draft.at < draft.words.length) {
    const word = draft.words[draft.at]!;
    if (draft.at === draft.head.ignored) draft.at += 1;
    else if (readText(draft) || readOption(draft)) continue;
    else if (isFiller(word)) draft.at += 1;
    else readWord(draft, word);
  }
};
