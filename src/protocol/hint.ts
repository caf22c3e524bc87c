import { parse } from './parse.ts';
import { say } from './say.ts';
import type { Signature } from './signature.ts';
import { type Vocabulary, vocabularyOf } from './vocabulary.ts';

/** What to show beside a line that is being typed. */
export type Hint =
  | { readonly kind: 'ok'; readonly says: string }
  | { readonly kind: 'incomplete'; readonly expects: readonly string[] }
  | { readonly kind: 'error'; readonly message: string; readonly suggestion?: string };

const MOST = 8;

/** Keywords that go on with a word that is being typed. */
const continuations = (vocabulary: Vocabulary, word: string): string[] => {
  const key = word.toLowerCase();
  const { byVerb, modifiers, verbs, nouns, states, quantifiers } = vocabulary;
  const words = new Set([byVerb, modifiers, verbs, nouns, states, quantifiers].flatMap((map) => [...map.keys()]));
  return [...words].filter((candidate) => candidate.startsWith(key) && candidate !== key).slice(0, MOST);
};

/** What the line would do, what it still lacks, or what is wrong with it. */
export const hintFor = (text: string, signatures: readonly Signature[]): Hint => {
  const result = parse(text, signatures);
  if (result.ok) return { kind: 'ok', says: say(result.meaning) };
  const vocabulary = vocabularyOf(signatures);
  if (text.trim() === '') return { kind: 'incomplete', expects: [...vocabulary.byVerb.keys()].slice(0, MOST) };
  if (result.expects) return { kind: 'incomplete', expects: result.expects };
  const { at } = result;
  const typing = at !== undefined && at.end === text.trimStart().length ? text.trimStart().slice(at.start) : '';
  const expects = typing === '' ? [] : continuations(vocabulary, typing);
  if (expects.length > 0) return { kind: 'incomplete', expects };
  const suggestion = result.suggestion ?? result.near;
  return { kind: 'error', message: result.error.message, ...(suggestion === undefined ? {} : { suggestion }) };
};
