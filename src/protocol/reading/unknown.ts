import { shorten } from '../../lib/text.ts';
import { inQuotes, lineWith, notTaken, refuse, spanOf, unknownWord, untrustedAgent } from '../errors.ts';
import { formOf } from '../forms.ts';
import { quote } from '../lex.ts';
import { nearestAgent, nearestNoun, nearestWord } from '../near.ts';
import { NO_NAMES, NUMBERS } from '../phrases.ts';
import { agentsIn, isKeyword, untrustedNamed } from '../vocabulary.ts';
import { isFiltered, takes, takesText } from './candidates.ts';
import type { ParseState, Word } from './model.ts';
import { isAboutPath } from './steps.ts';

/** The verb that was said, for a hint. */
const verbOf = ({ head }: ParseState): string => head.readings[0]?.verb ?? '';

/** A mistyped word, and the line with the one that may be meant. */
type Slip = { readonly word: Word; readonly line: string };

/** `in baest mode`, `beast mod`: a slip in a word of two, with the one before or after it. */
const slipInPair = ({ vocabulary, candidates, words, line }: ParseState, word: Word): Slip | undefined => {
  const at = words.indexOf(word);
  for (const [first, second] of [
    [words[at - 1], word],
    [word, words[at + 1]],
  ]) {
    if (!first || !second || first.quoted || second.quoted) continue;
    const near = nearestWord(vocabulary, candidates, `${first.key}-${second.key}`);
    if (near?.includes('-')) {
      const place = { start: first.start, end: second.end };
      const isSecond = first === word || first.key === near.split('-')[0];
      return { word: isSecond ? word : first, line: lineWith(line, place, near.replaceAll('-', ' ')) };
    }
  }
  return undefined;
};

/** `run taks abc`: the id before the unknown word is a mistyped noun. */
const slipBefore = ({ vocabulary, candidates, loose, noun, line }: ParseState, word: Word): Slip | undefined => {
  if (!loose || loose === word || noun) return undefined;
  const near = nearestNoun(vocabulary, candidates, loose.text);
  return near === undefined ? undefined : { word: loose, line: lineWith(line, loose, near) };
};

/** `reject t6`, `send t6 back "…"`: what is said of work, to a verb of agents. */
const isAboutWork = ({ vocabulary, words, head: { readings } }: ParseState, word: Word): boolean => {
  const verbs = readings.map(({ verb }) => verb);
  const isSentBack = verbs.includes('tell') && words.some(({ key, quoted }) => !quoted && key === 'back');
  return !word.quoted && formOf(vocabulary, word.text) === 'task' && (verbs.includes('deny') || isSentBack);
};

/** `retry t6 "use it"`: a text whose place has a name, and the line with that. */
const asNamedText = (state: ParseState, word: Word): Slip | undefined =>
  word.quoted && takes(state, 'prompt') && !state.parameters.has('prompt')
    ? { word, line: lineWith(state.line, word, `prompt=${quote(word.text, true)}`) }
    : undefined;

const adviceFor = (state: ParseState, word: Word): string => {
  const verb = verbOf(state);
  if (isAboutWork(state, word)) return `Work is sent back by: send back ${word.text} "…". See: help return`;
  if (NO_NAMES.has(word.key)) return `If it is a name, put it in quotes: "${word.text}". See: help ${verb}`;
  if (takesText(state)) return `Text goes in quotes, after the target: ${verb} … "…". See: help ${verb}`;
  return isAboutPath(state) && state.ids.length === 0
    ? `If it is the name of a folder, write ./${shorten(word.text, 60)}; else see: help ${verb}`
    : `Leave it out, or see: help ${verb}`;
};

/** The refusal of a word that means nothing here, with the nearest one that would. */
export const refuseWord = (state: ParseState, word: Word): never => {
  const { vocabulary, candidates, line } = state;
  // A word that is known is no slip, it only stands in the wrong place.
  const isSlip = !word.quoted && !isKeyword(vocabulary, word.key);
  const near = isSlip ? nearestWord(vocabulary, candidates, word.text) : undefined;
  const slip =
    near === undefined
      ? (slipInPair(state, word) ?? slipBefore(state, word) ?? asNamedText(state, word))
      : { word, line: lineWith(line, word, near) };
  return refuse(unknownWord, {
    message: `Unknown word ${inQuotes((slip?.word ?? word).text)}.`,
    ...(slip ? { suggestion: slip.line } : { hint: adviceFor(state, word) }),
    at: spanOf(slip?.word ?? word),
  });
};

/** So much of the list of all agents is shown, in characters. */
const LONGEST_LIST = 200;

/** The refusal of a word in the place of an agent's name. */
export const refuseAgent = ({ vocabulary, line }: ParseState, word: Word): never => {
  const waiting = untrustedNamed(vocabulary, word);
  if (waiting !== undefined)
    return refuse(untrustedAgent, {
      message: `The agent ${inQuotes(waiting)} is in the configuration, and nobody has trusted it yet.`,
      hint: 'Look at it and decide: drover trust',
      at: spanOf(word),
    });
  const near = nearestAgent(vocabulary, word.text);
  const agents = shorten(agentsIn(vocabulary).join(', '), LONGEST_LIST);
  return refuse(unknownWord, {
    message: `Unknown agent ${inQuotes(word.text)}.`,
    ...(near === undefined ? { hint: `The agents are: ${agents}. Others are added in the configuration.` } : {}),
    suggestion: near === undefined ? undefined : lineWith(line, word, near),
    at: spanOf(word),
  });
};

/** The refusal of an amount where only ids say which ones are meant: `stop two agents`. */
export const refuseAmount = (state: ParseState, amount: string, word: Word): never => {
  const verb = verbOf(state);
  const isOfAgents = state.vocabulary.nouns.get(word.key)?.noun === 'instance';
  const count = /^\d+$/u.test(amount) ? Number(amount) : NUMBERS[amount.toLowerCase()];
  const isScaling = isOfAgents && !isFiltered(state) && count !== undefined && ['stop', 'remove'].includes(verb);
  return refuse(notTaken, {
    message: `${inQuotes(verb)} does not take an amount: ${inQuotes(amount)}.`,
    hint: 'Say the ids after the noun, or: all.',
    suggestion: isScaling ? `scale down instances ${count}` : undefined,
    at: spanOf(word),
  });
};
