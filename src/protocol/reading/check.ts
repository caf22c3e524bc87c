import { contradiction, inQuotes, lineWith, missing, notTaken, refuse } from '../errors.ts';
import { exampleOf, needsText } from '../example.ts';
import { EXAMPLE_IDS } from '../forms.ts';
import { INSTEAD_OF_TEXT, NEEDED_PARAMETER, TARGET_KEYS, TARGET_MODIFIERS } from '../lexicon.ts';
import { nearestOption } from '../near.ts';
import { say } from '../say.ts';
import { type Signature, scopeOf } from '../signature.ts';
import type { ParseState } from './model.ts';

const refuseExtra = ({ words, line }: ParseState, signature: Signature, what: string): never => {
  const accepted = [...signature.modifiers, ...signature.parameters.map((key) => `${key}=…`)];
  const word = words.find(({ key }) => key === what);
  const near = nearestOption([signature], what);
  return refuse(notTaken, {
    message: `${inQuotes(`${signature.verb} ${signature.noun}`)} does not take ${inQuotes(what)}.`,
    hint: accepted.length === 0 ? `Say: ${exampleOf(signature)}` : `It takes: ${accepted.join(', ')}`,
    suggestion: near !== undefined && word ? lineWith(line, word, near) : undefined,
  });
};

/** The first modifier or parameter that the command does not take. */
const extraParameter = ({ modifiers, parameters }: ParseState, signature: Signature): string | undefined => {
  for (const modifier of modifiers) if (!signature.modifiers.includes(modifier)) return modifier;
  for (const [key, value] of parameters)
    if (!signature.parameters.includes(key) && key !== signature.text) return key === 'scope' ? String(value) : key;
  return undefined;
};

/** The first id or state that the command does not take. */
const extraTarget = ({ ids, states }: ParseState, { noun, target, parameters }: Signature): string | undefined => {
  const isIdTaken = target !== 'none' || parameters.includes('id');
  // The swarm is one: it has no ids.
  if (ids.length > 0 && (!isIdTaken || noun === 'swarm')) return ids[0];
  return parameters.includes('state') ? undefined : [...states][0];
};

/** The text, where the command takes none or was given it as a parameter. */
const extraText = ({ text, parameters }: ParseState, signature: Signature): string | undefined =>
  signature.text === undefined || parameters.has(signature.text) ? text : undefined;

/** Refuses ids beside something else that says which ones are meant. */
const refuseTwice = ({ modifiers, parameters, ids, states }: ParseState, { target }: Signature): void => {
  const [first] = ids;
  if (first === undefined) return;
  const which = [...modifiers].find((modifier) => TARGET_MODIFIERS.has(modifier));
  if (which !== undefined)
    refuse(contradiction, {
      message: `${inQuotes(first)} and ${inQuotes(which)} are both said.`,
      hint: 'Say only one of them.',
    });
  const filter = parameters.get('scope') ?? [...states][0] ?? parameters.get('except');
  if (filter !== undefined && target !== 'none')
    refuse(contradiction, {
      message: `${inQuotes(first)} and ${inQuotes(String(filter))} are both said.`,
      hint: 'Say either ids or a filter such as: all running.',
    });
};

/** Refuses what was said and the command cannot take. */
export const checkAccepted = (state: ParseState, signature: Signature): void => {
  const extra = extraParameter(state, signature) ?? extraTarget(state, signature) ?? extraText(state, signature);
  if (extra !== undefined) refuseExtra(state, signature, extra);
  refuseTwice(state, signature);
};

/** Whether a command is whole once it is said what it is about. */
const lacksOnlyTarget = ({ parameters, text }: ParseState, signature: Signature): boolean => {
  const needed = NEEDED_PARAMETER[signature.verb];
  const isLacking = [needed, ...(signature.needs ?? [])].some(
    (key) => key !== undefined && key !== signature.text && !parameters.has(key),
  );
  return !isLacking && (text !== undefined || !needsText(signature));
};

const refuseTarget = (state: ParseState, signature: Signature): never => {
  const { verb, noun } = signature;
  const modifiers = [...state.modifiers];
  const rest = { ...Object.fromEntries(state.parameters), ...(state.text === undefined ? {} : { text: state.text }) };
  const scope = verb === 'rollback' ? 'last' : scopeOf(signature);
  const isFilterable = scope !== undefined;
  const aim = isFilterable ? { scope } : { id: EXAMPLE_IDS[noun] ?? `${noun}-1` };
  const suggestion = say({ verb, noun, modifiers, parameters: { ...rest, ...aim } });
  const help = state.noun ? '' : ` See: help ${verb}`;
  const isWhole = isFilterable && lacksOnlyTarget(state, signature);
  const example = `for example: ${exampleOf(signature)}${isWhole ? `, or: ${suggestion}` : ''}`;
  // What is taken back is no number made up, which somebody could type.
  const which =
    scope === 'last' && isWhole
      ? ` that "${say({ verb: 'list', noun, modifiers: [], parameters: {} })}" shows, or the latest: ${suggestion}`
      : `, ${example}`;
  return refuse(missing, {
    message: `It is not said which ${noun} to ${verb}.`,
    hint: `Say which one${which}.${help}`,
    expects: [`${noun} id`, ...(isFilterable ? [scope] : [])],
  });
};

const checkCount = ({ parameters }: ParseState, signature: Signature): void => {
  if (signature.verb !== 'scale' || !signature.parameters.includes('count') || parameters.has('count')) return;
  const op = parameters.get('op');
  const suggestion = say({ ...signature, modifiers: [], parameters: { ...(op ? { op, count: 1 } : { count: 5 }) } });
  refuse(missing, {
    message: 'It is not said how many.',
    hint: `For example: ${suggestion}`,
    expects: ['a number'],
  });
};

/** Whether it was said which ones are meant. */
export const isAimed = ({ ids, states, parameters, modifiers }: ParseState): boolean =>
  ids.length > 0 ||
  states.size > 0 ||
  TARGET_KEYS.some((key) => parameters.has(key)) ||
  [...modifiers].some((modifier) => TARGET_MODIFIERS.has(modifier));

const checkNeeded = ({ parameters }: ParseState, signature: Signature): void => {
  const needed = NEEDED_PARAMETER[signature.verb];
  if (needed !== undefined && !parameters.has(needed))
    refuse(missing, {
      message: `It is not said ${needed} whom to ${signature.verb}.`,
      hint: `For example: ${exampleOf(signature)}`,
      expects: [`${needed} …`],
    });
};

const checkText = (state: ParseState, signature: Signature): void => {
  const { verb, text } = signature;
  if (text === undefined || state.text !== undefined) return;
  const isNeeded = needsText(signature) || (verb === 'test' && state.parameters.get('op') === 'parse');
  const isSaid = [text, INSTEAD_OF_TEXT[verb]].some((key) => key !== undefined && state.parameters.has(key));
  if (isNeeded && !isSaid)
    refuse(missing, {
      message: `It is not said what to ${verb}.`,
      hint: `Put the text at the end, in quotes, for example: ${exampleOf(signature)}`,
      expects: ['"text"'],
    });
};

/** Refuses a command of which something is not said that it cannot do without. */
export const checkComplete = (state: ParseState, signature: Signature): void => {
  checkCount(state, signature);
  if (signature.target === 'required' && !isAimed(state)) refuseTarget(state, signature);
  checkNeeded(state, signature);
  checkText(state, signature);
};
