import { shortened } from '../lib/text.ts';
import { named, notTaken, refuse, unknownWord } from './errors.ts';
import { nearestAgent, nearestNoun, nearestWord } from './near.ts';
import { candidatesOf, namesPath, type ParseState, replaced, spanOf } from './parse-state.ts';
import { NO_NAMES, NUMBERS } from './phrases.ts';
import { agentsIn, isKeyword } from './vocabulary.ts';
import type { Word } from './words.ts';

type Slip = { readonly word: Word; readonly line: string };

/** `in baest mode`, `beast mod`: a slip in a word of two, with the one before or after it. */
const slipInPair = (draft: ParseState, word: Word): Slip | undefined => {
  const at = draft.words.indexOf(word);
  for (const [first, second] of [
    [draft.words[at - 1], word],
    [word, draft.words[at + 1]],
  ]) {
    if (!first || !second || first.quoted || second.quoted) continue;
    const near = nearestWord(draft.vocabulary, candidatesOf(draft), `${first.key}-${second.key}`);
    if (near?.includes('-')) {
      const line = replaced(draft.line, { start: first.start, end: second.end }, near.replaceAll('-', ' '));
      return { word: first === word ? word : first.key === near.split('-')[0] ? word : first, line };
    }
  }
  return undefined;
};

/** `run taks abc`: the id before the unknown word is a mistyped noun. */
const slipBefore = (draft: ParseState, word: Word): Slip | undefined => {
  const { loose } = draft;
  if (!loose || loose === word || draft.noun) return undefined;
  const near = nearestNoun(draft.vocabulary, candidatesOf(draft), loose.text);
  return near === undefined ? undefined : { word: loose, line: replaced(draft.line, loose, near) };
};

const adviceFor = (draft: ParseState, word: Word): string => {
  const verb = draft.head.readings[0]?.verb ?? '';
  if (NO_NAMES.has(word.key)) return `If it is a name, put it in quotes: "${word.text}". See: help ${verb}`;
  if (candidatesOf(draft).some(({ text }) => text !== undefined))
    return `Text goes in quotes, after the target: ${verb} … "…". See: help ${verb}`;
  return namesPath(draft) && draft.ids.length === 0
    ? `If it is the name of a folder, write ./${shortened(word.text, 60)}; else see: help ${verb}`
    : `Leave it out, or see: help ${verb}`;
};

/** The refusal of a word that means nothing here, with the nearest one that would. */
export const refuseWord = (draft: ParseState, word: Word): never => {
  // A word that is known is no slip, it only stands in the wrong place.
  const slipped = !word.quoted && !isKeyword(draft.vocabulary, word.key);
  const near = !slipped ? undefined : nearestWord(draft.vocabulary, candidatesOf(draft), word.text);
  const slip =
    near === undefined
      ? (slipInPair(draft, word) ?? slipBefore(draft, word))
      : { word, line: replaced(draft.line, word, near) };
  return refuse(unknownWord, {
    message: `Unknown word ${named((slip?.word ?? word).text)}.`,
    ...(slip ? { suggestion: slip.line } : { hint: adviceFor(draft, word) }),
    at: spanOf(slip?.word ?? word),
  });
};

/** The refusal of a word in the place of an agent's name. */
export const refuseAgent = (draft: ParseState, word: Word): never => {
  const { vocabulary, line } = draft;
  const near = nearestAgent(vocabulary, word.text);
  const agents = shortened(agentsIn(vocabulary).join(', '), 200);
  return refuse(unknownWord, {
    message: `Unknown agent ${named(word.text)}.`,
    ...(near === undefined ? { hint: `The agents are: ${agents}. Others are added in the configuration.` } : {}),
    suggestion: near === undefined ? undefined : replaced(line, word, near),
    at: spanOf(word),
  });
};

/** `stop two agents`: which two? */
export const refuseAmount = (draft: ParseState, amount: string, word: Word): never => {
  const verb = draft.head.readings[0]?.verb ?? '';
  const agents = draft.vocabulary.nouns.get(word.key)?.noun === 'instance';
  const count = /^\d+$/u.test(amount) ? Number(amount) : NUMBERS[amount.toLowerCase()];
  const plain = !draft.parameters.has('scope') && draft.states.size === 0;
  const fewer = agents && plain && count !== undefined && ['stop', 'remove'].includes(verb);
  return refuse(notTaken, {
    message: `${named(verb)} does not take an amount: ${named(amount)}.`,
    hint: 'Say the ids after the noun, or: all.',
    suggestion: fewer ? `scale down instances ${count}` : undefined,
    at: spanOf(word),
  });
};
