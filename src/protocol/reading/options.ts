import type { Value } from '../action.ts';
import { badId, inQuotes, lineWith, missing, notTaken, refuse, spanOf } from '../errors.ts';
import { exampleValue } from '../example-value.ts';
import { FLAG_KEYS, LIST_KEYS, STRING_KEYS } from '../lexicon.ts';
import { nearestOption } from '../near.ts';
import { takes, takesModifier } from './candidates.ts';
import type { Finding, ParseState, Step, Word } from './model.ts';
import { checkId, parameter, stateNamed } from './steps.ts';
import type { Option } from './words.ts';

/** Whether the text comes as a parameter, so that what is quoted is an id: `get task "a" field=title`. */
export const isTextKeyed = ({ candidates, keys }: ParseState): boolean =>
  candidates.some(({ text }) => text !== undefined && keys.has(text));

const INTEGER = /^(?:0|-?[1-9]\d{0,14})$/u;

// A list with anything else in it could not be said again; then it is one text.
const PLAIN_LIST = /^[\p{L}\p{M}\p{N}./_#@:~+,-]*$/u;

/** Numbers and lists where the parameter has them; a value in quotes stays text. */
const typedValue = (key: string, { text, isLiteral }: SaidValue): Value => {
  if (LIST_KEYS.has(key) && !isLiteral && text.includes(',') && PLAIN_LIST.test(text)) {
    const values = text.split(',').filter((value) => value !== '');
    return values.length === 1 ? values[0]! : values;
  }
  if (isLiteral || STRING_KEYS.has(key)) return text;
  if (text === 'true' || text === 'false') return text === 'true';
  return INTEGER.test(text) ? Number(text) : text;
};

const refuseOption = ({ candidates, head, line }: ParseState, word: Word, key: string): never => {
  const near = nearestOption(candidates, key);
  const text = word.text.replace(key, near ?? key);
  return refuse(notTaken, {
    message: `Unknown option ${inQuotes(word.text)}.`,
    ...(near === undefined ? { hint: `See: help ${head.readings[0]?.verb ?? ''}` } : {}),
    suggestion: near === undefined ? undefined : lineWith(line, word, text),
    at: spanOf(word),
  });
};

const STATE = /^[\p{L}\p{N}][\p{L}\p{N}_-]*$/u;

const checkState = (state: string): string =>
  STATE.test(state)
    ? state
    : refuse(badId, {
        message: `${inQuotes(state)} cannot be a state.`,
        hint: 'A state is one word, for example: state=idle',
      });

/** What a parameter with its value says: ids and states are the command's own. */
const findingOf = (state: ParseState, key: string, value: Value): Finding => {
  const values = Array.isArray(value) ? value : [String(value)];
  if (key === 'id') return { moreIds: values.map((id) => checkId(state, id)) };
  if (key === 'state') return { states: values.map((one) => stateNamed(state, checkState(one))) };
  return { parameters: [parameter(state, key, value)] };
};

/** Options of one letter, as many programs of the shell have them. */
const SHORT: Readonly<Record<string, string>> = { f: 'force', v: 'detailed', y: 'yes', a: 'all' };

/** `--force`, `force=true`, `--all`: an option that needs no value. */
const readSwitch = (state: ParseState, key: string, value: string | undefined): Finding | undefined => {
  const modifier = state.vocabulary.modifiers.get(key) ?? '';
  if (takesModifier(state, modifier) && (value === undefined || !takes(state, key))) {
    if (value === undefined || value === 'true') return { modifiers: [modifier] };
    return value === 'false' ? {} : undefined;
  }
  return key === 'all' && value === undefined ? { parameters: [parameter(state, 'scope', 'all')] } : undefined;
};

/** The value of a parameter as it was said; in quotes it is text as it stands. */
type SaidValue = { readonly text: string; readonly isLiteral: boolean };

/** A value that the command which is meant takes for a parameter. */
const exampleFor = ({ candidates }: ParseState, key: string): string => {
  const meant = candidates.find(({ parameters, text }) => parameters.includes(key) || text === key);
  return (meant && exampleValue(meant, key)) ?? '…';
};

/** The value of an option, in its own word or in the next one, and the first word behind it. */
const valueAfter = (state: ParseState, key: string, { value, dashed }: Option): SaidValue & { at: number } => {
  const word = state.words[state.at]!;
  const next = value === undefined ? state.words[state.at + 1] : undefined;
  // A comma behind a number belongs to the sentence.
  const text = value ?? (next?.quoted === false ? next.text.replace(/^(\d{1,15}),$/u, '$1') : next?.text);
  const isLiteral = word.valueQuoted || next?.quoted === true;
  const isEmpty = text === undefined || (text === '' && !isLiteral);
  if (isEmpty || (next?.quoted === false && next.text.startsWith('--')))
    return refuse(missing, {
      message: `${inQuotes(word.text)} needs a value.`,
      hint: `For example: ${dashed ? '--' : ''}${key}=${exampleFor(state, key)}`,
      expects: [`a value for ${key}`],
    });
  return { text, isLiteral, at: state.at + (next ? 2 : 1) };
};

/** `--barrier` and `--no-barrier`: a yes or no that needs no value; undefined for any other option. */
const readFlag = (state: ParseState, { key, dashed, value }: Option): Finding | undefined => {
  const isNo = key.startsWith('no-');
  const name = isNo ? key.slice('no-'.length) : key;
  if (!dashed || value !== undefined || !FLAG_KEYS.has(name) || !takes(state, name)) return undefined;
  const hasValue = !isNo && ['true', 'false'].includes(state.words[state.at + 1]?.key ?? '');
  return hasValue ? undefined : { parameters: [parameter(state, name, !isNo)] };
};

const SETTING = /^(?<key>[^.=]+(?:\.[^.=]+)+)=/u;

/** `limits.maxInstances=5`: a setting with its value, where one is changed; undefined for any other option. */
const readSetting = (state: ParseState, { dashed, value }: Option): Finding | undefined => {
  const word = state.words[state.at]!;
  const { key } = SETTING.exec(word.text)?.groups ?? {};
  if (dashed || key === undefined || !value || !takes(state, 'value') || !takes(state, 'id')) return undefined;
  return { moreIds: [checkId(state, key)], parameters: [parameter(state, 'value', value)] };
};

/** Reads an option, with the word after it where it takes a value. */
export const readOption = (state: ParseState, option: Option): Step => {
  const word = state.words[state.at]!;
  const key = option.dashed && !takes(state, option.key) ? (SHORT[option.key] ?? option.key) : option.key;
  const found = readFlag(state, option) ?? readSwitch(state, key, option.value) ?? readSetting(state, option);
  if (found) return { at: state.at + 1, idMayFollow: false, ...found };
  if (!takes(state, key)) refuseOption(state, word, option.key);
  const { at, ...said } = valueAfter(state, key, option);
  return { at, idMayFollow: false, ...findingOf(state, key, typedValue(key, said)) };
};
