import { shortened } from '../lib/text.ts';
import type { Meaning } from './action.ts';
import { badId, contradiction, named, refuse, unknownWord } from './errors.ts';
import type { Head } from './head.ts';
import { DEFAULT_NOUN, ID_FORMS, LIST_KEYS, STANDS_FOR } from './lexicon.ts';
import { nearestWord } from './near.ts';
import type { Signature } from './signature.ts';
import type { NounReading, Vocabulary } from './vocabulary.ts';
import type { Word } from './words.ts';

export type Value = Meaning['parameters'][string];

/** A command while its words are being read. */
export type Draft = {
  readonly vocabulary: Vocabulary;
  readonly line: string;
  readonly words: readonly Word[];
  readonly head: Head;
  /** The first word that is not read yet. */
  at: number;
  noun: NounReading | undefined;
  ids: string[];
  /** Whether an id without a telling form may come now: right after the verb or the noun. */
  idMayFollow: boolean;
  text: string | undefined;
  readonly modifiers: Set<string>;
  readonly states: Set<string>;
  readonly parameters: Map<string, Value>;
};

export const spanOf = (word: Word): { start: number; end: number } => ({ start: word.start, end: word.end });

/** The noun that an id's form tells. */
export const formOf = (id: string): string | undefined =>
  id.length > 200 ? undefined : ID_FORMS.find(([form]) => form.test(id))?.[1];

const PATH_VERBS: ReadonlySet<string> = new Set(['import', 'export']);

const signatureOf = ({ vocabulary }: Draft, verb: string, noun: string | undefined): Signature | undefined =>
  vocabulary.byCommand.get(`${verb} ${noun}`);

const standIn = (draft: Draft, verb: string, noun: string): Signature | undefined =>
  signatureOf(draft, verb, noun) ?? signatureOf(draft, verb, STANDS_FOR[noun]);

/** The signatures that the line may still be meant for. */
export const candidatesOf = (draft: Draft): readonly Signature[] => {
  const { head, vocabulary, noun } = draft;
  if (noun) return head.readings.flatMap(({ verb }) => standIn(draft, verb, noun.noun) ?? []);
  return head.readings.flatMap(({ verb }) => vocabulary.byVerb.get(verb) ?? []);
};

/** The one signature for a reading of the verb, by noun, else by the form of the id, else by what the verb is usually about. */
export const chosenFor = (draft: Draft, verb: string): Signature | undefined => {
  if (draft.noun) return standIn(draft, verb, draft.noun.noun);
  const all = draft.vocabulary.byVerb.get(verb) ?? [];
  const [id] = draft.ids;
  const form = id === undefined || PATH_VERBS.has(verb) ? undefined : formOf(id);
  const formed = signatureOf(draft, verb, form);
  if (formed) return formed;
  if (all.length === 1) return all[0];
  // An id that is plainly something else must not be taken for the usual noun.
  if (form !== undefined) return undefined;
  return signatureOf(draft, verb, draft.head.fallback) ?? signatureOf(draft, verb, DEFAULT_NOUN[verb]);
};

export const takes = (draft: Draft, parameter: string): boolean =>
  candidatesOf(draft).some(
    ({ parameters, text, target }) =>
      parameters.includes(parameter) || text === parameter || (parameter === 'id' && target !== 'none'),
  );

export const takesModifier = (draft: Draft, modifier: string): boolean =>
  candidatesOf(draft).some(({ modifiers }) => modifiers.includes(modifier));

export const setParameter = (draft: Draft, key: string, value: Value): void => {
  if (Array.isArray(value) && value.length > 1 && !LIST_KEYS.has(key))
    refuse(contradiction, {
      message: `${named(key)} takes one, and ${value.map(named).join(' and ')} were said.`,
      hint: 'Say one.',
    });
  const before = draft.parameters.get(key);
  if (before !== undefined && String(before) !== String(value))
    refuse(contradiction, {
      message: `${named(key)} is said twice: ${named(String(before))} and ${named(String(value))}.`,
      hint: 'Say it once.',
    });
  draft.parameters.set(key, value);
};

export const addState = (draft: Draft, word: string): void => {
  draft.states.add(draft.vocabulary.states.get(word.toLowerCase()) ?? word);
};

// A colon stands within the ids of alerts: failed:3.1
const ID = /^[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}._/#@-]|:(?=[\p{L}\p{N}]))*$/u;
// A path meets no shell, so blanks, quotes and the like are as good as letters in it.
const PATH = /^[^-\s\p{Cc}](?:[^\p{Cc}]*[^\s\p{Cc}])?$/u;

/** Only specs and what is imported may be paths that lead elsewhere. */
const namesPath = (draft: Draft): boolean =>
  draft.noun?.noun === 'spec' || draft.head.readings.some(({ verb }) => PATH_VERBS.has(verb));

/** Refuses what cannot be an id. */
export const checkedId = (draft: Draft, id: string): string => {
  const isPath = namesPath(draft);
  if (id.length <= 400 && (isPath ? PATH.test(id) : ID.test(id) && !id.includes('..'))) return id;
  return refuse(badId, {
    message: `${named(id)} cannot be an id.`,
    hint: isPath
      ? 'Give a path without control characters; one that begins with a hyphen is written ./-name.'
      : 'An id begins with a letter or digit and has letters, digits and . _ / # @ - but no "..".',
  });
};

/** The line with another word in a word's place; `…` stands for what is too long to be shown. */
export const replaced = (line: string, { start, end }: { start: number; end: number }, text: string): string =>
  `${shortened(line.slice(0, start), 120)}${text}${shortened(line.slice(end), 120)}`;

/** The refusal of a word that means nothing here, with the nearest one that would. */
export const refuseWord = (draft: Draft, word: Word): never => {
  const near = nearestWord(draft.vocabulary, candidatesOf(draft), word.text);
  const verb = draft.head.readings[0]?.verb ?? '';
  const talks = candidatesOf(draft).some(({ text }) => text !== undefined);
  const advice = talks
    ? `Text goes in quotes, after the target: ${verb} … "…". See: help ${verb}`
    : namesPath(draft) && draft.ids.length === 0
      ? `If it is the name of a folder, write ./${shortened(word.text, 60)}; else see: help ${verb}`
      : `Leave it out, or see: help ${verb}`;
  return refuse(unknownWord, {
    message: `Unknown word ${named(word.text)}.`,
    ...(near === undefined ? { hint: advice } : {}),
    suggestion: near === undefined ? undefined : replaced(draft.line, word, near),
    at: spanOf(word),
  });
};
