import { contradiction, inQuotes, missing, refuse, spanOf, unknownCommand } from '../errors.ts';
import { exampleOf } from '../example.ts';
import { formOf } from '../forms.ts';
import { quote } from '../lex.ts';
import { PICKS_ONE, type VerbReading } from '../lexicon.ts';
import { CLEAR_ALONE } from '../phrases.ts';
import { saidParameter } from '../say.ts';
import type { Signature } from '../signature.ts';
import { pluralOf } from '../vocabulary.ts';
import { chosenFor, isFiltered } from './candidates.ts';
import type { ParseState } from './model.ts';

/** The reading of a verb that is meant, and the command that it is. */
export type Choice = { readonly reading: VerbReading; readonly signature: Signature };

/** What was said, with a noun: `stop all except kiro-3` → `stop all instances except kiro-3`. */
const filteredText = (state: ParseState, verb: string, noun: string): string => {
  const scope = state.parameters.get('scope');
  const isOne = scope === 'last' || scope === 'next';
  const words = [scope, ...state.states, isOne ? noun : pluralOf(noun), ...state.modifiers];
  const others = [...state.parameters].filter(([key]) => key !== 'scope');
  const rest = [
    ...others.map(([key, value]) => saidParameter(key, value, false)),
    ...(state.text === undefined ? [] : [quote(state.text, true)]),
  ];
  return [verb, ...words.filter((word) => word !== undefined), ...rest].join(' ');
};

/** The noun that a line is about, by its own word or the form of its first id. */
const nounOf = ({ noun, ids, vocabulary }: ParseState): string | undefined =>
  noun?.noun ?? (ids[0] === undefined ? undefined : formOf(vocabulary, ids[0]));

/** The refusal of a filter without a noun: `stop all failed`. */
const refuseUnnamed = (state: ParseState, known: readonly Signature[], hint: string): never => {
  const [verb] = state.head.readings.map((reading) => reading.verb);
  const filtered = known.find((one) => one.noun === 'instance' && one.parameters.includes('scope'));
  const isGuessed = filtered !== undefined && isFiltered(state);
  return refuse(missing, {
    message: `It is not said what to ${verb}.`,
    hint: isGuessed ? `Say of what. See: help ${verb}` : hint,
    suggestion: isGuessed ? filteredText(state, filtered.verb, 'instance') : undefined,
    expects: known.map((one) => one.noun),
  });
};

/** Verbs that ask how things are, which a list tells where nothing else does: `status problems`. */
const ASKING: ReadonlySet<string> = new Set(['status', 'show']);

/** The refusal of a verb and a noun that are no command together. */
const refuseCommand = (state: ParseState): never => {
  const verbs = state.head.readings.map(({ verb }) => verb);
  const known = verbs.flatMap((verb) => state.vocabulary.byVerb.get(verb) ?? []);
  const [verb] = verbs;
  const [first] = known;
  const noun = nounOf(state);
  const nouns = [...new Set(known.map((signature) => signature.noun))].join(', ');
  const hint = first
    ? `${inQuotes(first.verb)} goes with: ${nouns}. For example: ${exampleOf(first)}. See: help ${verb}`
    : 'See: help';
  if (noun === undefined && first) return refuseUnnamed(state, known, hint);
  const isMergeOfAll = verb === 'merge' && noun === 'swarm' && state.ids.length === 0;
  const isListed = verb !== undefined && noun !== undefined && ASKING.has(verb);
  return refuse(unknownCommand, {
    message: `There is no command ${inQuotes(`${verb} ${noun ?? ''}`.trim())}.`,
    hint,
    suggestion: isMergeOfAll
      ? 'merge completed branches'
      : isListed && state.ids.length === 0 && state.vocabulary.byCommand.has(`list ${noun}`)
        ? `list ${pluralOf(noun)}`
        : undefined,
  });
};

/** The reading whose command is meant: one that fits noun or id first, then one that fits by default. */
export const choose = (state: ParseState): Choice => {
  const choices = state.head.readings.flatMap((reading): Choice[] => {
    const signature = chosenFor(state, reading.verb);
    return signature ? [{ reading, signature }] : [];
  });
  const [first] = choices;
  if (!first) return refuseCommand(state);
  if (state.noun || choices.length === 1 || !state.parameters.has('count')) {
    const noun = nounOf(state);
    return choices.find(({ signature }) => signature.noun === noun) ?? first;
  }
  // `start 3` may be a task or an amount.
  return refuse(missing, {
    message: 'It is not said of what.',
    hint: `For example: ${choices.map(({ signature }) => exampleOf(signature)).join(', or: ')}`,
    expects: choices.map(({ signature }) => signature.noun),
  });
};

/** Refuses `any` where it may mean whichever, or all of them: `stop any agent`. */
export const refuseAny = (state: ParseState, verb: string): void => {
  const { any, noun } = state;
  if (!any || noun?.plural !== false) return;
  if (state.states.size > 0 && !PICKS_ONE.has(verb)) return;
  refuse(contradiction, {
    message: `"any ${noun.noun}" may mean one of them or all.`,
    hint: `Say an id, or: ${filteredText(state, verb, noun.noun)}`,
    at: spanOf(any),
  });
};

/** Refuses a filter of nothing that was named, where more than one thing may be meant: `stop all`. */
export const refuseVagueAll = (state: ParseState, { verb, noun, target }: Signature): void => {
  if (!isFiltered(state) || state.noun || state.ids.length > 0 || target !== 'required') return;
  const scope = String(state.parameters.get('scope'));
  if (state.states.size === 0 && CLEAR_ALONE[verb]?.includes(scope)) return;
  const nouns = [...new Set(state.candidates.map((signature) => signature.noun))].map(pluralOf);
  refuse(missing, {
    message: `It is not said what to ${verb}.`,
    // Of one thing alone the suggestion is that.
    ...(nouns.length > 1 && { hint: `Say which: ${nouns.join(', ')}.` }),
    suggestion: filteredText(state, verb, noun),
    expects: nouns,
  });
};
