import { contradiction, inQuotes, refuse } from '../errors.ts';
import { formOf } from '../forms.ts';
import { STANDS_FOR, type VerbReading } from '../lexicon.ts';
import type { Signature } from '../signature.ts';
import { agentNamed, type NounReading } from '../vocabulary.ts';
import { isFiltered, takes } from './candidates.ts';
import type { Finding, ParseState } from './model.ts';
import { advance, checkId, idsValue, parameter, withoutParameter, withParameter } from './steps.ts';

/** `stop everything except kiro-3`: of the whole only parts can be left out. */
export const aimAtParts = (state: ParseState): ParseState => {
  const { noun, parameters, ids } = state;
  const part = noun?.noun === 'swarm' && parameters.has('except') ? STANDS_FOR['swarm'] : undefined;
  if (part === undefined || ids.length > 0) return state;
  return advance(state, {
    noun: { noun: part, plural: true },
    parameters: parameters.has('scope') ? [] : [parameter(state, 'scope', 'all')],
  });
};

/** Whether the command can be about what it is addressed to: `@kiro-3: stop`, not `@kiro-3: run`. */
const isAddressable = ({ noun, head, vocabulary }: ParseState, [id = '']: readonly string[]): boolean =>
  noun
    ? ['instance', 'group', 'session'].includes(noun.noun)
    : head.readings.some(({ verb }) => vocabulary.byCommand.has(`${verb} ${formOf(vocabulary, id)}`));

const findAddress = (state: ParseState, address: readonly string[]): Finding => {
  if (takes(state, 'target')) return { parameters: [parameter(state, 'target', idsValue(address))] };
  if (state.ids.length === 0 && !isFiltered(state) && isAddressable(state, address))
    return { ids: address.map((id) => checkId(state, id)) };
  return refuse(contradiction, {
    message: `The address ${inQuotes(`@${address.join(',')}`)} does not go with this command.`,
    hint: 'Leave it out and say the target in the command.',
  });
};

/** The command with what it is addressed to. */
export const applyAddress = (state: ParseState, address: readonly string[]): ParseState =>
  address.length === 0 ? state : advance(state, findAddress(state, address));

/** Whether one is meant without being counted: `add an agent`. */
const isOneMore = ({ noun, parameters }: ParseState, reading: VerbReading, signature: Signature): boolean =>
  reading.parameters?.['op'] === 'up' &&
  noun?.plural === false &&
  noun.noun === 'instance' &&
  signature.parameters.includes('count') &&
  !parameters.has('count');

/** The command with what its verb means beyond the verb: `kill` is `stop` with `force`. */
export const applyReading = (state: ParseState, reading: VerbReading, signature: Signature): ParseState => {
  const { ids, head } = state;
  const said = Object.entries({ ...reading.parameters, ...head.parameters })
    .filter(([key]) => key !== 'scope' || ids.length === 0)
    // `grow to 5` sets the number, whatever the verb would do.
    .filter(([key]) => key !== 'op' || state.parameters.get(key) !== 'set')
    .map(([key, value]) => parameter(state, key, value));
  const parameters = isOneMore(state, reading, signature) ? [...said, parameter(state, 'count', 1)] : said;
  return parameters.length === 0 && !reading.modifiers
    ? state
    : advance(state, { modifiers: reading.modifiers ?? [], parameters });
};

/** Whether the whole swarm is meant although nobody said `all`. */
const isWhole = ({ noun, ids, parameters }: ParseState, signature: Signature): boolean =>
  (signature.noun === 'swarm' || STANDS_FOR[noun?.noun ?? ''] === signature.noun) &&
  noun?.noun !== 'session' &&
  signature.target === 'required' &&
  ids.length === 0 &&
  !parameters.has('scope');

/** Whether `all` says no more than the command does without it. */
const isAllAnyway = ({ parameters }: ParseState, signature: Signature): boolean =>
  parameters.get('scope') === 'all' &&
  (signature.target === 'optional' || signature.noun === 'swarm') &&
  !signature.parameters.includes('scope');

const ARTICLES: ReadonlySet<string> = new Set(['a', 'an']);

/** Whether an article says the number: `launch an agent`, `launch a claude`. It belongs to the next noun, or to the agent. */
const isOneSaid = ({ words, vocabulary, parameters }: ParseState): boolean => {
  const agent = parameters.get('agent');
  let next: NounReading | undefined;
  let isAgentBehind = false;
  for (const word of words.toReversed()) {
    const isOne = next ? next.noun === 'instance' && !next.plural : isAgentBehind;
    if (isOne && ARTICLES.has(word.key)) return true;
    next = vocabulary.nouns.get(word.key) ?? next;
    isAgentBehind ||= agent !== undefined && agentNamed(vocabulary, word) === agent;
  }
  return false;
};

/** The command with what goes without saying: the whole swarm, the base branch, a scale to a number. */
export const applyDefaults = (state: ParseState, signature: Signature): ParseState => {
  const { verb, noun } = signature;
  const { parameters } = state;
  const isOfBase = verb === 'sync' && noun === 'git' && !parameters.has('direction');
  const isUncounted = signature.parameters.includes('count') && !parameters.has('count');
  const isOne = verb === 'launch' && isUncounted && isOneSaid(state);
  const isSet = verb === 'scale' && parameters.has('count') && !parameters.has('op');
  const whole = isWhole(state, signature) ? withParameter(state, 'scope', 'all') : state;
  const based = isOfBase ? withParameter(whole, 'direction', 'base') : whole;
  const counted = isOne ? withParameter(based, 'count', 1) : based;
  const full = isSet ? withParameter(counted, 'op', 'set') : counted;
  return isAllAnyway(full, signature) ? withoutParameter(full, 'scope') : full;
};
