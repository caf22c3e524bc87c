import type { Meaning, Value } from '../action.ts';
import { contradiction, inQuotes, refuse } from '../errors.ts';
import { needsText } from '../example.ts';
import { isId } from '../forms.ts';
import type { Signature } from '../signature.ts';
import { contradictionIn } from '../vocabulary.ts';
import { firstChosen, isFiltered } from './candidates.ts';
import { checkAccepted, checkComplete, isAimed } from './check.ts';
import { choose, refuseAny, refuseVagueAll } from './choose.ts';
import { aimAtParts, applyAddress, applyDefaults, applyReading } from './defaults.ts';
import type { ParseState } from './model.ts';
import { idsValue } from './steps.ts';

/** What a line means, and the command that it is. */
export type Understood = { readonly meaning: Meaning; readonly signature: Signature };

/** `show tasks` lists them where showing needs an id. */
const listInstead = (state: ParseState, signature: Signature): Signature => {
  const { ids, noun, vocabulary } = state;
  const isAimed = ids.length > 0 || isFiltered(state);
  const isUntold =
    ['show', 'status'].includes(signature.verb) &&
    signature.target === 'required' &&
    (!isAimed || !signature.parameters.includes('scope'));
  if (ids.length > 0 || !isUntold || !noun?.plural) return signature;
  return vocabulary.byCommand.get(`list ${signature.noun}`) ?? signature;
};

const refuseContradiction = ({ modifiers }: ParseState): void => {
  const clash = contradictionIn(modifiers);
  if (clash)
    refuse(contradiction, {
      message: `${inQuotes(clash[0]!)} and ${inQuotes(clash[1]!)} exclude each other.`,
      hint: 'Say only one of them.',
    });
};

const valuesOf = (state: ParseState, signature: Signature): Record<string, Value> => {
  const values: Record<string, Value> = {};
  const ids = [...new Set(state.ids)];
  if (ids.length > 0) values['id'] = idsValue(ids);
  for (const [key, value] of state.parameters) values[key] = value;
  if (state.states.size > 0) values['state'] = [...state.states].toSorted();
  if (state.text !== undefined) values[signature.text!] = state.text;
  return values;
};

/** `return task "ready"`: where no text is needed and nothing else says which one is meant, what stands in quotes alone is its id. */
const withNameInQuotes = (state: ParseState, signature: Signature): ParseState => {
  const { text } = state;
  const isName = text !== undefined && isId(text) && signature.target === 'required' && !needsText(signature);
  return isName && !isAimed(state) ? { ...state, text: undefined, ids: [text] } : state;
};

/** Turns what was read into the one meaning it has, or refuses. */
export const finish = (read: ParseState, address: readonly string[]): Understood => {
  const aimed = applyAddress(aimAtParts(read), address);
  const vague = firstChosen(aimed);
  if (vague) refuseVagueAll(aimed, vague);
  const choice = choose(aimed);
  if (choice.signature.target !== 'optional') refuseAny(aimed, choice.signature.verb);
  const meant = applyReading(aimed, choice.reading, choice.signature);
  const signature = listInstead(meant, choice.signature);
  const whole = withNameInQuotes(applyDefaults(meant, signature), signature);
  refuseContradiction(whole);
  checkAccepted(whole, signature);
  checkComplete(whole, signature);
  const { verb, noun } = signature;
  return {
    signature,
    meaning: { verb, noun, modifiers: [...whole.modifiers].toSorted(), parameters: valuesOf(whole, signature) },
  };
};
