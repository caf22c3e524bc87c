import { missing, named, refuse, unknownWord } from './errors.ts';
import { ID_FORMS, NOUN_AFTER, SHOWING, TEST_OPERATIONS, type VerbReading, VIEWS } from './lexicon.ts';
import type { NounReading, Vocabulary } from './vocabulary.ts';
import { skipFillers, type Word } from './words.ts';

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
const DOING = new Set(['doing', 'going']);
const status = (word?: Word): VerbReading =>
  word?.key === 'health' ? { verb: 'status', modifiers: ['health'] } : { verb: 'status' };

const question = (words: readonly Word[]): Head | undefined => {
  const [first, second] = words;
  const short = /^(?<ask>how|what)'s$/u.exec(first?.key ?? '')?.groups?.['ask'];
  const ask = short ?? (['is', 'are'].includes(second?.key ?? '') ? first?.key : undefined);
  const at = skipFillers(words, short === undefined ? 2 : 1);
  const last = words.at(-1);
  const doing = last && at < words.length && DOING.has(last.key) ? words.length - 1 : undefined;
  const asked = words[at];
  if (ask === 'what' && asked && STATUS_WORDS.has(asked.key) && words[at + 1]?.key === 'of')
    return { readings: [status(asked)], at: at + 2 };
  if (at >= words.length) return undefined;
  if (ask === 'how' || (ask === 'what' && doing !== undefined))
    return { readings: [status()], at, ...(doing === undefined ? {} : { ignored: doing }) };
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
    return { readings: [status(asked)], at: after ? at + 2 : at + 1 };
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
    if (!/^[a-z][a-z-]*$/u.test(key) || vocabulary.modifiers.has(key)) break;
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
  return next && ID_FORMS.some(([form, kind]) => kind === noun.noun && form.test(next.text))
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
  const found =
    git(rest, vocabulary) ??
    (first.key === 'test' && vocabulary.byVerb.has('test') ? test(rest, vocabulary) : undefined) ??
    question(rest) ??
    showStatus(rest) ??
    nounFirst(rest, vocabulary);
  const readings = vocabulary.verbs.get(first.key);
  const head = found ?? (readings && verbFirst(rest, readings));
  return (
    head && { ...head, at: head.at + from, ...(head.ignored === undefined ? {} : { ignored: head.ignored + from }) }
  );
};
