import { formOf, ID_FORMS } from '../forms.ts';
import { NOUN_AFTER, type VerbReading, VIEWS } from '../lexicon.ts';
import type { NounReading, Vocabulary } from '../vocabulary.ts';
import type { Head, Word } from './model.ts';
import { readShownStatus, readStatusQuestion, readWhichQuestion, readWhoQuestion } from './questions.ts';
import { readTest } from './test-line.ts';
import { isFiller, skipFillers } from './words.ts';

/** `shut kiro-3 down`: a verb of two words around what it is about. */
const readPartedVerb = (words: readonly Word[], vocabulary: Vocabulary): Head | undefined => {
  const [first] = words;
  if (!first || vocabulary.verbs.has(first.key)) return undefined;
  for (const { parts, key } of vocabulary.lexemes.get(first.key) ?? []) {
    const readings = parts.length === 2 ? vocabulary.verbs.get(key) : undefined;
    const ignored = words.findIndex((word, at) => at > 1 && word.key === parts[1]);
    if (readings && ignored > 0) return { readings, at: 1, ignored };
  }
  return undefined;
};

/** Whether a word is one of a list's filters, so that a plural before it asks for the list. */
const isFilter = (word: Word, { states }: Vocabulary): boolean =>
  states.has(word.key) || (/^-|=/u.test(word.text) && !word.quoted);

/** `task 3.1`, `brief 3.1`: a noun with an id of its own kind shows that one. */
const namesOne = (noun: string, word: Word, vocabulary: Vocabulary): boolean => {
  if (!VIEWS.has(noun) && !ID_FORMS.some(([, kind]) => kind === noun)) return false;
  const form = formOf(vocabulary, word.text.replace(/,$/u, ''));
  return form !== undefined && (form === noun || VIEWS.has(noun));
};

/** The head of a noun without a verb: `instances`, `swarm`, `task 3.1`. */
const readNounAlone = (noun: NounReading, next: Word | undefined, vocabulary: Vocabulary): Head | undefined => {
  if (!next || isFilter(next, vocabulary)) {
    if (noun.plural) return { readings: [{ verb: 'list' }], noun, at: 1 };
    if (vocabulary.byCommand.has(`status ${noun.noun}`)) return { readings: [{ verb: 'status' }], noun, at: 1 };
  }
  return next && namesOne(noun.noun, next, vocabulary) ? { readings: [{ verb: 'show' }], noun, at: 1 } : undefined;
};

/** `instances list`, `tasks brief 3.1`, `swarm`, `task 3.1`. */
const readNounFirst = (words: readonly Word[], vocabulary: Vocabulary): Head | undefined => {
  const [first, next] = words;
  const noun = vocabulary.nouns.get(first!.key);
  if (!noun) return undefined;
  const verbs = next && vocabulary.verbs.get(next.key);
  const isVerbToo = vocabulary.verbs.has(first!.key);
  if (isVerbToo && !(verbs && (noun.plural || ['list', 'show', 'remove', 'rebuild'].includes(next.key))))
    return undefined;
  if (next?.key === 'test') return readTest([next, first!, ...words.slice(2)], vocabulary);
  if (verbs) return { readings: verbs, noun, at: 2 };
  const view = next && vocabulary.nouns.get(next.key);
  if (view && VIEWS.has(view.noun)) return { readings: [{ verb: 'show' }], noun: view, at: 2 };
  return readNounAlone(noun, next, vocabulary);
};

/** `git push`, where the noun only counts when nothing else says one. */
const readGit = (words: readonly Word[], vocabulary: Vocabulary): Head | undefined => {
  const isGit = words[0]!.key === 'git' && words[1]?.key !== 'test';
  const readings = isGit ? vocabulary.verbs.get(words[1]?.key ?? '') : undefined;
  return readings && { readings, fallback: 'git', at: 2 };
};

const readVerbFirst = (words: readonly Word[], readings: readonly VerbReading[]): Head => {
  const next = words[1]?.key ?? '';
  const noun = readings.map(({ verb }) => NOUN_AFTER[verb]?.[next]).find((found) => found !== undefined);
  return noun === undefined ? { readings, at: 1 } : { readings, noun: { noun, plural: false }, at: 2 };
};

/** The words without those of thanks at the end: `show status please`. */
const withoutThanks = (words: readonly Word[]): readonly Word[] => {
  let end = words.length;
  while (end > 1 && isFiller(words[end - 1]!)) end -= 1;
  return words.slice(0, end);
};

/** Finds the verb of a line, or undefined when there is none. */
export const headOf = (words: readonly Word[], vocabulary: Vocabulary): Head | undefined => {
  const from = skipFillers(words, 0);
  const rest = from === 0 ? words : words.slice(from);
  const [first] = rest;
  if (!first) return undefined;
  const bare = withoutThanks(rest);
  const found =
    readGit(rest, vocabulary) ??
    (first.key === 'test' && vocabulary.byVerb.has('test') ? readTest(rest, vocabulary) : undefined) ??
    readStatusQuestion(rest) ??
    readWhichQuestion(rest, vocabulary) ??
    readWhoQuestion(bare, vocabulary) ??
    readShownStatus(bare) ??
    readNounFirst(bare, vocabulary) ??
    readPartedVerb(rest, vocabulary);
  const readings = vocabulary.verbs.get(first.key);
  const head = found ?? (readings && readVerbFirst(rest, readings));
  return (
    head && { ...head, at: head.at + from, ...(head.ignored === undefined ? {} : { ignored: head.ignored + from }) }
  );
};
