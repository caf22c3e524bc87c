import { complete } from './complete.ts';
import { parse } from './parse.ts';
import { say } from './say.ts';
import { type Language, vocabularyIn } from './vocabulary.ts';

/** What to show beside a line that is being typed. */
export type Hint =
  | { readonly kind: 'ok'; readonly says: string }
  | { readonly kind: 'incomplete'; readonly expects: readonly string[] }
  | { readonly kind: 'error'; readonly message: string; readonly suggestion?: string };

const MOST = 8;

/** Words that go on with one that is being typed: what may stand there, else anything that begins so. */
const continuations = (text: string, language: Language, begun: boolean): string[] => {
  const typed = text.slice(text.search(/\S*$/u));
  const fitting = complete(text, language, {}).map((line) => line.slice(text.length - typed.length));
  if (fitting.length > 0 || begun) return fitting.slice(0, MOST);
  const { byVerb, modifiers, verbs, nouns, states, quantifiers } = vocabularyIn(language);
  const maps = text === typed ? [byVerb, verbs, nouns] : [modifiers, nouns, states, quantifiers];
  const words = maps.flatMap((map): string[] => [...map.keys()]);
  const key = typed.toLowerCase();
  const others = words.filter(
    (word) => word.startsWith(key) && word !== key && word.includes('-') === key.includes('-'),
  );
  return [...new Set(others)].slice(0, MOST);
};

/** What the line would do, what it still lacks, or what is wrong with it. */
export const hintFor = (text: string, language: Language): Hint => {
  const result = parse(text, language);
  if (result.ok) return { kind: 'ok', says: say(result.meaning) };
  const vocabulary = vocabularyIn(language);
  if (text.trim() === '') return { kind: 'incomplete', expects: [...vocabulary.byVerb.keys()].slice(0, MOST) };
  if (result.expects) return { kind: 'incomplete', expects: result.expects.slice(0, MOST) };
  const { at } = result;
  const typing = at !== undefined && at.end === text.trimStart().length ? text.trimStart().slice(at.start) : '';
  // `wrap ` is no verb yet, `wrap up` is one.
  const begun = at?.start === 0 && /\S\s+\S*$/u.test(text);
  const expects = typing === '' && !begun ? [] : continuations(text.trimStart(), language, begun);
  if (expects.length > 0) return { kind: 'incomplete', expects };
  const suggestion = result.suggestion ?? result.near;
  return { kind: 'error', message: result.error.message, ...(suggestion === undefined ? {} : { suggestion }) };
};
