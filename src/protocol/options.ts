import { badId, missing, named, notTaken, refuse } from './errors.ts';
import { LIST_KEYS, STRING_KEYS } from './lexicon.ts';
import { nearestOption } from './near.ts';
import {
  addState,
  candidatesOf,
  checkedId,
  type ParseState,
  replaced,
  setParameter,
  spanOf,
  takes,
  takesModifier,
  type Value,
} from './parse-state.ts';
import type { Word } from './words.ts';

const OPTION = /^(?<dashes>--?)?(?<key>[a-z][\w.-]*)(?:=(?<value>.*))?$/isu;

/** `key=value`, `--key`, `--key=value`; undefined for any other word. */
export const optionOf = (word: Word): { key: string; dashed: boolean; value: string | undefined } | undefined => {
  if (word.quoted || !(word.text.startsWith('-') || word.text.includes('='))) return undefined;
  // A comma behind it belongs to the sentence.
  const text = word.text.endsWith(',') && !word.valueQuoted ? word.text.slice(0, -1) : word.text;
  const groups = OPTION.exec(text)?.groups;
  if (!groups) return undefined;
  const dashed = groups['dashes'] !== undefined;
  const value = groups['value'];
  return dashed || value !== undefined ? { key: groups['key']!.toLowerCase(), dashed, value } : undefined;
};

/** The keys of all parameters in a row of words. */
export const keysOf = (words: readonly Word[]): ReadonlySet<string> =>
  new Set(words.flatMap((word) => optionOf(word)?.key ?? []));

/** `get task "a" field=title`: the text comes as a parameter, so that what is quoted is an id. */
export const isTextKeyed = (draft: ParseState): boolean =>
  candidatesOf(draft).some(({ text }) => text !== undefined && draft.keys.has(text));

const INTEGER = /^(?:0|-?[1-9]\d{0,14})$/u;

// A list with anything else in it could not be said again; then it is one text.
const PLAIN_LIST = /^[\p{L}\p{M}\p{N}./_#@:~+,-]*$/u;

/** Numbers and lists where the parameter has them; a value in quotes stays text. */
const typedValue = (key: string, text: string, literal: boolean): Value => {
  if (LIST_KEYS.has(key) && !literal && text.includes(',') && PLAIN_LIST.test(text)) {
    const values = text.split(',').filter((value) => value !== '');
    return values.length === 1 ? values[0]! : values;
  }
  if (literal || STRING_KEYS.has(key)) return text;
  if (text === 'true' || text === 'false') return text === 'true';
  return INTEGER.test(text) ? Number(text) : text;
};

const refuseOption = (draft: ParseState, word: Word, key: string): never => {
  const near = nearestOption(candidatesOf(draft), key);
  const text = word.text.replace(key, near ?? key);
  return refuse(notTaken, {
    message: `Unknown option ${named(word.text)}.`,
    ...(near === undefined ? { hint: `See: help ${draft.head.readings[0]?.verb ?? ''}` } : {}),
    suggestion: near === undefined ? undefined : replaced(draft.line, word, text),
    at: spanOf(word),
  });
};

const STATE = /^[\p{L}\p{N}][\p{L}\p{N}_-]*$/u;

const checkedState = (state: string): string =>
  STATE.test(state)
    ? state
    : refuse(badId, {
        message: `${named(state)} cannot be a state.`,
        hint: 'A state is one word, for example: state=idle',
      });

const assign = (draft: ParseState, key: string, value: Value): void => {
  const values = Array.isArray(value) ? value : [String(value)];
  if (key === 'id') for (const id of values) draft.ids.push(checkedId(draft, id));
  else if (key === 'state') for (const state of values) addState(draft, checkedState(state));
  else setParameter(draft, key, value);
};

const SHORT: Readonly<Record<string, string>> = { f: 'force', v: 'detailed', y: 'yes', a: 'all' };

const flag = (draft: ParseState, key: string, value: string | undefined): boolean => {
  const modifier = draft.vocabulary.modifiers.get(key) ?? '';
  if (takesModifier(draft, modifier) && (value === undefined || !takes(draft, key))) {
    if (value === undefined || value === 'true') draft.modifiers.add(modifier);
    return value === undefined || value === 'true' || value === 'false';
  }
  if (key !== 'all' || value !== undefined) return false;
  setParameter(draft, 'scope', 'all');
  return true;
};

/** Reads the option at the draft's place, with the word after it where it takes a value. False when there is none. */
export const readOption = (draft: ParseState): boolean => {
  const word = draft.words[draft.at]!;
  const option = optionOf(word);
  if (!option) return false;
  const key = option.dashed && !takes(draft, option.key) ? (SHORT[option.key] ?? option.key) : option.key;
  draft.at += 1;
  draft.idMayFollow = false;
  if (flag(draft, key, option.value)) return true;
  if (!takes(draft, key)) refuseOption(draft, word, option.key);
  const next = option.value === undefined ? draft.words[draft.at] : undefined;
  const text = option.value ?? (next && !next.quoted ? next.text.replace(/^(\d{1,15}),$/u, '$1') : next?.text);
  if (
    text === undefined ||
    (text === '' && !word.valueQuoted && !next?.quoted) ||
    (next && !next.quoted && next.text.startsWith('--'))
  )
    return refuse(missing, {
      message: `${named(word.text)} needs a value.`,
      hint: `For example: ${option.dashed ? '--' : ''}${key}=value`,
      expects: [`a value for ${key}`],
    });
  if (next) draft.at += 1;
  assign(draft, key, typedValue(key, text, word.valueQuoted || (next?.quoted ?? false)));
  return true;
};
