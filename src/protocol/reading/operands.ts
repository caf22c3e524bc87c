import { badId, inQuotes, lineWith, notTaken, refuse, spanOf } from '../errors.ts';
import { formOf, isId } from '../forms.ts';
import { quote } from '../lex.ts';
import { STANDS_FOR } from '../lexicon.ts';
import { isNearKeyword } from '../near.ts';
import { NUMBERS } from '../phrases.ts';
import { saidOption } from '../say.ts';
import { agentNamed, isKeyword, type NounReading } from '../vocabulary.ts';
import { isVerb, takes } from './candidates.ts';
import { readIdRow } from './ids.ts';
import type { Finding, ParseState, Step, Word } from './model.ts';
import { idsValue, parameter } from './steps.ts';
import { refuseAgent, refuseAmount, refuseWord } from './unknown.ts';
import { skipFillers } from './words.ts';
import { PREPOSITIONS, TARGET_PREPOSITIONS } from '../preposition-words.ts';

/** `merge everything to main`: the command that brings a branch forward to all that is merged. */
const deliveryMeant = (state: ParseState, { key, start }: Word): string | undefined => {
  const to = state.words.find((word) => word.start > start);
  const isAll = isVerb(state, 'merge') && state.noun?.noun === 'swarm';
  return isAll && to && PREPOSITIONS[key] === 'to'
    ? `merge completed branches ${saidOption('to', to.text)}`
    : undefined;
};

/** The refusal of a preposition, or of what stands behind it, that the verb has no use for. */
export const refusePreposition = (state: ParseState, word: Word): never => {
  const verb = state.head.readings[0]?.verb ?? '';
  return refuse(notTaken, {
    message: `${inQuotes(word.text)} has no meaning for ${inQuotes(verb)} here.`,
    hint: `See: help ${verb}`,
    suggestion: deliveryMeant(state, word),
    at: spanOf(word),
  });
};

/** A preposition with the word that says it. */
type Said = { readonly preposition: string; readonly word: Word };

/** What stands behind a preposition: its ids, the word that they begin with, and the noun before that, if there is one. */
type Operand = Said & {
  readonly key: string;
  readonly first: Word;
  readonly ids: readonly string[];
  readonly noun: NounReading | undefined;
};

/** The parameter that a preposition fills: an agent and an instance both come behind `with`. */
const parameterOf = (state: ParseState, preposition: string, id: string): string => {
  const key = PREPOSITIONS[preposition]!;
  const isAgent = state.vocabulary.agents.has(id) && takes(state, key);
  if (key === 'agent' && !isAgent && formOf(state.vocabulary, id) === 'instance')
    for (const meant of ['on', 'instances']) if (takes(state, meant)) return meant;
  if (takes(state, key)) return key;
  return isVerb(state, ...(TARGET_PREPOSITIONS[preposition] ?? [])) && takes(state, 'id') ? 'id' : key;
};

const isAbout = ({ candidates }: ParseState, kind: string): boolean =>
  candidates.some(({ noun }) => noun === kind || STANDS_FOR[noun] === kind);

/** Refuses what cannot be left out: `all but one`, `all agents except 3.1`. */
const refuseLeftOut = (state: ParseState, { word, first, ids, noun }: Operand): void => {
  const forms = ids.map((id) => formOf(state.vocabulary, id));
  const isOfAgents = state.candidates.every((one) => one.noun === 'instance' || one.noun === 'swarm');
  if (Object.hasOwn(NUMBERS, first.key) || (isOfAgents && /^\d+$/u.test(first.key)))
    refuseAmount(state, first.text, first);
  // A task may look like an instance.
  const isMisfit = noun === undefined ? isOfAgents && forms.includes('task') : !isAbout(state, noun.noun);
  if (isMisfit) refusePreposition(state, word);
  if (isOfAgents && forms[0] === undefined && isNearKeyword(first.key)) refuseWord(state, first);
};

/** Refuses what is no place: `on 3.1`, `at 5pm`. */
const refusePlace = (state: ParseState, { word, ids }: Operand): void => {
  const forms = ids.map((id) => formOf(state.vocabulary, id));
  const isPlace = forms.every((form) => form === 'instance' || form === 'worker');
  if (!isPlace && (word.key === 'at' || forms.includes('task'))) refusePreposition(state, word);
};

/** `assign kiro-2 to task 3.1` names them the other way round: the ids behind it are the target. */
const swapTarget = (state: ParseState, { word, ids }: Operand): { target: readonly string[]; receiver: string } => {
  const [receiver, second] = state.ids;
  if (receiver === undefined || second !== undefined || formOf(state.vocabulary, receiver) !== 'instance')
    return refusePreposition(state, word);
  return { target: ids, receiver };
};

/** The agent that a word names; in quotes it may be one that does not exist, which the command will say. */
const checkAgent = (state: ParseState, word: Word): string =>
  agentNamed(state.vocabulary, word) ?? (word.quoted ? word.text : refuseAgent(state, word));

/** What the ids behind a preposition add to the command; what they cannot mean is refused. */
const findingOf = (state: ParseState, operand: Operand): Finding => {
  const { key, word, first, ids, noun } = operand;
  const isSwapped =
    key === 'to' &&
    !first.quoted &&
    isVerb(state, 'assign', 'reassign') &&
    ids.some((id) => formOf(state.vocabulary, id) === 'task');
  if (isSwapped) {
    const { target, receiver } = swapTarget(state, operand);
    return { ids: target, parameters: [parameter(state, key, receiver)] };
  }
  if (key === 'except' && !first.quoted) refuseLeftOut(state, operand);
  if (key === 'on' && !first.quoted) refusePlace(state, operand);
  if (key === 'id') {
    if (state.ids.length > 0) refusePreposition(state, word);
    return { ids, ...(noun && state.noun === undefined ? { noun } : {}) };
  }
  const [one] = ids;
  const agent =
    key === 'agent' && one !== undefined && ids.length === 1 ? checkAgent(state, { ...first, text: one }) : undefined;
  return { parameters: [parameter(state, key, agent ?? idsValue(ids))] };
};

/** The place behind the noun after a name that tells what it is: `with a claude agent`, `in the backend group`. */
const skipKind = ({ vocabulary, words, noun }: ParseState, key: string, at: number): number => {
  const next = words[at];
  const kind = next && !next.quoted ? vocabulary.nouns.get(next.key) : undefined;
  if (!kind || kind.plural) return at;
  const isAgent = key === 'agent' && kind.noun === 'instance' && agentNamed(vocabulary, words[at - 1]!) !== undefined;
  const isBranch = key === 'to' && kind.noun === 'branch' && noun?.noun !== 'branch';
  return isAgent || isBranch || (key === 'group' && kind.noun === 'group') ? at + 1 : at;
};

const ASSIGNING: readonly string[] = ['assign', 'reassign', 'unassign'];

/** Refuses a noun behind a preposition that would mean something else: `from all instances`, `to task 3`. */
const refuseNoun = (state: ParseState, { preposition, word }: Said, noun: NounReading): void => {
  const isOwn = noun.noun === state.noun?.noun || noun.plural;
  if (isOwn && preposition !== 'except') refusePreposition(state, word);
  const isOnlyOwn = state.candidates.every((signature) => signature.noun === noun.noun);
  const isSwapped = preposition === 'to' && formOf(state.vocabulary, state.ids[0] ?? '') === 'instance';
  if (isOnlyOwn && !isSwapped && ['to', 'from'].includes(preposition) && isVerb(state, ...ASSIGNING))
    refusePreposition(state, word);
  if (PREPOSITIONS[preposition] === 'group' && noun.noun !== 'group') refusePreposition(state, word);
};

/** The place where the ids behind a preposition begin: behind a noun that says what they name. */
const skipNoun = (state: ParseState, said: Said, { noun, at }: { noun: NounReading; at: number }): number => {
  const next = skipFillers(state.words, at + 1);
  // `to backup`, `into main` are names.
  if (!state.words[next]) refusePreposition(state, said.word);
  refuseNoun(state, said, noun);
  return next;
};

/** Refuses words where an agent is named, and says where they belong: `retry t6 with "use the other one"`. */
const refuseWords = (state: ParseState, word: Word, first: Word): void => {
  if (!first.quoted || isId(first.text) || !takes(state, 'prompt') || state.parameters.has('prompt')) return;
  refuse(badId, {
    message: `${inQuotes(first.text)} names no agent.`,
    suggestion: lineWith(state.line, { start: word.start, end: first.end }, `prompt=${quote(first.text, true)}`),
    at: spanOf(first),
  });
};

/** Reads the ids behind a preposition, with the noun that tells what they name; `at` is the first word behind it. */
export const readOperand = (state: ParseState, said: Said, at: number): Step => {
  const { vocabulary, words } = state;
  const { preposition, word } = said;
  const operand = words[at]!;
  const noun = operand.quoted ? undefined : vocabulary.nouns.get(operand.key);
  const from = noun ? skipNoun(state, said, { noun, at }) : at;
  const first = words[from]!;
  const isName = first.quoted || vocabulary.modifiers.has(first.key) || !isKeyword(vocabulary, first.key);
  if (!isName) refuseWord(state, first);
  refuseWords(state, word, first);
  const row = readIdRow(state, from);
  const key = parameterOf(state, preposition, row.ids[0] ?? '');
  if (preposition === 'in' && !takes(state, key)) refuseWord(state, operand);
  if (row.ids.length === 0 || !takes(state, key)) refusePreposition(state, word);
  const found = findingOf(state, { ...said, key, first, ids: row.ids, noun });
  return { at: skipKind(state, key, row.at), idMayFollow: false, ...found };
};
