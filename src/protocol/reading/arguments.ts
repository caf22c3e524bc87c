import { readBareWord } from './bare-words.ts';
import { readJoint, refuseKnown } from './joints.ts';
import { isPercentWord, readKeyword, readNumber } from './keywords.ts';
import type { ParseState, Step, Word } from './model.ts';
import { isNameByPlace } from './names.ts';
import { readNoun } from './nouns.ts';
import { readOption } from './options.ts';
import { readPreposition } from './prepositions.ts';
import { advance } from './steps.ts';
import { readText } from './text.ts';
import { isFiller, optionOf } from './words.ts';

/** Reads a word that is no text, no option and no filler. */
const readWord = (state: ParseState, word: Word): Step => {
  if (word.quoted || isNameByPlace(state, word)) return readBareWord(state, word);
  if (isPercentWord(state, word)) return { at: state.at + 1 };
  const read =
    readPreposition(state) ??
    readNumber(state, word) ??
    readKeyword(state, word) ??
    readNoun(state, word) ??
    readJoint(state, word);
  if (read) return read;
  refuseKnown(state, word);
  return readBareWord(state, word);
};

const readStep = (state: ParseState): Step => {
  const { words, head, at } = state;
  const word = words[at]!;
  if (at === head.ignored) return { at: at + 1 };
  const option = optionOf(word);
  const read = readText(state, option) ?? (option && readOption(state, option));
  if (read) return read;
  return isFiller(word) && !isNameByPlace(state, word) ? { at: at + 1 } : readWord(state, word);
};

/** Reads all arguments of a command. A word that means nothing is refused, never skipped. */
export const readArguments = (start: ParseState): ParseState => {
  let state = start;
  while (state.at < state.words.length) state = advance(state, readStep(state));
  return state;
};
