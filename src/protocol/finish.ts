import type { Meaning } from './action.ts';
import { checkAccepted, checkComplete } from './check.ts';
import { contradiction, missing, named, refuse, unknownCommand } from './errors.ts';
import { exampleOf } from './example.ts';
import { quoted } from './lex.ts';
import { CLEAR_ALONE, PICKS_ONE, STANDS_FOR, type VerbReading } from './lexicon.ts';
import {
  candidatesOf,
  checkedId,
  chosenFor,
  formOf,
  type ParseState,
  setParameter,
  takes,
  type Value,
} from './parse-state.ts';
import { saidParameter } from './say.ts';
import type { Signature } from './signature.ts';
import { contradictionIn, pluralOf } from './vocabulary.ts';

export type Understood = { readonly meaning: Meaning; readonly signature: Signature };
type Choice = { readonly reading: VerbReading; readonly signature: Signature };

const refuseCommand = (draft: ParseState): never => {
  const verbs = draft.head.readings.map(({ verb }) => verb);
  const known = verbs.flatMap((verb) => draft.vocabulary.byVerb.get(verb) ?? []);
  const [verb] = verbs;
  const [id] = draft.ids;
  const noun = draft.noun?.noun ?? (id === undefined ? undefined : formOf(draft.vocabulary, id));
  const said = draft.parameters.has('scope') || draft.states.size > 0;
  const filtered = known.find((one) => one.noun === 'instance' && one.parameters.includes('scope'));
  const suggestion =
    said && filtered && noun === undefined ? filteredText(draft, filtered.verb, 'instance') : undefined;
  const hint =
    suggestion !== undefined
      ? `Say of what. See: help ${verb}`
      : known.length === 0
        ? 'See: help'
        : `${named(known[0]!.verb)} goes with: ${[...new Set(known.map((signature) => signature.noun))].join(', ')}. For example: ${exampleOf(known[0]!)}. See: help ${verb}`;
  if (noun === undefined && known.length > 0)
    return refuse(missing, {
      message: `It is not said what to ${verb}.`,
      hint,
      suggestion,
      expects: known.map((one) => one.noun),
    });
  return refuse(unknownCommand, { message: `There is no command ${named(`${verb} ${noun ?? ''}`.trim())}.`, hint });
};

/** `stop everything except kiro-3`: of the whole only parts can be left out. */
const toParts = (draft: ParseState): void => {
  const { noun } = draft;
  const part = noun?.noun === 'swarm' && draft.parameters.has('except') ? STANDS_FOR['swarm'] : undefined;
  if (part === undefined || draft.ids.length > 0) return;
  draft.noun = { noun: part, plural: true };
  if (!draft.parameters.has('scope')) setParameter(draft, 'scope', 'all');
};

/** The reading whose command is meant: one that fits noun or id first, then one that fits by default. */
const choose = (draft: ParseState): Choice => {
  const choices = draft.head.readings.flatMap((reading): Choice[] => {
    const signature = chosenFor(draft, reading.verb);
    return signature ? [{ reading, signature }] : [];
  });
  const form = draft.ids[0] === undefined ? undefined : formOf(draft.vocabulary, draft.ids[0]);
  const [first] = choices;
  if (!first) return refuseCommand(draft);
  const fits = choices.find(({ signature }) => signature.noun === (draft.noun?.noun ?? form)) ?? first;
  if (draft.noun || choices.length === 1 || !draft.parameters.has('count')) return fits;
  // `start 3` may be a task or an amount.
  return refuse(missing, {
    message: 'It is not said of what.',
    hint: `For example: ${choices.map(({ signature }) => exampleOf(signature)).join(', or: ')}`,
    expects: choices.map(({ signature }) => signature.noun),
  });
};

const applyReading = (draft: ParseState, { reading, signature }: Choice): void => {
  for (const modifier of reading.modifiers ?? []) draft.modifiers.add(modifier);
  for (const [key, value] of Object.entries({ ...reading.parameters, ...draft.head.parameters })) {
    if (key === 'scope' && draft.ids.length > 0) continue;
    if (!draft.parameters.has(key)) setParameter(draft, key, value);
    else if (key !== 'op' || draft.parameters.get(key) !== 'set') setParameter(draft, key, value);
  }
  const one = reading.parameters?.['op'] === 'up' && draft.noun?.plural === false && draft.noun.noun === 'instance';
  if (one && signature.parameters.includes('count') && !draft.parameters.has('count')) setParameter(draft, 'count', 1);
};

/** `@kiro-3: stop` is about an instance; `@kiro-3: run` says nothing of a task. */
const isAddressable = (draft: ParseState, [id = '']: readonly string[]): boolean =>
  draft.noun
    ? ['instance', 'group', 'session'].includes(draft.noun.noun)
    : draft.head.readings.some(({ verb }) => draft.vocabulary.byCommand.has(`${verb} ${formOf(draft.vocabulary, id)}`));

const applyAddress = (draft: ParseState, address: readonly string[]): void => {
  if (address.length === 0) return;
  const free = draft.ids.length === 0 && draft.states.size === 0 && !draft.parameters.has('scope');
  if (takes(draft, 'target')) setParameter(draft, 'target', address.length === 1 ? address[0]! : [...address]);
  else if (free && isAddressable(draft, address)) draft.ids = address.map((id) => checkedId(draft, id));
  else
    refuse(contradiction, {
      message: `The address ${named(`@${address.join(',')}`)} does not go with this command.`,
      hint: 'Leave it out and say the target in the command.',
    });
};

const ARTICLES: readonly string[] = ['a', 'an'];

/** `launch an agent`, `launch a claude`: the article is a number. */
const saysOne = ({ words, vocabulary, parameters }: ParseState): boolean => {
  const agent = parameters.get('agent');
  return words.some(({ key }, i) => {
    if (!ARTICLES.includes(key)) return false;
    const behind = words.slice(i + 1);
    const noun = behind.map((word) => vocabulary.nouns.get(word.key)).find((found) => found !== undefined);
    return noun ? noun.noun === 'instance' && !noun.plural : behind.some((word) => word.key === agent);
  });
};

/** What goes without saying: the whole swarm, the base branch, a scale to a number. */
const applyDefaults = (draft: ParseState, signature: Signature): void => {
  const { parameters } = draft;
  const whole = signature.noun === 'swarm' || STANDS_FOR[draft.noun?.noun ?? ''] === signature.noun;
  if (whole && draft.noun?.noun !== 'session' && signature.target === 'required' && draft.ids.length === 0)
    if (!parameters.has('scope')) setParameter(draft, 'scope', 'all');
  // Without an id it means all anyway.
  const same = signature.target === 'optional' || signature.noun === 'swarm';
  if (same && parameters.get('scope') === 'all' && !signature.parameters.includes('scope')) parameters.delete('scope');
  if (signature.verb === 'sync' && signature.noun === 'git' && !parameters.has('direction'))
    setParameter(draft, 'direction', 'base');
  if (signature.verb === 'launch' && signature.parameters.includes('count') && !parameters.has('count'))
    if (saysOne(draft)) setParameter(draft, 'count', 1);
  if (signature.verb === 'scale' && parameters.has('count') && !parameters.has('op')) setParameter(draft, 'op', 'set');
};

/** What was said, with a noun: `stop all except kiro-3` → `stop all instances except kiro-3`. */
const filteredText = (draft: ParseState, verb: string, noun: string): string => {
  const scope = draft.parameters.get('scope');
  const one = scope === 'last' || scope === 'next';
  const words = [scope, ...draft.states, one ? noun : pluralOf(noun), ...draft.modifiers];
  const others = [...draft.parameters].filter(([key]) => key !== 'scope');
  const rest = [
    ...others.map(([key, value]) => saidParameter(key, value, false)),
    ...(draft.text === undefined ? [] : [quoted(draft.text, true)]),
  ];
  return [verb, ...words.filter((word) => word !== undefined), ...rest].join(' ');
};

/** `stop any agent`: whichever, or all of them? */
const refuseAny = (draft: ParseState, verb: string): void => {
  if (!draft.any || draft.noun?.plural !== false) return;
  if (draft.states.size > 0 && !PICKS_ONE.has(verb)) return;
  refuse(contradiction, {
    message: `"any ${draft.noun.noun}" may mean one of them or all.`,
    hint: `Say an id, or: ${filteredText(draft, verb, draft.noun.noun)}`,
    at: { start: draft.any.start, end: draft.any.end },
  });
};

const refuseVagueAll = (draft: ParseState, { verb, noun, target }: Signature): void => {
  const filtered = draft.parameters.has('scope') || draft.states.size > 0;
  if (!filtered || draft.noun || draft.ids.length > 0 || target !== 'required') return;
  const scope = String(draft.parameters.get('scope'));
  if (draft.states.size === 0 && CLEAR_ALONE[verb]?.includes(scope)) return;
  const nouns = [...new Set(candidatesOf(draft).map((signature) => signature.noun))];
  refuse(missing, {
    message: `It is not said what to ${verb}.`,
    hint: `Say which: ${nouns.map(pluralOf).join(', ')}.`,
    suggestion: filteredText(draft, verb, noun),
    expects: nouns.map(pluralOf),
  });
};

const valuesOf = (draft: ParseState, signature: Signature): Record<string, Value> => {
  const values: Record<string, Value> = {};
  const ids = [...new Set(draft.ids)];
  if (ids.length > 0) values['id'] = ids.length === 1 ? ids[0]! : ids;
  for (const [key, value] of draft.parameters) values[key] = value;
  if (draft.states.size > 0) values['state'] = [...draft.states].toSorted();
  if (draft.text !== undefined) values[signature.text!] = draft.text;
  return values;
};

/** Turns what was read into the one meaning it has, or refuses. */
export const finish = (draft: ParseState, address: readonly string[]): Understood => {
  toParts(draft);
  applyAddress(draft, address);
  const vague = draft.head.readings.map(({ verb }) => chosenFor(draft, verb)).find((found) => found !== undefined);
  if (vague) refuseVagueAll(draft, vague);
  const choice = choose(draft);
  if (choice.signature.target !== 'optional') refuseAny(draft, choice.signature.verb);
  applyReading(draft, choice);
  const signature = withList(draft, choice.signature);
  applyDefaults(draft, signature);
  const clash = contradictionIn(draft.modifiers);
  if (clash)
    refuse(contradiction, {
      message: `${named(clash[0]!)} and ${named(clash[1]!)} exclude each other.`,
      hint: 'Say only one of them.',
    });
  checkAccepted(draft, signature);
  checkComplete(draft, signature);
  const modifiers = [...draft.modifiers].toSorted();
  return {
    signature,
    meaning: { verb: signature.verb, noun: signature.noun, modifiers, parameters: valuesOf(draft, signature) },
  };
};

/** `show tasks` lists them where showing needs an id. */
const withList = (draft: ParseState, signature: Signature): Signature => {
  const aimed = draft.ids.length > 0 || draft.parameters.has('scope') || draft.states.size > 0;
  const untold =
    ['show', 'status'].includes(signature.verb) &&
    signature.target === 'required' &&
    (!aimed || !signature.parameters.includes('scope'));
  const list = draft.ids.length === 0 && untold ? draft.vocabulary.byCommand.get(`list ${signature.noun}`) : undefined;
  return list && (draft.noun?.plural ?? false) ? list : signature;
};
