import { keyOf } from './lex.ts';
import { DIRECTIONS, LOADED_VERBS, MODIFIERS, NOUNS, QUANTIFIERS, STATES, VERBS, type VerbReading } from './lexicon.ts';
import { CONTRADICTIONS, FILLERS, NO_NAMES, THANKS, URGENT } from './phrases.ts';
import type { Signature } from './signature.ts';
import { PREPOSITIONS } from './preposition-words.ts';

/** What a noun's word means: the noun, and whether it is about several. */
export type NounReading = { readonly noun: string; readonly plural: boolean };
type Lexeme = { readonly parts: readonly string[]; readonly key: string };

/** What lines are said in: the commands that are understood, and the names of the agents and the run profiles that exist. */
export type Language = {
  readonly signatures: readonly Signature[];
  readonly agents: readonly string[];
  /** They are only offered: a command finds out itself whether there is a mode. */
  readonly modes?: readonly string[];
  /** Agents that only the repository's file knows, which nobody has trusted: they are no words, and are refused as what they are. */
  readonly untrusted?: readonly string[];
  /** What is said in a shell alone, by its words behind `drover`: it is no command here, and is refused as what it is. */
  readonly shell?: readonly string[];
};

/** Everything that the words of a list of signatures mean, computed once per list. */
export type CommandVocabulary = {
  readonly signatures: readonly Signature[];
  readonly verbs: ReadonlyMap<string, readonly VerbReading[]>;
  readonly nouns: ReadonlyMap<string, NounReading>;
  readonly modifiers: ReadonlyMap<string, string>;
  readonly states: ReadonlyMap<string, string>;
  readonly quantifiers: ReadonlyMap<string, string>;
  readonly directions: ReadonlyMap<string, string>;
  readonly byVerb: ReadonlyMap<string, readonly Signature[]>;
  readonly byCommand: ReadonlyMap<string, Signature>;
  /** Words made of several words, by the first one, the longest first. */
  readonly lexemes: ReadonlyMap<string, readonly Lexeme[]>;
};

/** The words of a language: those of its commands, its agents by their names and by the keys of those, and its modes. */
export type Vocabulary = CommandVocabulary & {
  readonly agents: ReadonlyMap<string, string>;
  readonly modes: readonly string[];
  readonly untrusted: ReadonlyMap<string, string>;
  readonly shell: ReadonlySet<string>;
};

const split = (text: string): string[] => text.split(' ').filter((word) => word !== '');

const synonyms = (table: Readonly<Record<string, string>>): Map<string, string> =>
  new Map(Object.entries(table).flatMap(([word, accepted]) => [word, ...split(accepted)].map((key) => [key, word])));

/** The plural of a noun's word. */
export const pluralOf = (word: string): string => {
  if (/(?:s|x|ch|sh)$/u.test(word)) return `${word}es`;
  return /[^aeiou]y$/u.test(word) ? `${word.slice(0, -1)}ies` : `${word}s`;
};

const verbsOf = (signatures: readonly Signature[]): Map<string, VerbReading[]> => {
  const verbs = new Map<string, VerbReading[]>();
  const add = (word: string, reading: VerbReading) => verbs.set(word, [...(verbs.get(word) ?? []), reading]);
  for (const verb of new Set([...Object.keys(VERBS), ...signatures.map((signature) => signature.verb)]))
    add(verb, { verb });
  for (const [verb, accepted] of Object.entries(VERBS)) for (const word of split(accepted)) add(word, { verb });
  for (const [word, reading] of Object.entries(LOADED_VERBS)) add(word, reading);
  return verbs;
};

const nounsOf = (signatures: readonly Signature[]): Map<string, NounReading> => {
  const nouns = new Map<string, NounReading>();
  const add = (word: string, noun: string) => {
    if (!nouns.has(word)) nouns.set(word, { noun, plural: word === 'settings' || word === 'stats' });
    if (!nouns.has(pluralOf(word))) nouns.set(pluralOf(word), { noun, plural: true });
  };
  for (const noun of new Set([...Object.keys(NOUNS), ...signatures.map((signature) => signature.noun)]))
    add(noun, noun);
  for (const [noun, accepted] of Object.entries(NOUNS)) for (const word of split(accepted)) add(word, noun);
  return nouns;
};

const modifiersOf = (signatures: readonly Signature[]): Map<string, string> => {
  const modifiers = synonyms(MODIFIERS);
  for (const { modifiers: own } of signatures) for (const modifier of own) modifiers.set(modifier, modifier);
  for (const modifier of [...modifiers.values()]) {
    const name = /^(?<name>.+)-mode$/u.exec(modifier)?.groups?.['name'];
    if (name !== undefined && !modifiers.has(name)) modifiers.set(name, modifier);
  }
  return modifiers;
};

const lexemesOf = (keys: Iterable<string>): Map<string, Lexeme[]> => {
  const lexemes = new Map<string, Lexeme[]>();
  for (const key of new Set(keys)) {
    const parts = key.split('-');
    if (parts.length > 1) lexemes.set(parts[0]!, [...(lexemes.get(parts[0]!) ?? []), { parts, key }]);
  }
  for (const list of lexemes.values()) list.sort((a, b) => b.parts.length - a.parts.length);
  return lexemes;
};

/** `shutdown` is understood where `shut-down` is. */
const withJoined = <T>(map: Map<string, T>): Map<string, T> => {
  for (const [key, value] of [...map]) {
    const joined = key.replaceAll('-', '');
    if (joined !== key && !map.has(joined)) map.set(joined, value);
  }
  return map;
};

const build = (signatures: readonly Signature[]): CommandVocabulary => {
  const verbs = verbsOf(signatures);
  const nouns = nounsOf(signatures);
  const modifiers = modifiersOf(signatures);
  const states = synonyms(STATES);
  const directions = synonyms(DIRECTIONS);
  const quantifiers = synonyms(QUANTIFIERS);
  const others = [...FILLERS, ...THANKS, ...URGENT, ...Object.keys(PREPOSITIONS), 'up-to'];
  const maps = [verbs, nouns, modifiers, states, directions, quantifiers];
  const several = maps.flatMap((map): string[] => [...map.keys()]);
  return {
    signatures,
    lexemes: lexemesOf([...several, ...others]),
    verbs: withJoined(verbs),
    nouns: withJoined(nouns),
    modifiers: withJoined(modifiers),
    states,
    directions,
    quantifiers,
    byVerb: Map.groupBy(signatures, (signature) => signature.verb),
    byCommand: new Map(signatures.map((signature) => [`${signature.verb} ${signature.noun}`, signature])),
  };
};

// A word of any command needs quotes where it is an id, and who says an id knows no signatures.
const words = new Set<string>();

/** Whether a command that was registered brought the word along. */
export const isRegistered = (word: string): boolean => words.has(word);

const known = new WeakMap<readonly Signature[], CommandVocabulary>();

/** The vocabulary of a list of signatures. The same list is read only once, so it must not change afterwards. */
export const vocabularyOf = (signatures: readonly Signature[]): CommandVocabulary => {
  const before = known.get(signatures);
  if (before) return before;
  const made = build(signatures);
  known.set(signatures, made);
  for (const map of [made.verbs, made.nouns, made.modifiers]) for (const key of map.keys()) words.add(key);
  return made;
};

const agentsOf = (names: readonly string[]): Map<string, string> => {
  const said = names.filter((name) => keyOf(name) !== '');
  const agents = new Map(said.map((name) => [name, name]));
  for (const name of said) if (!agents.has(keyOf(name))) agents.set(keyOf(name), name);
  return agents;
};

const spoken = new WeakMap<Language, Vocabulary>();

/** The vocabulary of a language, which must not change afterwards: what is not there any more belongs in a new one. */
export const vocabularyIn = (language: Language): Vocabulary => {
  const before = spoken.get(language);
  if (before) return before;
  const { signatures, agents, modes = [], untrusted = [], shell = [] } = language;
  const names = { agents: agentsOf(agents), modes, untrusted: agentsOf(untrusted) };
  const made = { ...vocabularyOf(signatures), ...names, shell: new Set(shell) };
  spoken.set(language, made);
  return made;
};

/** A word as it was written, and as it is compared. */
type Spelled = { readonly text: string; readonly key: string };

const namedIn = (names: ReadonlyMap<string, string>, { text, key }: Spelled): string | undefined =>
  names.get(text) ?? names.get(key);

/** The agent that a word names. */
export const agentNamed = ({ agents }: Vocabulary, word: Spelled): string | undefined => namedIn(agents, word);

/** The agent that a word names, of those that nobody has trusted. */
export const untrustedNamed = ({ untrusted }: Vocabulary, word: Spelled): string | undefined =>
  namedIn(untrusted, word);

/** The names of all agents. */
export const agentsIn = ({ agents }: Vocabulary): readonly string[] => [...new Set(agents.values())];

/** Whether a word means something to the parser, so that an id of the same letters needs quotes. */
export const isKeyword = (vocabulary: CommandVocabulary, key: string): boolean =>
  vocabulary.verbs.has(key) ||
  vocabulary.nouns.has(key) ||
  vocabulary.modifiers.has(key) ||
  vocabulary.states.has(key) ||
  vocabulary.quantifiers.has(key) ||
  vocabulary.directions.has(key) ||
  NO_NAMES.has(key) ||
  Object.hasOwn(PREPOSITIONS, key);

/** The modifiers of a set of which only one may be said, when there are several. */
export const contradictionIn = (modifiers: ReadonlySet<string>): readonly string[] | undefined =>
  CONTRADICTIONS.map((set) => set.filter((modifier) => modifiers.has(modifier))).find((found) => found.length > 1);
