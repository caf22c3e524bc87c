import type { Meaning, Value } from './action.ts';
import { formOf, RANGE } from './forms.ts';
import { quote } from './lex.ts';
import { STRING_KEYS } from './lexicon.ts';
import { isNearKeyword } from './near.ts';
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
export const saidName = (name: string): string => quote(name, needsQuotes(name));

/** Text of somebody's own as it may stand at the end of a line. */
export const saidText = (text: string): string => quote(text, true);

/** An id as it may stand among other words. */
export const saidId = (id: string): string =>
  quote(id, needsQuotes(id) || (formOf(plain, id) === undefined && isNearKeyword(id)));

/** Several ids. In a row any word may be one that a command knows, so only those of a telling form stand without quotes. */
export const saidIds = (ids: readonly string[]): string =>
  ids.length === 1
    ? saidId(ids[0]!)
    : ids.map((id) => (formOf(plain, id) === undefined ? quote(id, true) : saidId(id))).join(', ');

const list = (value: Value): string[] => (Array.isArray(value) ? value : [String(value)]);

const saidValue = (key: string, value: Value): string => {
  if (Array.isArray(value)) return value.join(',');
  if (typeof value !== 'string') return String(value);
  // What would be read back as a number or a truth value is text only in quotes.
  const literal = !STRING_KEYS.has(key) && /^(?:-?\d+|true|false)$/u.test(value);
  return quote(value, literal || /[.,:;!?]$/u.test(value));
};

/** A parameter as it may stand anywhere in a line: `to=main`, `group="a b"`. */
export const saidOption = (key: string, value: Value): string => `${key}=${saidValue(key, value)}`;

/** A parameter in words where they cannot be taken for anything else, as in `to kiro-1`, else as `to=kiro-1`. */
export const saidParameter = (key: string, value: Value, hasText: boolean): string => {
  const ids = list(value);
  const isPlain = (id: string): boolean => /^[a-z][a-z\d]*-\d+$/u.test(id) && !RANGE.test(id);
  const simple = !hasText && SAID_BY_PREPOSITION.has(key) && ids.every(isPlain);
  return simple ? `${key} ${ids.join(', ')}` : saidOption(key, value);
};

/** The beginning of a command, and which parameters it says. */
type Subject = { readonly said: string; readonly taken: readonly string[] };

const joinWords = (words: readonly (Value | undefined)[]): string =>
  words.filter((word) => word !== undefined).join(' ');

/** `scale up instances 3` */
const scaleSubject = ({ op, count }: Meaning['parameters']): Subject => ({
  said: joinWords(['scale', op === 'set' ? undefined : op, 'instances', count]),
  taken: ['op', 'count'],
});

/** `test failure simulate instance-crash` */
const testSubject = (noun: string, { op, failure }: Meaning['parameters']): Subject => ({
  said: joinWords(['test', noun, op, failure]),
  taken: ['op', 'failure'],
});

/** The states of a filter in words; undefined where the language has no word for one, and they are said by their key. */
const saidStates = (state: Value | undefined): string | undefined => {
  const states = state === undefined ? undefined : list(state);
  return states?.every((word) => plain.states.get(word) === word) ? states.join(' ') : undefined;
};

/** A noun with the filter before it, or the place behind it: `all running instances`, `task next`. */
const filterSubject = (noun: string, { scope, state }: Meaning['parameters']): Subject => {
  const isPlace = scope === 'last' || scope === 'next';
  // The swarm is one: nothing of it is filtered.
  if (noun === 'swarm')
    return { said: joinWords([noun, isPlace ? scope : undefined]), taken: isPlace || scope === 'all' ? ['scope'] : [] };
  const states = saidStates(state);
  const isFilter = scope === 'all' || scope === 'other' || states !== undefined;
  const before = isFilter ? scope : undefined;
  const behind = isPlace && !isFilter ? scope : undefined;
  return {
    said: joinWords([before, states, isFilter ? pluralOf(noun) : noun, behind]),
    taken: [...(states === undefined ? [] : ['state']), ...((before ?? behind) === undefined ? [] : ['scope'])],
  };
};

/** Verb and noun with their amount, filter, ids and direction. */
const subjectOf = ({ verb, noun, parameters }: Meaning): Subject => {
  const { id, count, direction } = parameters;
  if (verb === 'scale' && noun === 'instance' && count !== undefined) return scaleSubject(parameters);
  if (verb === 'test') return testSubject(noun, parameters);
  const { said, taken } = filterSubject(noun, parameters);
  // What is created has no id to be found by: one that it is given stands as a parameter.
  const isNamed = verb !== 'create';
  const isDirected = verb === 'sync' && direction !== undefined;
  const goesWithoutSaying = direction === 'base' && noun === 'git';
  return {
    said: joinWords([
      verb,
      said,
      isNamed && id !== undefined ? saidIds(list(id)) : undefined,
      isDirected && !goesWithoutSaying ? direction : undefined,
    ]),
    taken: [...taken, ...(isNamed ? ['id'] : []), ...(isDirected ? ['direction'] : [])],
  };
};

/** The canonical text of a meaning: reading it gives the same meaning again. */
export const say = (meaning: Meaning): string => {
  const { said, taken } = subjectOf(meaning);
  const { text, ...others } = meaning.parameters;
  const parameters = Object.entries(others)
    .filter(([key]) => !taken.includes(key))
    .map(([key, value]) => saidParameter(key, value, text !== undefined));
  const ending = text === undefined ? [] : [saidText(String(text))];
  // Before a text a bare word would be read as its beginning.
  const modifiers = text === undefined ? meaning.modifiers : meaning.modifiers.map((word) => `--${word}`);
  return [said, ...modifiers, ...parameters, ...ending].join(' ');
};
