import { inQuotes, missing, refuse, spanOf, unknownWord } from '../errors.ts';
import { exampleOf } from '../example.ts';
import type { Signature } from '../signature.ts';
import { TEST_OPERATIONS } from '../test-operations.ts';
import type { Vocabulary } from '../vocabulary.ts';
import type { Head, Word } from './model.ts';
import { isFiller } from './words.ts';

const GENERAL = 'test protocol parse "run task abc beast mode"';

const refuseTest = (area: Word | undefined, expects: readonly string[], meant?: Signature): never =>
  refuse(area ? unknownWord : missing, {
    message: area ? `Unknown test ${inQuotes(area.text)}.` : 'It is not said what to test.',
    hint: `Choose one of: ${expects.join(', ')}. For example: ${meant ? exampleOf(meant) : GENERAL}`,
    expects,
    ...(area ? { at: spanOf(area) } : {}),
  });

/** The kind of a failure in one word or two: `instance crash`. */
const failureKind = (words: readonly Word[], from: number, vocabulary: Vocabulary): { kind: string; at: number } => {
  let at = from;
  const parts: string[] = [];
  for (; at < words.length; at += 1) {
    const { key } = words[at]!;
    if (!/^[a-z][a-z-]*$/u.test(key) || vocabulary.modifiers.has(key) || isFiller(words[at]!)) break;
    parts.push(key);
  }
  if (parts.length === 0)
    refuseTest(words[from], ['instance-crash', 'message-loss'], vocabulary.byCommand.get('test failure'));
  return { kind: parts.join('-'), at };
};

/** `test <area> <operation>`: the head of a line that begins with `test`. */
export const readTest = (words: readonly Word[], vocabulary: Vocabulary): Head => {
  const readings = [{ verb: 'test' }];
  const area = vocabulary.nouns.get(words[1]?.key ?? '');
  const known = (vocabulary.byVerb.get('test') ?? []).map((signature) => signature.noun);
  if (!area || !known.includes(area.noun)) return refuseTest(words[1], known);
  const meant = vocabulary.byCommand.get(`test ${area.noun}`);
  const operations = TEST_OPERATIONS[area.noun];
  if (!operations) return { readings, noun: area, at: 2 };
  const word = words[2];
  if (operations['*'] !== undefined) {
    if (!word || !/^[a-z][a-z-]*$/u.test(word.key)) return refuseTest(word, ['merge-conflicts'], meant);
    return { readings, noun: area, parameters: { op: word.key }, at: 3 };
  }
  const op = Object.hasOwn(operations, word?.key ?? '')
    ? operations[word!.key]!
    : refuseTest(word, Object.keys(operations), meant);
  if (area.noun !== 'failure') return { readings, noun: area, parameters: { op }, at: 3 };
  const { kind, at } = failureKind(words, 3, vocabulary);
  return { readings, noun: area, parameters: { op, failure: kind }, at };
};
