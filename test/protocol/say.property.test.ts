import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Meaning } from '../../src/protocol/action.ts';
import { TARGET_MODIFIERS } from '../../src/protocol/lexicon.ts';
import { needsText } from '../../src/protocol/example.ts';
import { parse } from '../../src/protocol/parse.ts';
import { say } from '../../src/protocol/say.ts';
import type { Signature } from '../../src/protocol/signature.ts';
import { contradictionIn } from '../../src/protocol/vocabulary.ts';
import { language, signatures } from '../fixtures/signatures.ts';

const all = signatures;
const ODD = [
  ...[
    'kiro-3',
    '3.1',
    't12',
    'all',
    'force',
    'beast',
    'run',
    'task',
    'tasks',
    'one',
    '3',
    '007',
    'to',
    'and',
    'or',
    'not',
  ],
  ...['a', 'the', 'Abc', 'a.', 'a:b', 'failed:3.1', 'feature/x', 'main', 'backup', 'please', 'thanks', 'status', 'x#2'],
  ...[
    'ABC-7',
    'KIRO-3',
    'claude',
    '1-3',
    '3.1-3.4',
    'nothing',
    'it',
    'everything',
    'both',
    'new',
    'more',
    'another',
    'now',
  ],
  ...[
    'asap',
    'called',
    'mode',
    'percent',
    'except',
    'other',
    'other-than',
    'beast-mode',
    'shut',
    'up',
    'id',
    'yes',
    '界',
    'ü',
  ],
  ...[
    'ابجد',
    'e\u0301',
    'n',
    'don',
    'drover',
    'batch-5',
    'worker-2',
    'a_b',
    'constructor',
    '__',
    'UPPER',
    'x@y',
    'log',
  ],
].filter((one) => /^[\p{L}\p{N}]/u.test(one));
const id = fc
  .oneof(
    fc.constantFrom(...ODD),
    fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/),
    fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._/#@-]{0,12}$/),
    fc.stringMatching(/^\p{L}[\p{L}\p{M}\p{N}_-]{0,6}$/u),
  )
  .filter((text) => !text.includes('..'));
const path = fc.oneof(id, fc.constantFrom('.kiro/specs/demo', '../other', '/my repo/plan', `./it's "mine"; $x`, '.'));
const ids = fc.uniqueArray(id, { minLength: 1, maxLength: 3 }).map((list) => (list.length === 1 ? list[0]! : list));
const state = fc
  .uniqueArray(fc.constantFrom('running', 'failed', 'idle', 'completed'), { minLength: 1, maxLength: 3 })
  .map((list) => list.toSorted());
const text = fc
  .string({ unit: 'grapheme', maxLength: 40 })
  .filter((value) => parse(`tell kiro-1 "${value.replace(/["\\]/gu, '\\$&')}"`, language).ok);
const FREE = new Set(['title', 'description', 'check']);
const value = (key: string) => {
  if (FREE.has(key)) return text;
  if (['from', 'to', 'on', 'except'].includes(key)) return ids;
  return fc
    .oneof(fc.integer({ min: -1e9, max: 1e9 }), id, fc.constantFrom('30s', '0.2', '12', 'true', 'a b'), fc.boolean())
    .map((one) =>
      [
        'agent',
        'group',
        'mode',
        'for',
        'spec',
        'target',
        'value',
        'topic',
        'hash',
        'file',
        'criterion',
        'comment',
      ].includes(key)
        ? String(one)
        : one,
    );
};

const others = (signature: Signature) =>
  signature.parameters.filter(
    (key) =>
      !['id', 'scope', 'state', 'except', 'op', 'count', 'direction', 'failure', 'deps'].includes(key) &&
      key !== signature.text,
  );

/** A target as the grammar may find it: ids, or a filter, or nothing where that is allowed. */
const target = (signature: Signature): fc.Arbitrary<Record<string, unknown>> => {
  if (['import', 'export'].includes(signature.verb)) return path.map((one) => ({ id: one }));
  const has = (key: string) => signature.parameters.includes(key);
  if (signature.target === 'none') return fc.constant({});
  if (signature.noun === 'swarm') return fc.constant(signature.target === 'required' ? { scope: 'all' } : {});
  const choices: fc.Arbitrary<Record<string, unknown>>[] = [ids.map((found) => ({ id: found }))];
  if (has('scope') && has('state'))
    choices.push(
      fc.record({ scope: fc.constantFrom('all', 'other', 'next', 'last'), state }),
      fc.record({ state }),
      fc.record({ scope: fc.constantFrom('all', 'last') }),
    );
  if (has('scope') && has('except')) choices.push(fc.record({ scope: fc.constant('all'), except: ids }));
  if (signature.target === 'optional') choices.push(fc.constant({}));
  return fc.oneof(...choices);
};

const fixed = ({ verb, noun }: Signature): Record<string, unknown> => {
  if (verb === 'assign') return { to: 'kiro-1' };
  if (verb === 'scale') return { op: 'up', count: 3 };
  if (verb === 'sync' && noun === 'git') return { direction: 'base' };
  if (verb !== 'test') return {};
  if (noun === 'failure') return { op: 'simulate', failure: 'instance-crash' };
  return { op: noun === 'protocol' ? 'parse' : noun === 'swarm' ? 'launch' : 'merge-conflicts' };
};

const meanings: fc.Arbitrary<Meaning> = fc.constantFrom(...all).chain((signature) =>
  fc
    .record({
      aim: target(signature),
      modifiers: fc.subarray([...signature.modifiers]).filter((list) => !contradictionIn(new Set(list))),
      extra: fc.record(Object.fromEntries(others(signature).map((key) => [key, value(key)])), { requiredKeys: [] }),
      words: needsText(signature) || signature.target !== 'required' ? text : fc.option(text, { nil: undefined }),
    })
    // A command that does without its text is about one.
    .filter(({ aim, words }) => words !== undefined || signature.text === undefined || !Array.isArray(aim['id']))
    // Which one is meant is said by an id or by such a word, not by both.
    .map((one) => ({
      ...one,
      modifiers: one.modifiers.filter((word) => !(TARGET_MODIFIERS.has(word) && 'id' in one.aim)),
    }))
    .map(({ aim, modifiers, extra, words }) => ({
      verb: signature.verb,
      noun: signature.noun,
      modifiers: modifiers.toSorted(),
      parameters: {
        ...extra,
        ...fixed(signature),
        ...aim,
        ...(signature.text && words !== undefined ? { [signature.text]: words } : {}),
      } as Meaning['parameters'],
    })),
);

test('an id that looks like a range is said where it can be none', () => {
  const parameters = { scope: 'all', except: 't0-0' } as const;
  const meaning: Meaning = { verb: 'show', noun: 'metric', modifiers: [], parameters };
  expect(say(meaning)).toBe('show all metrics except=t0-0');
  expect(parse(say(meaning), language)).toMatchObject({ ok: true, meaning });
});

test('[PRT-1] what is said of a meaning is read as the same meaning, whatever command and whatever ids', () => {
  fc.assert(
    fc.property(meanings, (meaning) => {
      const result = parse(say(meaning), language);
      if (!result.ok) throw new Error(`${say(meaning)} — ${result.error.message} ${result.error.hint}`);
      expect(result.meaning).toEqual(meaning);
    }),
    { numRuns: 3000 },
  );
});
