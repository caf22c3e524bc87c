import { SHOWING, type VerbReading } from '../lexicon.ts';
import type { Vocabulary } from '../vocabulary.ts';
import type { Head, Word } from './model.ts';
import { isFiller, isUrgent, skipFillers } from './words.ts';

const STATUS_WORDS: ReadonlySet<string> = new Set(['status', 'state', 'health', 'progress']);
const DOING: ReadonlySet<string> = new Set(['doing', 'going', 'up-to']);
const BEING: ReadonlySet<string> = new Set(['is', 'are', 'has', 'have']);

const statusAsked = (word?: Word): VerbReading =>
  word?.key === 'health' ? { verb: 'status', modifiers: ['health'] } : { verb: 'status' };

/** The place of the last word, words of urgency and thanks left out. */
const lastOf = (words: readonly Word[]): number => {
  let last = words.length - 1;
  while (last > 0 && (isUrgent(words[last]!) || isFiller(words[last]!))) last -= 1;
  return last;
};

/** Where what is asked for begins behind `how is`, `what are`, `how's`; undefined when nothing is asked so. */
const askingWord = (words: readonly Word[]): { ask: 'how' | 'what'; at: number } | undefined => {
  const [first, second] = words;
  const short = /^(?<ask>how|what)'s$/u.exec(first?.key ?? '')?.groups?.['ask'];
  const ask = short ?? (['is', 'are'].includes(second?.key ?? '') ? first?.key : undefined);
  return ask === 'how' || ask === 'what' ? { ask, at: skipFillers(words, short === undefined ? 2 : 1) } : undefined;
};

/** `how is the swarm doing?`, `what is the status of kiro-3?` */
export const readStatusQuestion = (words: readonly Word[]): Head | undefined => {
  const asking = askingWord(words);
  if (!asking) return undefined;
  const { ask, at } = asking;
  const last = lastOf(words);
  const doing = at <= last && DOING.has(words[last]!.key) ? last : undefined;
  const asked = words[at];
  if (ask === 'what' && asked && STATUS_WORDS.has(asked.key) && (words[at + 1]?.key === 'of' || at === last))
    return { readings: [statusAsked(asked)], at: words[at + 2] ? at + 2 : at + 1 };
  if (at >= words.length || (ask === 'what' && doing === undefined)) return undefined;
  // `how is it going?`
  const from = ask === 'how' && asked?.key === 'it' ? at + 1 : at;
  return { readings: [statusAsked()], at: from, ...(doing === undefined ? {} : { ignored: doing }) };
};

/** `which tasks are ready?` asks for a list. */
export const readWhichQuestion = (words: readonly Word[], vocabulary: Vocabulary): Head | undefined => {
  const [first, second, third] = words;
  const noun = vocabulary.nouns.get(second?.key ?? '');
  if (!first || !['which', 'what'].includes(first.key) || !noun?.plural) return undefined;
  const at = skipFillers(words, third?.key === 'are' ? 3 : 2);
  const known = vocabulary.states.has(words[at]?.key ?? '') && vocabulary.byCommand.has(`list ${noun.noun}`);
  return known ? { readings: [{ verb: 'list' }], noun, at } : undefined;
};

/** The nouns that the asking word is about: `who is waiting?`, `what failed?`. */
const ASKED: Readonly<Record<string, string>> = { who: 'instances', what: 'tasks' };

/** States that only tasks have, so that `what` can mean nothing else. */
const OF_TASKS: ReadonlySet<string> = new Set([
  'blocked',
  'ready',
  'completed',
  'pending',
  'queued',
  'unmerged',
  'failed',
]);

/** `how many agents are running?`, `who is waiting?`, `what failed?` ask for a list as well. */
export const readWhoQuestion = (words: readonly Word[], vocabulary: Vocabulary): Head | undefined => {
  const [first, second, third] = words;
  const counted = first?.key === 'how' && second?.key === 'many' ? third?.key : undefined;
  const noun = vocabulary.nouns.get(counted ?? ASKED[first?.key ?? ''] ?? '');
  if (!noun?.plural || !vocabulary.byCommand.has(`list ${noun.noun}`)) return undefined;
  const from = counted === undefined ? 1 : 3;
  const at = BEING.has(words[from]?.key ?? '') ? from + 1 : from;
  // Nothing may follow: `who is working on 3.1?` asks for something else.
  const state = at === words.length - 1 ? vocabulary.states.get(words[at]!.key) : undefined;
  const isWhole = state !== undefined && (first?.key !== 'what' || OF_TASKS.has(state));
  return isWhole ? { readings: [{ verb: 'list' }], noun, at } : undefined;
};

/** `show me the status of …`, `show health`. */
export const readShownStatus = (words: readonly Word[]): Head | undefined => {
  if (!SHOWING.has(words[0]!.key)) return undefined;
  const at = skipFillers(words, 1);
  const asked = words[at];
  const last = words.length - 1;
  if (asked && at < last && words[last]!.key === 'status') return { readings: [statusAsked()], at, ignored: last };
  if (!asked || !STATUS_WORDS.has(asked.key)) return undefined;
  const after = words[at + 1]?.key;
  if (after !== undefined && after !== 'of' && after !== 'for') return undefined;
  // With nothing after it, `of` is left to be refused.
  return { readings: [statusAsked(asked)], at: after && words[at + 2] ? at + 2 : at + 1 };
};
