import { inQuotes, lineWith, missing, refuse, spanOf, unknownWord } from '../errors.ts';
import { formOf } from '../forms.ts';
import { nearestWord } from '../near.ts';
import { PREPOSITIONS } from '../preposition-words.ts';
import { agentsIn, isKeyword, type NounReading } from '../vocabulary.ts';
import { isVerb, takes, takesModifier, takesText } from './candidates.ts';
import { readIds } from './ids.ts';
import { refuseOddNumber } from './keywords.ts';
import type { Finding, ParseState, Step, Word } from './model.ts';
import { readOperand, refusePreposition } from './operands.ts';
import { idsValue, parameter } from './steps.ts';
import { numberOf, skipFillers } from './words.ts';

const isSeveral = (noun: NounReading | undefined): boolean => noun?.plural === true || noun?.noun === 'swarm';

/** Whether a preposition adds nothing to a word that is read by itself: `in beast mode`, `using theirs`. */
const isTransparent = (state: ParseState, preposition: string, operand: Word): boolean => {
  const { modifiers, directions, nouns, quantifiers, states } = state.vocabulary;
  const modifier = modifiers.get(operand.key);
  if (modifier !== undefined && takesModifier(state, modifier)) return true;
  if (directions.has(operand.key) && takes(state, 'direction')) return true;
  if (preposition === 'of') return true;
  if (preposition === 'to' && isVerb(state, 'tell') && state.ids.length === 0)
    return quantifiers.has(operand.key) || states.has(operand.key) || isSeveral(nouns.get(operand.key));
  return preposition === 'for' && isVerb(state, 'status', 'list', 'show');
};

const refuseBy = (amount: number): never =>
  refuse(missing, {
    message: 'It is not said whether to scale up or down.',
    hint: `Say: scale up by ${amount}, or: scale down by ${amount}`,
    suggestion: `scale up by ${amount}`,
  });

/** `to 5`, `up to 5`: set; `by 3`: as much as was said before. */
const findAmount = (state: ParseState, preposition: string, operand: Word): Finding | undefined => {
  const number = numberOf(operand);
  if (number === undefined && ['to', 'by'].includes(preposition)) refuseOddNumber(state, operand);
  if (number === undefined || !takes(state, 'count') || !['to', 'by', 'with'].includes(preposition)) return undefined;
  const isDirected = state.parameters.has('op') || state.head.readings.some(({ parameters }) => parameters?.['op']);
  if (preposition === 'by' && !isDirected) refuseBy(number);
  const count = parameter(state, 'count', number);
  return { parameters: preposition === 'to' ? [['op', 'set'], count] : [count] };
};

const MODE_BEFORE: ReadonlySet<string> = new Set(['in', 'with', 'using']);

/** The modes that the command may be carried out in. */
const modesOf = ({ candidates }: ParseState): readonly string[] =>
  [...new Set(candidates.flatMap(({ modifiers }) => modifiers))].filter((one) => one.endsWith('-mode'));

/** The refusal of a mode by its name; `near` is the one that may be meant, and `end` where its words end. */
const refuseMode = (state: ParseState, name: Word, { near, end }: { near: string | undefined; end: number }): never => {
  const modes = modesOf(state).map((mode) => mode.replace(/-mode$/u, ''));
  return refuse(unknownWord, {
    message: `Unknown mode ${inQuotes(name.text)}.`,
    ...(modes.length === 0 ? {} : { hint: `The modes are: ${modes.join(', ')}.` }),
    suggestion:
      near === undefined ? undefined : lineWith(state.line, { start: name.start, end }, near.replaceAll('-', ' ')),
    at: spanOf(name),
  });
};

/** Whether a mode or the swarm is named with one word more: `in mode beast`, `in the swarm`. An unknown mode is refused. */
const isPlaceOrMode = (state: ParseState, preposition: string, at: number): boolean => {
  if (!MODE_BEFORE.has(preposition)) return false;
  const { words, vocabulary, candidates } = state;
  const [operand, next] = [words[at]!, words[at + 1]];
  if (preposition === 'in' && vocabulary.nouns.get(operand.key)?.noun === 'swarm') return true;
  if (!next) return false;
  if (operand.key === 'mode')
    return (
      modesOf(state).includes(vocabulary.modifiers.get(next.key) ?? '') ||
      refuseMode(state, next, { near: undefined, end: next.end })
    );
  if (next.key !== 'mode' || next.quoted) return false;
  const near = nearestWord(vocabulary, candidates, `${operand.key}-mode`);
  return refuseMode(state, operand, { near, end: next.end });
};

/** Nouns of which one may be said to be of another: `the log of task 3.1` is about the task. */
const SAME_KIND: readonly string[] = ['task', 'instance', 'integration', 'branch'];

/** `the log of task 3.1`: the noun after `of` only says what the id names; `at` is the first word behind `of`. */
const readOf = (state: ParseState, preposition: string, at: number): Step => {
  const { vocabulary, words } = state;
  const operand = words[at]!;
  // `status of backend` must not take a word for an id that has no form.
  const nothing = { at, idMayFollow: state.noun !== undefined && !state.parameters.has('scope') };
  if (!['of', 'for'].includes(preposition) || !state.noun) return nothing;
  const noun = vocabulary.nouns.get(operand.key);
  const form = noun ? noun.noun : formOf(vocabulary, operand.text);
  if (form === undefined || form === state.noun.noun || form === 'swarm') return nothing;
  if (SAME_KIND.includes(state.noun.noun)) {
    if (!takes(state, form)) return refusePreposition(state, operand);
    const row = readIds(state, noun ? at + 1 : at);
    return { ...nothing, at: row.at, parameters: [parameter(state, form, idsValue(row.ids))] };
  }
  const next = words[skipFillers(words, at + 1)];
  if (!noun || !next || isKeyword(vocabulary, next.key)) return nothing;
  const row = readIds(state, at + 1);
  return { ...nothing, at: row.at, moreIds: row.ids };
};

const refuseNothing = (state: ParseState, preposition: string, word: Word): never => {
  const isOfAgent = PREPOSITIONS[preposition] === 'agent' && takes(state, 'agent');
  return refuse(missing, {
    message: `Something is missing after ${inQuotes(word.text)}.`,
    hint: `Say what comes after ${inQuotes(word.text)}.`,
    expects: isOfAgent ? agentsIn(state.vocabulary) : ['an id'],
  });
};

/** Reads what needs no quotes and is no id behind a preposition: a word that is read by itself, an amount, a mode. */
const readPlainOperand = (state: ParseState, preposition: string, at: number): Step | undefined => {
  const operand = state.words[at]!;
  if (isTransparent(state, preposition, operand)) return readOf(state, preposition, at);
  const amount = findAmount(state, preposition, operand);
  if (amount) return { at: at + 1, ...amount };
  return isPlaceOrMode(state, preposition, at) ? { at: at + 1 } : undefined;
};

/** Reads a preposition with what it is about. */
export const readPreposition = (state: ParseState): Step | undefined => {
  const { words } = state;
  const word = words[state.at]!;
  const preposition = word.key === 'up-to' ? 'to' : word.key;
  if (!Object.hasOwn(PREPOSITIONS, preposition)) return undefined;
  const at = skipFillers(words, state.at + 1);
  const operand = words[at];
  if (!operand) return refuseNothing(state, preposition, word);
  // `tell kiro-3 to "stop"`: the quoted piece is what is told.
  const isTold = ['to', 'with'].includes(preposition) && state.ids.length > 0 && state.text === undefined;
  if (operand.quoted && isTold && takesText(state)) return { at };
  const plain = operand.quoted ? undefined : readPlainOperand(state, preposition, at);
  return plain ?? readOperand(state, { preposition, word }, at);
};
