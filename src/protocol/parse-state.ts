import { shortened } from '../lib/text.ts';
import type { Meaning } from './action.ts';
import { badId, contradiction, named, refuse } from './errors.ts';
import { ID_FORMS } from './forms.ts';
import type { Head } from './head.ts';
import { keyOf } from './lex.ts';
import { DEFAULT_NOUN, LIST_KEYS, LITERAL_VERBS, STANDS_FOR } from './lexicon.ts';
import type { Signature } from './signature.ts';
import type { NounReading, Vocabulary } from './vocabulary.ts';
import type { Word } from './words.ts';

export type Value = Meaning['parameters'][string];

/** A command while its words are being read. */
export type ParseState = {
  readonly vocabulary: Vocabulary;
  readonly line: string;
  readonly words: readonly Word[];
  readonly head: Head;
  /** The keys of all parameters in the line, and the place of its last quoted word. */
  readonly keys: ReadonlySet<string>;
  readonly lastQuoted: number;
  /** The first word that is not read yet. */
  at: number;
  noun: NounReading | undefined;
  /** What `candidatesOf` found for a noun: it is asked for at every word. */
  candidates: { readonly noun: NounReading | undefined; readonly signatures: readonly Signature[] } | undefined;
  ids: string[];
  /** Whether an id without a telling form may come now: right after the verb or the noun. */
  idMayFollow: boolean;
  /** A word that was taken for an id by its place alone; it may be a slip. */
  loose: Word | undefined;
  /** `any`, where it was said: of one thing, or of all of a kind. */
  any: Word | undefined;
  text: string | undefined;
  readonly modifiers: Set<string>;
  readonly states: Set<string>;
  readonly parameters: Map<string, Value>;
};

export const spanOf = (word: Word): { start: number; end: number } => ({ start: word.start, end: word.end });

type Agents = Pick<Vocabulary, 'agents'>;

const isAgentsId = ({ agents }: Agents, id: string): boolean => agents.has(keyOf(id.replace(/-\d+$/u, '')));

/** The noun that an id's form tells. */
export const formOf = (vocabulary: Agents, id: string): string | undefined => {
  if (id.length > 200) return undefined;
  const noun = ID_FORMS.find(([form]) => form.test(id))?.[1];
  // `KIRO-3` is an instance in capitals, not an issue of a project called KIRO.
  return noun === 'task' && isAgentsId(vocabulary, id) ? 'instance' : noun;
};

const PATH_VERBS: ReadonlySet<string> = new Set(['import', 'export', 'lint']);

const signatureOf = ({ vocabulary }: ParseState, verb: string, noun: string | undefined): Signature | undefined =>
  vocabulary.byCommand.get(`${verb} ${noun}`);

const standIn = (draft: ParseState, verb: string, noun: string): Signature | undefined =>
  signatureOf(draft, verb, noun) ?? (LITERAL_VERBS.has(verb) ? undefined : signatureOf(draft, verb, STANDS_FOR[noun]));

/** Nouns whose ids have a form of their own; a branch or a lock may be called anything. */
const FORMED: ReadonlySet<string> = new Set(['instance', 'task']);

/** A task may be called `login-1`, but hardly `kiro-1`. */
const isPlainlyOther = (vocabulary: Agents, id: string | undefined, noun: string): boolean => {
  const form = id === undefined ? undefined : formOf(vocabulary, id);
  if (form === undefined || form === noun) return false;
  return form !== 'instance' || isAgentsId(vocabulary, id!);
};

/** The signatures that the line may still be meant for; they change only with its noun. */
export const candidatesOf = (draft: ParseState): readonly Signature[] => {
  const { head, vocabulary, noun, candidates } = draft;
  if (candidates && candidates.noun === noun) return candidates.signatures;
  const signatures = noun
    ? head.readings.flatMap(({ verb }) => {
        // `show events since=1h` lists them.
        const list = verb === 'show' && noun.plural ? signatureOf(draft, 'list', noun.noun) : undefined;
        return [standIn(draft, verb, noun.noun), list].filter((found) => found !== undefined);
      })
    : head.readings.flatMap(({ verb }) => vocabulary.byVerb.get(verb) ?? []);
  draft.candidates = { noun, signatures };
  return signatures;
};

/** The one signature for a reading of the verb, by noun, else by the form of the id, else by what the verb is usually about. */
export const chosenFor = (draft: ParseState, verb: string): Signature | undefined => {
  if (draft.noun) return standIn(draft, verb, draft.noun.noun);
  const all = draft.vocabulary.byVerb.get(verb) ?? [];
  const [id] = draft.ids;
  const form = id === undefined || PATH_VERBS.has(verb) ? undefined : formOf(draft.vocabulary, id);
  const formed = signatureOf(draft, verb, form);
  if (formed) return formed;
  const [only] = all;
  if (only && all.length === 1 && !(FORMED.has(only.noun) && isPlainlyOther(draft.vocabulary, id, only.noun)))
    return only;
  // An id that is plainly something else must not be taken for the usual noun.
  if (form !== undefined) return undefined;
  return signatureOf(draft, verb, draft.head.fallback) ?? signatureOf(draft, verb, DEFAULT_NOUN[verb]);
};

/** `stop everything except kiro-3` is about the parts of the whole. */
const leavesOut = ({ head, noun, vocabulary }: ParseState): boolean =>
  noun?.noun === 'swarm' &&
  head.readings.some(
    ({ verb }) =>
      !LITERAL_VERBS.has(verb) &&
      vocabulary.byCommand.get(`${verb} ${STANDS_FOR['swarm']}`)?.parameters.includes('except'),
  );

export const takes = (draft: ParseState, parameter: string): boolean =>
  candidatesOf(draft).some(
    ({ parameters, text, target }) =>
      parameters.includes(parameter) || text === parameter || (parameter === 'id' && target !== 'none'),
  ) ||
  (parameter === 'except' && leavesOut(draft));

export const takesModifier = (draft: ParseState, modifier: string): boolean =>
  candidatesOf(draft).some(({ modifiers }) => modifiers.includes(modifier));

export const setParameter = (draft: ParseState, key: string, value: Value): void => {
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

export const addState = (draft: ParseState, word: string): void => {
  draft.states.add(draft.vocabulary.states.get(word.toLowerCase()) ?? word);
};

// A colon stands within the ids of alerts: failed:3.1
const ID = /^[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}._/#@-]|:(?=[\p{L}\p{N}]))*$/u;
// A path meets no shell, so blanks, quotes and the like are as good as letters in it.
const PATH = /^[^-\s\p{Cc}](?:[^\p{Cc}]*[^\s\p{Cc}])?$/u;

/** Whether a text may be an id without a path: the name of an agent that fits can be said after `with`. */
export const isId = (text: string): boolean => text.length <= 400 && ID.test(text) && !text.includes('..');

/** Only specs and what is imported may be paths that lead elsewhere. */
export const namesPath = (draft: ParseState): boolean =>
  draft.noun?.noun === 'spec' || draft.head.readings.some(({ verb }) => PATH_VERBS.has(verb));

/** Refuses what cannot be an id. */
export const checkedId = (draft: ParseState, id: string): string => {
  const isPath = namesPath(draft);
  if (isPath ? id.length <= 400 && (id === '-' || PATH.test(id)) : isId(id)) return id;
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
