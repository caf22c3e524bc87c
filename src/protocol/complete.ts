import { idsOf, valuesFor } from './complete-values.ts';
import { isRefused } from './errors.ts';
import { formOf, isId } from './forms.ts';
import type { KnownIds } from './known-ids.ts';
import { lex } from './lex.ts';
import { headOf } from './reading/head.ts';
import type { Head, Word } from './reading/model.ts';
import { prepare } from './reading/prepare.ts';
import { saidId, saidName } from './say.ts';
import { type Signature, scopeOf } from './signature.ts';
import { TEST_OPERATIONS } from './test-operations.ts';
import { agentsIn, type Language, pluralOf, type Vocabulary, vocabularyIn } from './vocabulary.ts';
import { PREPOSITIONS } from './preposition-words.ts';

const MOST = 50;

/** Nouns that are told by an id alone, because of its form. */
const TOLD_BY_ID = new Set(['integration', 'instance', 'session', 'log', 'diff', 'task', 'brief', 'result']);

/** Verbs that give a name of their own, or take that of something which is not there yet, or not any more. */
const NAMING = new Set(['create', 'adopt', 'import', 'restore']);

const idsFor = ({ verb, noun, parameters }: Signature, known: KnownIds): readonly string[] =>
  verb === 'import' && noun === 'spec'
    ? (known.plans ?? [])
    : NAMING.has(verb) || (!TOLD_BY_ID.has(noun) && !parameters.includes('id'))
      ? []
      : idsOf(noun, known);

const takesId = ({ target, parameters }: Signature): boolean => target !== 'none' || parameters.includes('id');

/** Parameters that are said with a word of their own, or by nobody who types. */
const UNSAID = new Set(['id', 'scope', 'op', 'state', 'count', 'confirm', 'direction']);
const SAID_WITH = ['from', 'to', 'on'];

const keysOf = ({ parameters, text }: Signature): string[] => [
  ...SAID_WITH.filter((key) => parameters.includes(key)),
  ...parameters.filter((key) => !UNSAID.has(key) && !SAID_WITH.includes(key) && key !== text).map((key) => `${key}=`),
];

const filtersOf = (signature: Signature): string[] => [
  ...(signature.noun === 'swarm' ? [] : [scopeOf(signature) ?? []].flat()),
  ...(signature.parameters.includes('state') ? ['running'] : []),
];

const amountsOf = ({ verb, parameters }: Signature): string[] =>
  verb === 'scale' && parameters.includes('op') ? ['up', 'down', 'to'] : [];

/** The agents that one of these commands may be about, as they are said. */
const agentsFor = (signatures: readonly Signature[], vocabulary: Vocabulary): string[] =>
  signatures.some(({ parameters }) => parameters.includes('agent'))
    ? agentsIn(vocabulary).filter(isId).map(saidName)
    : [];

/** Whether instances that exist may do it: `run 3.1 with kiro-1`, `create group backend with kiro-1`. */
const isDoneByInstance = ({ parameters, target }: Signature): boolean =>
  parameters.includes('instances') || (parameters.includes('on') && target !== 'none');

/** What may follow a verb alone: its nouns, and what needs none of them. */
const afterVerb = (signatures: readonly Signature[], vocabulary: Vocabulary, known: KnownIds): string[] => [
  ...signatures.flatMap((signature) => [
    ...amountsOf(signature),
    signature.noun,
    ...filtersOf(signature),
    ...(takesId(signature) && TOLD_BY_ID.has(signature.noun) ? idsFor(signature, known).map(saidId) : []),
    ...(signatures.length === 1 ? signature.modifiers : []),
  ]),
  // `launch 2 claude agents`: where nothing can be aimed at, the agent may come before the noun.
  ...(signatures.every(({ target }) => target === 'none') ? agentsFor(signatures, vocabulary) : []),
];

/** What may follow a noun: which one first, then how. */
const afterNoun = (signature: Signature, known: KnownIds): string[] => [
  ...amountsOf(signature),
  ...(takesId(signature) ? idsFor(signature, known).map(saidId) : []),
  ...filtersOf(signature),
  ...signature.modifiers,
  ...keysOf(signature),
];

/** What may follow a preposition: the modes, who does it, or more of what the command is about. */
const afterPreposition = (
  preposition: string,
  { signatures, vocabulary }: { signatures: readonly Signature[]; vocabulary: Vocabulary },
  known: KnownIds,
): string[] => {
  const key = PREPOSITIONS[preposition];
  if (preposition === 'in')
    return signatures.flatMap(({ modifiers }) => modifiers.filter((one) => one.endsWith('-mode')));
  if (key === 'agent')
    return [
      ...agentsFor(signatures, vocabulary),
      ...(signatures.some(isDoneByInstance) ? (known.instances ?? []).map(saidId) : []),
    ];
  if (key === 'on' || key === 'from' || (key === 'to' && signatures.every(({ verb }) => verb !== 'merge')))
    return (known.instances ?? []).map(saidId);
  return signatures.flatMap((signature) => idsFor(signature, known).map(saidId));
};

const afterTest = (words: readonly Word[], { byVerb, nouns }: Vocabulary): string[] => {
  const noun = nouns.get(words[1]?.key ?? '')?.noun;
  if (noun === undefined && words.length > 1) return [];
  if (noun === undefined) return (byVerb.get('test') ?? []).map((signature) => signature.noun);
  return words.length === 2 ? Object.keys(TEST_OPERATIONS[noun] ?? {}).filter((one) => one !== '*') : [];
};

/** `shut` → `down`: the rest of a verb of two words. */
const restOfVerb = (words: readonly Word[], { lexemes, verbs }: Vocabulary): string[] =>
  words.length === 1
    ? (lexemes.get(words[0]!.key) ?? []).flatMap(({ parts, key }) =>
        verbs.has(key) && parts.length === 2 ? [parts[1]!] : [],
      )
    : [];

/** What a line is about as far as it was typed. */
type Typed = {
  readonly vocabulary: Vocabulary;
  readonly last: Word;
  /** The words behind the head. */
  readonly rest: readonly Word[];
  /** The commands of its verb, and those of them that its noun leaves. */
  readonly meant: readonly Signature[];
  readonly said: readonly Signature[];
  readonly noun: string | undefined;
  /** The noun that the form of an id tells. */
  readonly form: string | undefined;
  /** Whether the last word is a quantifier or a state. */
  readonly isFiltered: boolean;
};

const typedIn = (head: Head, words: readonly Word[], vocabulary: Vocabulary): Typed => {
  const { byVerb, nouns } = vocabulary;
  const meant = head.readings.flatMap(({ verb }) => byVerb.get(verb) ?? []);
  const rest = words.slice(head.at);
  const form = rest
    .map((word) => (word.quoted ? undefined : formOf(vocabulary, word.text.replace(/,$/u, ''))))
    .find((found) => found !== undefined);
  const noun =
    head.noun?.noun ?? rest.map(({ key }) => nouns.get(key)?.noun).find((found) => found !== undefined) ?? form;
  const said = meant.filter((signature) => signature.noun === noun);
  const last = words.at(-1)!;
  const isFiltered = rest.length > 0 && (vocabulary.quantifiers.has(last.key) || vocabulary.states.has(last.key));
  return { vocabulary, last, rest, meant, said, noun, form, isFiltered };
};

/** What may follow a command of which the noun was said. */
const afterSaid = ({ last, rest, said, form, isFiltered }: Typed, known: KnownIds): string[] => {
  const ids = said.flatMap((signature) => idsFor(signature, known));
  // A word of the language is a name in quotes alone: `stop instance` where one is called so.
  const isNamed = ({ text, quoted }: Word): boolean => ids.includes(text) && (quoted || saidId(text) === text);
  const isAimed = form !== undefined || isFiltered || rest.some(isNamed);
  if (isAimed && (last.text.endsWith(',') || last.key === 'and')) return ids.map(saidId);
  return said.flatMap((signature) =>
    isAimed ? [...signature.modifiers, ...keysOf(signature)] : afterNoun(signature, known),
  );
};

/** What may follow a filter of which the noun was not said: `stop all`. */
const afterFilter = (meant: readonly Signature[], { states }: Vocabulary): string[] => [
  ...meant.filter(({ noun }) => noun !== 'swarm').map(({ noun }) => pluralOf(noun)),
  ...new Set(states.values()),
];

const afterHead = (typed: Typed, known: KnownIds): string[] => {
  const { vocabulary, last, meant, said, noun } = typed;
  const signatures = said.length > 0 ? said : meant;
  if (Object.hasOwn(PREPOSITIONS, last.key) && last.key !== 'of')
    return afterPreposition(last.key, { signatures, vocabulary }, known);
  if (typed.isFiltered && noun === undefined) return afterFilter(meant, vocabulary);
  return said.length === 0 ? afterVerb(meant, vocabulary, known) : afterSaid(typed, known);
};

/** The words that may follow these. */
const candidatesAfter = (words: readonly Word[], vocabulary: Vocabulary, known: KnownIds): string[] => {
  const { signatures, byVerb, nouns } = vocabulary;
  const [first] = words;
  if (!first) return [...byVerb.keys(), ...new Set(signatures.map(({ noun }) => pluralOf(noun)))];
  const noun = nouns.get(first.key);
  if (words.length === 1 && noun?.plural)
    return signatures.filter((signature) => signature.noun === noun.noun).map(({ verb }) => verb);
  if (first.key === 'test') return afterTest(words, vocabulary);
  const head = headOf(words, vocabulary);
  return head ? afterHead(typedIn(head, words, vocabulary), known) : restOfVerb(words, vocabulary);
};

/** The result for a text that can be understood; where a quote is open, or a word refused, there is nothing to offer. */
const unlessRefused = (find: () => readonly string[]): readonly string[] => {
  try {
    return find();
  } catch (thrown) {
    if (isRefused(thrown)) return [];
    throw thrown;
  }
};

/** What may follow a text, without the words that are in it already. */
const offeredAfter = (text: string, vocabulary: Vocabulary, known: KnownIds): readonly string[] => {
  const { words } = prepare(text, lex(text), vocabulary);
  const said = new Set(words.map((word) => word.text));
  return [...new Set(candidatesAfter(words, vocabulary, known))].filter((word) => !said.has(word));
};

/** The commands that these words may become. */
const meantBy = (words: readonly Word[], vocabulary: Vocabulary): readonly Signature[] => {
  const [first, second] = words;
  if (first?.key === 'test') {
    const noun = vocabulary.nouns.get(second?.key ?? '')?.noun;
    return vocabulary.signatures.filter((signature) => signature.verb === 'test' && signature.noun === noun);
  }
  const head = headOf(words, vocabulary);
  if (!head) return [];
  const { said, meant } = typedIn(head, words, vocabulary);
  return said.length > 0 ? said : meant;
};

/** The values that are known for a parameter of the commands that a text may become. */
const valuesAfter = (text: string, parameter: string, vocabulary: Vocabulary, known: KnownIds): readonly string[] => {
  const { words } = prepare(text, lex(text), vocabulary);
  const values = meantBy(words, vocabulary).map((one) => valuesFor(parameter, one, { vocabulary, known }));
  return [...new Set(values.flat())];
};

/** A parameter whose value is being typed: several with commas, of which the last one is completed. */
const VALUE = /^(?<begun>(?<parameter>[a-z][\w-]*)=(?:.*,)?)[^,]*$/iu;
const LISTED = /^(?<begun>.*,)[^,]*$/u;

/** Whether a word goes on with what was typed; a name that needs quotes is typed without them as well. */
const goesOnWith = (word: string, typed: string): boolean => {
  const key = word.toLowerCase();
  return key !== typed && (key.startsWith(typed) || (key.startsWith('"') && key.startsWith(typed, 1)));
};

/** What is known, with what the language itself has names for; each kind is still looked for only where it is asked for. */
const withWords = (known: KnownIds, vocabulary: Vocabulary): KnownIds =>
  Object.create(known, {
    agents: { get: () => agentsIn(vocabulary).filter(isId) },
    modes: { get: () => vocabulary.modes },
  }) as KnownIds;

/** Whole lines that complete the last word; with a blank at the end, that add one. */
export const complete = (text: string, language: Language, known: KnownIds): string[] => {
  let from = text.length;
  while (from > 0 && !/\s/u.test(text[from - 1]!)) from -= 1;
  const [before, last] = [text.slice(0, from), text.slice(from)];
  const { begun = '', parameter } = (VALUE.exec(last) ?? LISTED.exec(last))?.groups ?? {};
  const typed = last.slice(begun.length).toLowerCase();
  const vocabulary = vocabularyIn(language);
  const all = withWords(known, vocabulary);
  const offered = unlessRefused(() =>
    parameter === undefined
      ? offeredAfter(before, vocabulary, all)
      : valuesAfter(before, parameter.toLowerCase(), vocabulary, all),
  );
  return offered
    .filter((word) => goesOnWith(word, typed))
    .slice(0, MOST)
    .map((word) => `${before}${begun}${word}`);
};
