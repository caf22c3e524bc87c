import type { Value } from '../action.ts';
import { badId, contradiction, inQuotes, refuse } from '../errors.ts';
import { isId, LONGEST_ID } from '../forms.ts';
import { LIST_KEYS } from '../lexicon.ts';
import type { NounReading, Vocabulary } from '../vocabulary.ts';
import { candidatesFor, PATH_VERBS } from './candidates.ts';
import type { Finding, Head, Parameter, ParseState, Word } from './model.ts';
import { keysOf } from './words.ts';

/** A command of which only the head was read. */
export const begin = (vocabulary: Vocabulary, line: string, words: readonly Word[], head: Head): ParseState => ({
  vocabulary,
  line,
  words,
  head,
  keys: keysOf(words),
  lastQuoted: words.findLastIndex(({ quoted }) => quoted),
  at: head.at,
  noun: head.noun,
  candidates: candidatesFor(vocabulary, head, head.noun),
  ids: [],
  idMayFollow: true,
  loose: undefined,
  any: undefined,
  text: undefined,
  modifiers: new Set(),
  states: new Set(),
  parameters: new Map(),
});

/** The same command, about another noun. */
export const withNoun = (state: ParseState, noun: NounReading): ParseState =>
  noun === state.noun ? state : { ...state, noun, candidates: candidatesFor(state.vocabulary, state.head, noun) };

const union = (all: ReadonlySet<string>, more: readonly string[] | undefined): ReadonlySet<string> => {
  if (more === undefined || more.every((one) => all.has(one))) return all;
  const both = new Set(all);
  for (const one of more) both.add(one);
  return both;
};

const withParameters = (
  parameters: ParseState['parameters'],
  more: readonly Parameter[] | undefined,
): ParseState['parameters'] => {
  if (more === undefined || more.length === 0) return parameters;
  const all = new Map(parameters);
  for (const [key, value] of more) all.set(key, value);
  return all;
};

/**
 * Ids with others behind them. The list grows in place: a state that was advanced is not looked at again, and a copy
 * for each of a hundred thousand ids would take minutes.
 */
const extend = (ids: readonly string[], more: readonly string[]): readonly string[] => {
  const all = ids as string[];
  for (const id of more) all.push(id);
  return all;
};

/** The state after a step: what it found is added to what was known. */
export const advance = (state: ParseState, step: Finding & { readonly at?: number }): ParseState => {
  const ids = step.ids ?? state.ids;
  const next = {
    ...state,
    at: step.at ?? state.at,
    ids: step.moreIds === undefined ? ids : extend(ids, step.moreIds),
    idMayFollow: step.idMayFollow ?? state.idMayFollow,
    loose: step.loose ?? state.loose,
    any: step.any ?? state.any,
    text: step.text ?? state.text,
    modifiers: union(state.modifiers, step.modifiers),
    states: union(state.states, step.states),
    parameters: withParameters(state.parameters, step.parameters),
  };
  return step.noun === undefined ? next : withNoun(next, step.noun);
};

/** The same command with a parameter more. */
export const withParameter = (state: ParseState, key: string, value: Value): ParseState => ({
  ...state,
  parameters: new Map(state.parameters).set(key, value),
});

/** The same command without a parameter. */
export const withoutParameter = (state: ParseState, key: string): ParseState => {
  const parameters = new Map(state.parameters);
  parameters.delete(key);
  return { ...state, parameters };
};

/** A parameter as a step may add it; one that was said before with another value is refused. */
export const parameter = ({ parameters }: ParseState, key: string, value: Value): Parameter => {
  if (Array.isArray(value) && value.length > 1 && !LIST_KEYS.has(key))
    refuse(contradiction, {
      message: `${inQuotes(key)} takes one, and ${value.map(inQuotes).join(' and ')} were said.`,
      hint: 'Say one.',
    });
  const before = parameters.get(key);
  if (before !== undefined && String(before) !== String(value))
    refuse(contradiction, {
      message: `${inQuotes(key)} is said twice: ${inQuotes(String(before))} and ${inQuotes(String(value))}.`,
      hint: 'Say it once.',
    });
  return [key, value];
};

/** Ids as the value of a parameter: one by itself, several as a list. */
export const idsValue = (ids: readonly string[]): Value => (ids.length === 1 ? ids[0]! : [...ids]);

/** The state that a word names; one that the language does not know stays as it was said. */
export const stateNamed = ({ vocabulary }: ParseState, word: string): string =>
  vocabulary.states.get(word.toLowerCase()) ?? word;

// A path meets no shell, so blanks, quotes and the like are as good as letters in it.
const PATH = /^[^-\s\p{Cc}](?:[^\p{Cc}]*[^\s\p{Cc}])?$/u;

/** What is said of a worktree with the folder that it is, or is to be. */
const PLACING: ReadonlySet<string> = new Set(['repair', 'move']);

/** Nouns whose names are git's: it takes nearly every character in one. */
const GITS: ReadonlySet<string> = new Set(['branch', 'ref']);

/** Whether ids may be paths that lead elsewhere, as those of specs, of what is imported, and of folders may. */
export const isAboutPath = ({ noun, head: { readings } }: ParseState): boolean =>
  noun?.noun === 'spec' ||
  readings.some(({ verb }) => PATH_VERBS.has(verb) || (noun?.noun === 'worktree' && PLACING.has(verb)));

/** Refuses what cannot be an id. */
export const checkId = (state: ParseState, id: string): string => {
  const isPath = isAboutPath(state);
  const isOfGit = GITS.has(state.noun?.noun ?? '');
  const isLong = id.length > LONGEST_ID;
  if (isId(id) || (!isLong && (isPath || isOfGit) && PATH.test(id)) || (isPath && id === '-')) return id;
  const why = id === '' ? ': it is empty' : isLong ? `: it is longer than ${LONGEST_ID} characters` : '';
  return refuse(badId, {
    message: `${inQuotes(id)} cannot be ${isPath ? 'a path' : isOfGit ? 'a name of git' : 'an id'}${why}.`,
    hint: isPath
      ? 'Give a path without control characters; one that begins with a hyphen is written ./-name.'
      : isOfGit
        ? 'Give the name as git has it, without control characters; none begins with a hyphen.'
        : 'An id begins with a letter or digit and has letters, digits and . _ / # @ - but no "..".',
  });
};
