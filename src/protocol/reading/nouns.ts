import { NUMBERS } from '../phrases.ts';
import type { NounReading } from '../vocabulary.ts';
import { isFiltered, isVerb, takes } from './candidates.ts';
import type { ParseState, Step, Word } from './model.ts';
import { isTextNoun } from './text.ts';
import { refuseAmount, refuseWord } from './unknown.ts';

const isAmount = (id: string): boolean => /^\d+$/u.test(id) || Object.hasOwn(NUMBERS, id);

/** `all instances in the swarm`, `run the user-auth task`: a second noun that says no more than the first. */
const addsNothing = (state: ParseState, known: string, { noun, plural }: NounReading): boolean =>
  noun === 'swarm' || (known === 'swarm' && noun === 'instance' && (plural || takes(state, 'count')));

/** Reads a noun: it is the command's, adds nothing to the one before, or is refused. */
export const readNoun = (state: ParseState, word: Word): Step | undefined => {
  const noun = state.vocabulary.nouns.get(word.key);
  if (!noun) return undefined;
  const at = state.at + 1;
  if (isTextNoun(state, word) && isVerb(state, 'tell')) return { at };
  if (noun.noun === 'swarm' && state.ids.length > 0) return refuseWord(state, word);
  const known = state.noun?.noun;
  if (known !== undefined && known !== noun.noun)
    return addsNothing(state, known, noun) ? { at } : refuseWord(state, word);
  // `stop two agents`: which two?
  if (state.ids.length > 0 && known === undefined && (noun.plural || state.ids.some(isAmount)))
    refuseAmount(state, state.ids.join(', '), word);
  const idMayFollow = state.ids.length === 0 && !isFiltered(state);
  return { at, idMayFollow, ...(known === undefined ? { noun } : {}) };
};
