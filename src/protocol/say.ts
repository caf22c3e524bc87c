import type { Meaning } from './action.ts';
import { RANGE } from './forms.ts';
import { quoted } from './lex.ts';
import { STRING_KEYS } from './lexicon.ts';
import { isNearKeyword } from './near.ts';
import { formOf, type Value } from './parse-state.ts';
import { FILLERS, GROWING, NEGATIONS, NUMBERS, PROGRAMS, THANKS, URGENT } from './phrases.ts';
import { isKeyword, isRegistered, pluralOf, vocabularyIn } from './vocabulary.ts';

const plain = vocabularyIn({ signatures: [], agents: [] });
const SAID_BY_PREPOSITION: ReadonlySet<string> = new Set(['from', 'to', 'on', 'except', 'after', 'about']);

const needsQuotes = (word: string): boolean => {
  const key = word.toLowerCase();
  return (
    isKeyword(plain, key.replaceAll('_', '-')) ||
    isRegistered(key.replaceAll('_', '-')) ||
    [FILLERS, THANKS, URGENT, NEGATIONS, PROGRAMS, GROWING].some((set) => set.has(key)) ||
    Object.hasOwn(NUMBERS, key) ||
    ['and', 'or', 'percent'].includes(key) ||
    RANGE.test(key) ||
    /[.,:;!?]$|^[-@+~]/u.test(key)
  );
};

/** The name of something that the language knows, as it may stand among other words. */
export const saidName = (name: string): string => quoted(name, needsQuotes(name));

/** An id as it may stand among other words. */
export const saidId = (id: string): string =>
  quoted(id, needsQuotes(id) || (formOf(plain, id) === undefined && isNearKeyword(id)));

/** Several ids. In a row any word may be one that a command knows, so only those of a telling form stand without quotes. */
const saidIds = (ids: readonly string[]): string =>
  ids.length === 1
    ? saidId(ids[0]!)
    : ids.map((id) => (formOf(plain, id) === undefined ? quoted(id, true) : saidId(id))).join(', ');

const list = (value: Value): string[] => (Array.isArray(value) ? value : [String(value)]);

const saidValue = (key: string, value: Value): string => {
  if (Array.isArray(value)) return value.join(',');
  if (typeof value !== 'string') return String(value);
  // What would be read back as a number or a truth value is text only in quotes.
  const literal = !STRING_KEYS.has(key) && /^(?:-?\d+|true|false)$/u.test(value);
  return quoted(value, literal || /[.,:;!?]$/u.test(value));
};

/** `to kiro-1` where that cannot be taken for anything else, else `to=kiro-1`. */
export const saidParameter = (key: string, value: Value, hasText: boolean): string => {
  const ids = list(value);
  const simple = !hasText && SAID_BY_PREPOSITION.has(key) && ids.every((id) => /^[a-z][a-z\d]*-\d+$/u.test(id));
  return simple ? `${key} ${ids.join(', ')}` : `${key}=${saidValue(key, value)}`;
};

/** Verb and noun with their amount, filter and ids, and which parameters that took. */
const subject = ({ verb, noun, parameters }: Meaning): { said: string; taken: readonly string[] } => {
  const { id, scope, state, op, count, direction, failure } = parameters;
  if (verb === 'scale' && noun === 'instance' && count !== undefined)
    return {
      said: `scale ${op === 'set' || op === undefined ? '' : `${op} `}instances ${count}`,
      taken: ['op', 'count'],
    };
  if (verb === 'test')
    return {
      said: ['test', noun, op, failure].filter((word) => word !== undefined).join(' '),
      taken: ['op', 'failure'],
    };
  // What is created has no id to be found by: one that it is given stands as a parameter.
  const named = verb !== 'create';
  const taken = named ? ['id'] : [];
  const words = [verb];
  const several = scope === 'all' || scope === 'other';
  // A state that the language has no word for is said by its key.
  const stated =
    state !== undefined && noun !== 'swarm' && list(state).every((word) => plain.states.get(word) === word);
  const filter = noun !== 'swarm' && (several || stated);
  const first = scope !== undefined && noun !== 'swarm' && (several || stated);
  if (first) words.push(String(scope));
  if (stated) words.push(list(state!).join(' '));
  words.push(filter ? pluralOf(noun) : noun);
  if (stated) taken.push('state');
  if (first || (several && scope === 'all')) taken.push('scope');
  else if (scope === 'last' || scope === 'next') {
    words.push(String(scope));
    taken.push('scope');
  }
  if (id !== undefined && named) words.push(saidIds(list(id)));
  if (verb === 'sync' && direction !== undefined) {
    if (direction !== 'base' || noun !== 'git') words.push(String(direction));
    taken.push('direction');
  }
  return { said: words.join(' '), taken };
};

/** The canonical text of a meaning: reading it gives the same meaning again. */
export const say = (meaning: Meaning): string => {
  const { said, taken } = subject(meaning);
  const { text, ...others } = meaning.parameters;
  const parameters = Object.entries(others)
    .filter(([key]) => !taken.includes(key))
    .map(([key, value]) => saidParameter(key, value, text !== undefined));
  const ending = text === undefined ? [] : [quoted(String(text), true)];
  // Before a text a bare word would be read as its beginning.
  const modifiers = text === undefined ? meaning.modifiers : meaning.modifiers.map((word) => `--${word}`);
  return [said, ...modifiers, ...parameters, ...ending].join(' ');
};
