import { contradiction, missing, named, notTaken, refuse } from './errors.ts';
import { exampleOf } from './example.ts';
import { EXAMPLE_IDS } from './forms.ts';
import { INSTEAD_OF_TEXT, NEEDED_PARAMETER, NEEDS_TEXT, TARGET_KEYS, TARGET_MODIFIERS } from './lexicon.ts';
import { nearestOption } from './near.ts';
import { type ParseState, replaced } from './parse-state.ts';
import { say } from './say.ts';
import type { Signature } from './signature.ts';

const commandOf = ({ verb, noun }: Signature): string => `${verb} ${noun}`;

const refuseExtra = (draft: ParseState, signature: Signature, what: string): never => {
  const accepted = [...signature.modifiers, ...signature.parameters.map((key) => `${key}=…`)];
  const word = draft.words.find(({ key }) => key === what);
  const near = nearestOption([signature], what);
  return refuse(notTaken, {
    message: `${named(commandOf(signature))} does not take ${named(what)}.`,
    hint: accepted.length === 0 ? `Say: ${exampleOf(signature)}` : `It takes: ${accepted.join(', ')}`,
    suggestion: near !== undefined && word ? replaced(draft.line, word, near) : undefined,
  });
};

/** Everything that was said must be something that the command takes. */
export const checkAccepted = (draft: ParseState, signature: Signature): void => {
  for (const modifier of draft.modifiers)
    if (!signature.modifiers.includes(modifier)) refuseExtra(draft, signature, modifier);
  for (const [key, value] of draft.parameters)
    if (!signature.parameters.includes(key) && key !== signature.text)
      refuseExtra(draft, signature, key === 'scope' ? String(value) : key);
  const idTaken = signature.target !== 'none' || signature.parameters.includes('id');
  // The swarm is one: it has no ids.
  if (draft.ids.length > 0 && (!idTaken || signature.noun === 'swarm')) refuseExtra(draft, signature, draft.ids[0]!);
  if (draft.states.size > 0 && !signature.parameters.includes('state'))
    refuseExtra(draft, signature, [...draft.states][0]!);
  if (draft.text !== undefined && signature.text === undefined) refuseExtra(draft, signature, draft.text);
  if (draft.text !== undefined && draft.parameters.has(signature.text!)) refuseExtra(draft, signature, draft.text);
  const which = [...draft.modifiers].find((modifier) => TARGET_MODIFIERS.has(modifier));
  if (which !== undefined && draft.ids.length > 0)
    refuse(contradiction, {
      message: `${named(draft.ids[0]!)} and ${named(which)} are both said.`,
      hint: 'Say only one of them.',
    });
  const filter = draft.parameters.get('scope') ?? [...draft.states][0] ?? draft.parameters.get('except');
  if (draft.ids.length > 0 && filter !== undefined && signature.target !== 'none')
    refuse(contradiction, {
      message: `${named(draft.ids[0]!)} and ${named(String(filter))} are both said.`,
      hint: 'Say either ids or a filter such as: all running.',
    });
};

const refuseTarget = (draft: ParseState, signature: Signature): never => {
  const { verb, noun, parameters } = signature;
  const modifiers = [...draft.modifiers];
  const rest = { ...Object.fromEntries(draft.parameters), ...(draft.text === undefined ? {} : { text: draft.text }) };
  const scope = verb === 'rollback' ? 'last' : 'all';
  const suggestion = parameters.includes('scope')
    ? say({ verb, noun, modifiers, parameters: { ...rest, scope } })
    : say({ verb, noun, modifiers, parameters: { ...rest, id: EXAMPLE_IDS[noun] ?? `${noun}-1` } });
  const help = draft.noun ? '' : ` See: help ${verb}`;
  return refuse(missing, {
    message: `It is not said which ${noun} to ${verb}.`,
    hint: `Say which one, for example: ${exampleOf(signature)}${parameters.includes('scope') ? `, or: ${suggestion}` : ''}.${help}`,
    expects: [`${noun} id`, ...(parameters.includes('scope') ? [scope] : [])],
  });
};

/** Everything that the command cannot do without must be said. */
export const checkComplete = (draft: ParseState, signature: Signature): void => {
  const { verb, target, parameters, text } = signature;
  if (verb === 'scale' && parameters.includes('count') && !draft.parameters.has('count')) {
    const op = draft.parameters.get('op');
    const suggestion = say({ ...signature, modifiers: [], parameters: { ...(op ? { op } : {}), count: 5 } });
    refuse(missing, {
      message: 'It is not said how many.',
      hint: `For example: ${suggestion}`,
      expects: ['a number'],
    });
  }
  const aimed =
    draft.ids.length > 0 ||
    draft.states.size > 0 ||
    TARGET_KEYS.some((key) => draft.parameters.has(key)) ||
    [...draft.modifiers].some((modifier) => TARGET_MODIFIERS.has(modifier));
  if (target === 'required' && !aimed) refuseTarget(draft, signature);
  const needed = NEEDED_PARAMETER[verb];
  if (needed !== undefined && !draft.parameters.has(needed))
    refuse(missing, {
      message: `It is not said ${needed} whom to ${verb}.`,
      hint: `For example: ${exampleOf(signature)}`,
      expects: [`${needed} …`],
    });
  const needsText =
    (NEEDS_TEXT.has(verb) && !(verb === 'create' && target === 'required')) ||
    (verb === 'test' && draft.parameters.get('op') === 'parse');
  const said = [text, INSTEAD_OF_TEXT[verb]].some((key) => key !== undefined && draft.parameters.has(key));
  if (text !== undefined && needsText && draft.text === undefined && !said)
    refuse(missing, {
      message: `It is not said what to ${verb}.`,
      hint: `Put the text at the end, in quotes, for example: ${exampleOf(signature)}`,
      expects: ['"text"'],
    });
};
