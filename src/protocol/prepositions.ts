import { missing, named, notTaken, refuse, unknownWord } from './errors.ts';
import { readIdRow, readIds } from './ids.ts';
import { PREPOSITIONS, STANDS_FOR, TARGET_PREPOSITIONS } from './lexicon.ts';
import { isNearKeyword, nearestWord } from './near.ts';
import {
  candidatesOf,
  formOf,
  type ParseState,
  replaced,
  setParameter,
  spanOf,
  takes,
  takesModifier,
} from './parse-state.ts';
import { NUMBERS } from './phrases.ts';
import { refuseAgent, refuseAmount, refuseWord } from './unknown.ts';
import { agentNamed, agentsIn, isKeyword, type NounReading } from './vocabulary.ts';
import { numberOf, skipFillers, type Word } from './words.ts';

const has = (draft: ParseState, verbs: readonly string[]): boolean =>
  draft.head.readings.some(({ verb }) => verbs.includes(verb));

const isSeveral = (noun: NounReading | undefined): boolean => noun?.plural === true || noun?.noun === 'swarm';

/** Whether a word says that what follows is left out. */
export const isExcept = ({ key }: Word): boolean => Object.hasOwn(PREPOSITIONS, key) && PREPOSITIONS[key] === 'except';

/** The operand is a word that the loop reads by itself, the preposition adds nothing: `in beast mode`, `using theirs`. */
const isTransparent = (draft: ParseState, preposition: string, operand: Word): boolean => {
  const { modifiers, directions, nouns, quantifiers, states } = draft.vocabulary;
  const modifier = modifiers.get(operand.key);
  if (modifier !== undefined && takesModifier(draft, modifier)) return true;
  if (directions.has(operand.key) && takes(draft, 'direction')) return true;
  if (preposition === 'of') return true;
  if (preposition === 'to' && has(draft, ['tell']) && draft.ids.length === 0)
    return quantifiers.has(operand.key) || states.has(operand.key) || isSeveral(nouns.get(operand.key));
  return preposition === 'for' && has(draft, ['status', 'list', 'show']);
};

/** `to 5`, `up to 5`: set; `by 3`: as much as was said before. */
const readAmount = (draft: ParseState, preposition: string, operand: Word): boolean => {
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

const MODE_BEFORE: ReadonlySet<string> = new Set(['in', 'with', 'using']);

/** `in mode beast`, `in the swarm`; an unknown mode is refused by its name. True when the place is said to the end. */
const readMode = (draft: ParseState, preposition: string, at: number): boolean => {
  if (!MODE_BEFORE.has(preposition)) return false;
  const { words, vocabulary } = draft;
  const [operand, next] = [words[at]!, words[at + 1]];
  if (preposition === 'in' && vocabulary.nouns.get(operand.key)?.noun === 'swarm') return true;
  const modes = [...new Set(candidatesOf(draft).flatMap(({ modifiers }) => modifiers))].filter((one) =>
    one.endsWith('-mode'),
  );
  const [first, second] = [operand.key === 'mode', next?.key === 'mode' && !next.quoted];
  if (first && next && modes.includes(vocabulary.modifiers.get(next.key) ?? '')) return true;
  if (!(first && next) && !second) return false;
  const name = first ? next! : operand;
  const near = first ? undefined : nearestWord(vocabulary, candidatesOf(draft), `${name.key}-mode`);
  return refuse(unknownWord, {
    message: `Unknown mode ${named(name.text)}.`,
    ...(modes.length === 0
      ? {}
      : { hint: `The modes are: ${modes.map((mode) => mode.replace(/-mode$/u, '')).join(', ')}.` }),
    suggestion:
      near === undefined
        ? undefined
        : replaced(draft.line, { start: name.start, end: next!.end }, near.replaceAll('-', ' ')),
    at: spanOf(name),
  });
};

const parameterOf = (draft: ParseState, preposition: string, id: string): string => {
  const key = PREPOSITIONS[preposition]!;
  const isAgent = draft.vocabulary.agents.has(id) && takes(draft, key);
  if (key === 'agent' && !isAgent && formOf(draft.vocabulary, id) === 'instance')
    for (const meant of ['on', 'instances']) if (takes(draft, meant)) return meant;
  if (takes(draft, key)) return key;
  return has(draft, TARGET_PREPOSITIONS[preposition] ?? []) && takes(draft, 'id') ? 'id' : key;
};

const refusePreposition = (draft: ParseState, word: Word): never =>
  refuse(notTaken, {
    message: `${named(word.text)} has no meaning for ${named(draft.head.readings[0]?.verb ?? '')} here.`,
    hint: `See: help ${draft.head.readings[0]?.verb ?? ''}`,
    at: spanOf(word),
  });

/** Reads a preposition with what it is about. False when there is none at the draft's place. */
export const readPreposition = (draft: ParseState): boolean => {
  const word = draft.words[draft.at]!;
  const preposition = word.key === 'up-to' ? 'to' : word.key;
  if (!Object.hasOwn(PREPOSITIONS, preposition)) return false;
  const at = skipFillers(draft.words, draft.at + 1);
  const operand = draft.words[at];
  if (!operand)
    return refuse(missing, {
      message: `Something is missing after ${named(word.text)}.`,
      hint: `Say what comes after ${named(word.text)}.`,
      expects: PREPOSITIONS[preposition] === 'agent' && takes(draft, 'agent') ? agentsIn(draft.vocabulary) : ['an id'],
    });
  // `tell kiro-3 to "stop"`: the quoted piece is what is told.
  const tells = candidatesOf(draft).some(({ text }) => text !== undefined) && draft.text === undefined;
  if (operand.quoted && ['to', 'with'].includes(preposition) && draft.ids.length > 0 && tells) {
    draft.at = at;
    return true;
  }
  if (!operand.quoted && isTransparent(draft, preposition, operand)) {
    draft.at = at;
    // `status of backend` must not take a word for an id that has no form.
    draft.idMayFollow = draft.noun !== undefined && !draft.parameters.has('scope');
    return readOf(draft, preposition, operand);
  }
  if (!operand.quoted && (readAmount(draft, preposition, operand) || readMode(draft, preposition, at))) {
    draft.at = draft.words[at]!.key === 'mode' ? at + 1 : Math.max(draft.at, at + 1);
    return true;
  }
  draft.at = at;
  readOperand(draft, { preposition, word, operand });
  draft.idMayFollow = false;
  return true;
};

/** `the log of task 3.1`: the noun after `of` only says what the id names. */
const readOf = (draft: ParseState, preposition: string, operand: Word): boolean => {
  const noun = operand.quoted ? undefined : draft.vocabulary.nouns.get(operand.key);
  if (!['of', 'for'].includes(preposition) || !draft.noun) return true;
  const next = draft.words[skipFillers(draft.words, draft.at + 1)];
  const sameKind = ['task', 'instance', 'integration', 'branch'];
  const form = noun ? noun.noun : formOf(draft.vocabulary, operand.text);
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
    for (const id of readIds(draft)) draft.ids.push(id);
  }
  return true;
};

const isAbout = (draft: ParseState, kind: string): boolean =>
  candidatesOf(draft).some(({ noun }) => noun === kind || STANDS_FOR[noun] === kind);

type Operand = {
  readonly key: string;
  readonly word: Word;
  readonly operand: Word;
  readonly ids: string[];
  readonly kind: string | undefined;
};

/** The ids after a preposition; what cannot be meant is refused: `all but one`, `on 3.1`, `at 5pm`, `assign 3.1 to 3.2`. */
const checkedOperand = (draft: ParseState, { key, word, operand, ids, kind }: Operand): string[] => {
  const forms = ids.map((id) => formOf(draft.vocabulary, id));
  const agents = candidatesOf(draft).every(({ noun }) => noun === 'instance' || noun === 'swarm');
  if (key === 'except' && (Object.hasOwn(NUMBERS, operand.key) || (agents && /^\d+$/u.test(operand.key))))
    refuseAmount(draft, operand.text, operand);
  // `all agents except 3.1`; a task may look like an instance.
  const misfit = kind === undefined ? agents && forms.includes('task') : !isAbout(draft, kind);
  if (key === 'except' && misfit) refusePreposition(draft, word);
  if (key === 'except' && agents && forms[0] === undefined && isNearKeyword(operand.key)) refuseWord(draft, operand);
  const place = forms.every((form) => form === 'instance' || form === 'worker');
  if (key === 'on' && !place && (word.key === 'at' || forms.includes('task'))) refusePreposition(draft, word);
  if (key !== 'to' || !forms.includes('task') || !has(draft, ['assign', 'reassign'])) return ids;
  // `assign kiro-2 to task 3.1` names them the other way round.
  const [receiver, second] = draft.ids;
  if (receiver === undefined || second !== undefined || formOf(draft.vocabulary, receiver) !== 'instance')
    return refusePreposition(draft, word);
  draft.ids = ids;
  return [receiver];
};

/** `with a claude agent`, `in the backend group`: the noun after a name that tells what it is. */
const skipKind = (draft: ParseState, key: string): void => {
  const next = draft.words[draft.at];
  const noun = next && !next.quoted ? draft.vocabulary.nouns.get(next.key) : undefined;
  if (!noun || noun.plural) return;
  const agent =
    key === 'agent' &&
    noun.noun === 'instance' &&
    agentNamed(draft.vocabulary, draft.words[draft.at - 1]!) !== undefined;
  const branch = key === 'to' && noun.noun === 'branch' && draft.noun?.noun !== 'branch';
  if (agent || branch || (key === 'group' && noun.noun === 'group')) draft.at += 1;
};

/** The agent that a word names; in quotes it may be one that does not exist, which the command will say. */
const checkedAgent = (draft: ParseState, word: Word): string => {
  const agent = agentNamed(draft.vocabulary, word);
  return agent ?? (word.quoted ? word.text : refuseAgent(draft, word));
};

const readOperand = (
  draft: ParseState,
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
    const swapped = preposition === 'to' && formOf(draft.vocabulary, draft.ids[0] ?? '') === 'instance';
    if (own && !swapped && ['to', 'from'].includes(preposition) && has(draft, ['assign', 'reassign', 'unassign']))
      refusePreposition(draft, word);
    if (PREPOSITIONS[preposition] === 'group' && noun.noun !== 'group') refusePreposition(draft, word);
    draft.at = skipFillers(draft.words, draft.at + 1);
  }
  const next = draft.words[draft.at]!;
  const isName = next.quoted || draft.vocabulary.modifiers.has(next.key) || !isKeyword(draft.vocabulary, next.key);
  if (!isName) refuseWord(draft, next);
  const read = readIdRow(draft);
  const key = parameterOf(draft, preposition, read[0] ?? '');
  if (preposition === 'in' && !takes(draft, key)) refuseWord(draft, operand);
  if (read.length === 0 || !takes(draft, key)) refusePreposition(draft, word);
  const ids = next.quoted ? read : checkedOperand(draft, { key, word, operand: next, ids: read, kind: noun?.noun });
  skipKind(draft, key);
  if (key === 'id') {
    if (draft.ids.length > 0) refusePreposition(draft, word);
    draft.ids = ids;
    if (noun && draft.noun === undefined) draft.noun = noun;
    return;
  }
  const [one] = ids;
  if (key === 'agent' && one !== undefined && ids.length === 1)
    setParameter(draft, key, checkedAgent(draft, { ...next, text: one }));
  else setParameter(draft, key, ids.length === 1 ? ids[0]! : ids);
};
