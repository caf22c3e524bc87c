import { headOf } from './head.ts';
import { lex, type Token } from './lex.ts';
import { saidId } from './say.ts';
import type { Signature } from './signature.ts';
import { pluralOf, type Vocabulary, vocabularyOf } from './vocabulary.ts';
import { prepare, type Word } from './words.ts';

/** Ids that exist, to be offered where an id may stand. */
export type KnownIds = {
  readonly instances: readonly string[];
  readonly tasks: readonly string[];
  readonly batches: readonly string[];
};

const MOST = 50;

const idsOf = (noun: string, known: KnownIds): readonly string[] => {
  if (noun === 'integration') return known.batches;
  if (noun === 'instance' || noun === 'session' || noun === 'log') return known.instances;
  return ['task', 'brief', 'result'].includes(noun) ? known.tasks : [];
};

/** What may follow a verb and, if said, a noun. */
const followers = (signatures: readonly Signature[], hasNoun: boolean, known: KnownIds): string[] =>
  signatures.flatMap(({ noun, modifiers, parameters, target }) => {
    const filter = parameters.includes('scope') ? ['all', ...(parameters.includes('state') ? ['running'] : [])] : [];
    const ids = target === 'none' && !parameters.includes('id') ? [] : idsOf(noun, known).map(saidId);
    const keys = parameters.filter((key) => !['id', 'scope', 'op', 'state'].includes(key)).map((key) => `${key}=`);
    return hasNoun
      ? [...ids, ...filter, ...modifiers, ...keys]
      : [noun, ...filter, ...ids, ...(signatures.length === 1 ? modifiers : [])];
  });

const nounIn = (words: readonly Word[], vocabulary: Vocabulary): string | undefined =>
  words.map((word) => vocabulary.nouns.get(word.key)?.noun).find((noun) => noun !== undefined);

const candidates = (words: readonly Word[], vocabulary: Vocabulary, known: KnownIds): string[] => {
  const { signatures, byVerb } = vocabulary;
  if (words.length === 0) return [...byVerb.keys(), ...new Set(signatures.map(({ noun }) => pluralOf(noun)))];
  const noun = nounIn(words, vocabulary);
  const only = words.length === 1 && noun !== undefined && vocabulary.nouns.get(words[0]!.key)?.plural;
  if (only) return signatures.filter((signature) => signature.noun === noun).map(({ verb }) => verb);
  const head = headOf(words, vocabulary);
  const meant = (head?.readings ?? []).flatMap(({ verb }) => byVerb.get(verb) ?? []);
  const said = noun === undefined ? [] : meant.filter((signature) => signature.noun === noun);
  const offered = followers(said.length > 0 ? said : meant, said.length > 0, known);
  const filtered = words.at(-1)!.key;
  const afterFilter = vocabulary.quantifiers.has(filtered) || vocabulary.states.has(filtered);
  return afterFilter && noun === undefined
    ? [...meant.map((signature) => pluralOf(signature.noun)), ...new Set(vocabulary.states.values())]
    : offered;
};

const wordsOf = (text: string, vocabulary: Vocabulary): { words: readonly Word[]; failed: boolean } => {
  try {
    const tokens: readonly Token[] = lex(text);
    const { words } = prepare(text, tokens, vocabulary);
    candidates(words, vocabulary, { instances: [], tasks: [], batches: [] });
    return { words, failed: false };
  } catch {
    // An open quote, or a word that is refused: there is nothing to offer.
    return { words: [], failed: true };
  }
};

/** Whole lines that complete the last word; with a blank at the end, that add one. */
export const complete = (text: string, signatures: readonly Signature[], known: KnownIds): string[] => {
  const vocabulary = vocabularyOf(signatures);
  let from = text.length;
  while (from > 0 && !/\s/u.test(text[from - 1]!)) from -= 1;
  const [before, last] = [text.slice(0, from), text.slice(from)];
  const list = /^(?<done>.*,)(?<rest>[^,]*)$/u.exec(last)?.groups;
  const { words, failed } = wordsOf(before, vocabulary);
  if (failed) return [];
  const done = list?.['done'] ?? '';
  const rest = (list?.['rest'] ?? last).toLowerCase();
  const said = new Set(words.map(({ text: word }) => word));
  return [...new Set(candidates(words, vocabulary, known))]
    .filter((word) => word.toLowerCase().startsWith(rest) && word.toLowerCase() !== rest && !said.has(word))
    .slice(0, MOST)
    .map((word) => `${before}${done}${word}`);
};
