import { isFiltered, takes, takesModifier } from './candidates.ts';
import { FORMED } from './ids.ts';
import type { ParseState, Word } from './model.ts';
import { isFiller, optionOf } from './words.ts';

/** Whether nothing but options and thanks follows the word that is read. */
const isLastSaid = ({ words, at }: ParseState): boolean =>
  words.slice(at + 1).every((word) => isFiller(word) || (!word.quoted && optionOf(word) !== undefined));

/** The commands about the noun that was said, while it is still to be said which one; none where nothing is wanted. */
const wantingId = ({ candidates, ids, noun, idMayFollow, states, parameters, modifiers }: ParseState) => {
  const isAimed = ids.length > 0 || states.size > 0 || modifiers.size > 0 || parameters.has('id');
  if (!noun || FORMED.has(noun.noun) || isAimed || !idMayFollow) return [];
  return candidates.filter((signature) => signature.noun === noun.noun);
};

/** `set config plan.workflow pr`: the last word behind the key is its value, whatever it means elsewhere. */
const isValueByPlace = (state: ParseState, word: Word): boolean =>
  state.noun?.noun === 'config' &&
  state.ids.length === 1 &&
  takes(state, 'value') &&
  !state.parameters.has('value') &&
  !isFiller(word) &&
  // `main` and a mode of instances are no words of a setting; `yes` is.
  !takesModifier(state, state.vocabulary.modifiers.get(word.key) ?? '') &&
  isLastSaid(state);

/** Whether a word that means something elsewhere is a name where it stands. */
export const isNameByPlace = (state: ParseState, word: Word): boolean => {
  const { head, noun, vocabulary } = state;
  // `set config agent kiro`
  if (noun?.noun === 'config' && state.ids.length === 0 && /^agents?$/u.test(word.key)) return true;
  if (isValueByPlace(state, word)) return true;
  const other = vocabulary.nouns.get(word.key)?.noun;
  const isArticle = word.key === 'a';
  if ((!isArticle && other === undefined) || isFiltered(state) || !isLastSaid(state)) return false;
  const about = wantingId(state);
  const isNounFirst = head.noun !== undefined;
  // `tasks set a`: the noun was said, so that the word is no article of another.
  if (isArticle) return isNounFirst && about.some(({ target }) => target === 'required');
  // `remove secret github`, `secrets remove github`; `show tasks plan` may be meant otherwise.
  const isWanted = about.length > 0 && about.every(({ target }) => target === 'required');
  const isOne = noun?.plural === false || isNounFirst;
  return isWanted && isOne && other !== noun?.noun && other !== 'swarm' && !vocabulary.verbs.has(word.key);
};
