import { missing, named, refuse, unknownWord } from './errors.ts';
import { ID_FORMS } from './forms.ts';
import { NOUN_AFTER, SHOWING, TEST_OPERATIONS, type VerbReading, VIEWS } from './lexicon.ts';
import { formOf } from './parse-state.ts';
import type { NounReading, Vocabulary } from './vocabulary.ts';
import { isFiller, isUrgent, skipFillers, type Word } from './words.ts';

/** What a line is about, before its arguments: `at` is the first word that is not read yet. */
export type Head = {
  readonly readings: readonly VerbReading[];
  readonly noun?: NounReading | undefined;
  /** Used when nothing else says the noun: `git` in `git push`. */
  readonly fallback?: string;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly at: number;
  /** Words that were understood as part of the question: `doing`. */
  readonly ignored?: number;
};

const STATUS_WORDS = new Set(['status', 'state', 'health', 'progress']);
const DOING = new Set(['doing', 'going', 'up-to']);
const status = (word?: Word): VerbReading =>
  word?.key === 'health' ? { verb: 'status', modifiers: ['health'] } : { verb: 'status' };

/** The place of the last word, words of urgency and thanks left out. */
const lastOf = (words: readonly Word[]): number => {
  let last = words.length - 1;
  while (last > 0 && (isUrgent(words[last]!) || isFiller(words[last]!))) last -= 1;
  return last;
};

const question = (words: readonly Word[]): Head | undefined => {
  const [first, second] = words;
  const short = /^(?<ask>how|what)'s$/u.exec(first?.key ?? '')?.groups?.['ask'];
  const ask = short ?? (['is', 'are'].includes(second?.key ?? '') ? first?.key : undefined);
  if (ask !== 'how' && ask !== 'what') return undefined;
  const at = skipFillers(words, short === undefined ? 2 : 1);
  const last = lastOf(words);
  const doing = at <= last && DOING.has(words[last]!.key) ? last : undefined;
  const asked = words[at];
  if (ask === 'what' && asked && STATUS_WORDS.has(asked.key) && (words[at + 1]?.key === 'of' || at === last))
    return { readings: [status(asked)], at: words[at + 2] ? at + 2 : at + 1 };
  if (at >= words.length || (ask === 'what' && doing === undefined)) return undefined;
  // `how is it going?`
  const from = ask === 'how' && asked?.key === 'it' ? at + 1 : at;
  return { readings: [status()], at: from, ...(doing === undefined ? {} : { ignored: doing }) };
};

/** `which tasks are ready?` asks for a list. */
const which = (words: readonly Word[], vocabulary: Vocabulary): Head | undefined => {
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
const OF_TASKS = new Set(['blocked', 'ready', 'completed', 'pending', 'unmerged', 'failed']);

/** `how many agents are running?`, `who is waiting?`, `what failed?` ask for a list as well. */
const whose = (words: readonly Word[], vocabulary: Vocabulary): Head | undefined => {
  const [first, second, third] = words;
  const counted = first?.key === 'how' && second?.key === 'many' ? third?.key : undefined;
  const noun = vocabulary.nouns.get(counted ?? ASKED[first?.key ?? ''] ?? '');
  if (!noun?.plural || !vocabulary.byCommand.has(`list ${noun.noun}`)) return undefined;
  const from = counted === undefined ? 1 : 3;
  const at = ['is', 'are', 'has', 'have'].includes(words[from]?.key ?? '') ? from + 1 : from;
  // Nothing may follow: `who is working on 3.1?` asks for something else.
  const state = at === words.length - 1 ? vocabulary.states.get(words[at]!.key) : undefined;
  const last = state !== undefined && (first?.key !== 'what' || OF_TASKS.has(state));
  return last ? { readings: [{ verb: 'list' }], noun, at } : undefined;
};

/** `shut kiro-3 down`: a verb of two words around what it is about. */
const parted = (words: readonly Word[], vocabulary: Vocabulary): Head | undefined => {
  const [first] = words;
  if (!first || vocabulary.verbs.has(first.key)) return undefined;
  for (const { parts, key } of vocabulary.lexemes.get(first.key) ?? []) {
    const readings = parts.length === 2 ? vocabulary.verbs.get(key) : undefined;
    const ignored = words.findIndex((word, at) => at > 1 && word.key === parts[1]);
    if (readings && ignored > 0) return { readings, at: 1, ignored };
  }
  return undefined;
};

/** `show me the status of …`, `show health`. */
const showStatus = (words: readonly Word[]): Head | undefined => {
  if (!SHOWING.has(words[0]!.key)) return undefined;
  const at = skipFillers(words, 1);
  const asked = words[at];
  const last = words.length - 1;
  if (asked && at < last && words[last]!.key === 'status') return { readings: [status()], at, ignored: last };
  if (!asked || !STATUS_WORDS.has(asked.key)) return undefined;
  const after = words[at + 1]?.key;
  if (after === undefined || after === 'of' || after === 'for')
    // With nothing after it, `of` is left to be refused.
    return { readings: [status(asked)], at: after && words[at + 2] ? at + 2 : at + 1 };
  return undefined;
};

const refuseTest = (area: Word | undefined, expects: readonly string[]): never =>
  refuse(area ? unknownWord : missing, {
    message: area ? `Unknown test ${named(area.text)}.` : 'It is not said what to test.',
    hint: `Choose one of: ${expects.join(', ')}. For example: test protocol parse "run task abc beast mode"`,
    expects,
    ...(area ? { at: { start: area.start, end: area.end } } : {}),
  });

/** The kind of failure may be two words: `instance crash`. */
const failureKind = (words: readonly Word[], from: number, vocabulary: Vocabulary): { kind: string; at: number } => {
  let at = from;
  const parts: string[] = [];
  for (; at < words.length; at += 1) {
    const { key } = words[at]!;
    if (!/^[a-z][a-z-]*$/u.test(key) || vocabulary.modifiers.has(key) || isFiller(words[at]!)) break;
    parts.push(key);
  }
  if (parts.length === 0) refuseTest(words[from], ['instance-crash', 'message-loss']);
  return { kind: parts.join('-'), at };
};

const test = (words: readonly Word[], vocabulary: Vocabulary): Head | undefined => {
  const readings = [{ verb: 'test' }];
  const area = vocabulary.nouns.get(words[1]?.key ?? '');
  const known = (vocabulary.byVerb.get('test') ?? []).map((signature) => signature.noun);
  if (!area || !known.includes(area.noun)) return refuseTest(words[1], known);
  const operations = TEST_OPERATIONS[area.noun];
  if (!operations) return { readings, noun: area, at: 2 };
  const word = words[2];
  if (operations['*'] !== undefined) {
    if (!word || !/^[a-z][a-z-]*$/u.test(word.key)) return refuseTest(word, ['merge-conflicts']);
    return { readings, noun: area, parameters: { op: word.key }, at: 3 };
  }
  const op = Object.hasOwn(operations, word?.key ?? '')
    ? operations[word!.key]!
    : refuseTest(word, Object.keys(operations));
  if (area.noun !== 'failure') return { readings, noun: area, parameters: { op }, at: 3 };
  const { kind, at } = failureKind(words, 3, vocabulary);
  return { readings, noun: area, parameters: { op, failure: kind }, at };
};

/** `instances list`, `tasks brief 3.1`, `swarm`, `task 3.1`. */
const nounFirst = (words: readonly Word[], vocabulary: Vocabulary): Head | undefined => {
  const noun = vocabulary.nouns.get(words[0]!.key);
  if (!noun) return undefined;
  const next = words[1];
  const verbs = next && vocabulary.verbs.get(next.key);
  const view = next && vocabulary.nouns.get(next.key);
  const alsoVerb = vocabulary.verbs.has(words[0]!.key);
  if (alsoVerb && !(verbs && (noun.plural || ['list', 'show'].includes(next.key)))) return undefined;
  if (next?.key === 'test') return test([next, words[0]!, ...words.slice(2)], vocabulary);
  if (verbs) return { readings: verbs, noun, at: 2 };
  if (view && VIEWS.has(view.noun)) return { readings: [{ verb: 'show' }], noun: view, at: 2 };
  const filtered = !next || vocabulary.states.has(next.key) || (/^-|=/u.test(next.text) && !next.quoted);
  if (filtered && noun.plural) return { readings: [{ verb: 'list' }], noun, at: 1 };
  if (filtered && vocabulary.byCommand.has(`status ${noun.noun}`))
    return { readings: [{ verb: 'status' }], noun, at: 1 };
  const named = next && (VIEWS.has(noun.noun) || ID_FORMS.some(([, kind]) => kind === noun.noun));
  const form = named && formOf(vocabulary, next.text.replace(/,$/u, ''));
  return next && form !== undefined && (form === noun.noun || VIEWS.has(noun.noun))
    ? { readings: [{ verb: 'show' }], noun, at: 1 }
    : undefined;
};

const git = (words: readonly Word[], vocabulary: Vocabulary): Head | undefined => {
  const isGit = words[0]!.key === 'git' && words[1]?.key !== 'test';
  const readings = isGit ? vocabulary.verbs.get(words[1]?.key ?? '') : undefined;
  return readings && { readings, fallback: 'git', at: 2 };
};

const verbFirst = (words: readonly Word[], readings: readonly VerbReading[]): Head => {
  const next = words[1]?.key ?? '';
  const noun = readings.map(({ verb }) => NOUN_AFTER[verb]?.[next]).find((found) => found !== undefined);
  return noun === undefined ? { readings, at: 1 } : { readings, noun: { noun, plural: false }, at: 2 };
};

/** Finds the verb of a line, or undefined when there is none. */
export const headOf = (words: readonly Word[], vocabulary: Vocabulary): Head | undefined => {
  const from = skipFillers(words, 0);
  const rest = from === 0 ? words : words.slice(from);
  const first = rest[0];
  if (!first) return undefined;
  let end = rest.length;
  while (end > 1 && isFiller(rest[end - 1]!)) end -= 1;
  // `show status please`
  const bare = rest.slice(0, end);
  const found =
    git(rest, vocabulary) ??
    (first.key === 'test' && vocabulary.byVerb.has('test') ? test(rest, vocabulary) : undefined) ??
    question(rest) ??
    which(rest, vocabulary) ??
    whose(bare, vocabulary) ??
    showStatus(bare) ??
    nounFirst(bare, vocabulary) ??
    parted(rest, vocabulary);
  const readings = vocabulary.verbs.get(first.key);
  const head = found ?? (readings && verbFirst(rest, readings));
  return (
    head && { ...head, at: head.at + from, ...(head.ignored === undefined ? {} : { ignored: head.ignored + from }) }
  );
};
