import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ParseResult, parse, parseArgv } from '../../src/protocol/parse.ts';
import { say } from '../../src/protocol/say.ts';
import { pluralOf } from '../../src/protocol/vocabulary.ts';
import { language, signatures } from '../fixtures/signatures.ts';

const corpus = ['protocol-corpus', 'protocol-wordings'].flatMap((name) =>
  readFileSync(`test/fixtures/${name}.jsonl`, 'utf8')
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { text: string }).text),
);
const understood = corpus.filter((line) => parse(line, language).ok);

const HARD = [
  ...[
    '"',
    "'",
    '“',
    '‘',
    '«',
    '„',
    ';',
    ',',
    '[',
    '<',
    '=',
    '--',
    '-',
    '@',
    '\\',
    '\n',
    '\t',
    '..',
    '?',
    '!',
    '$(x)',
    '`',
  ],
  ...[
    '\u0000',
    '\u001B[2J',
    '\u202E',
    '\u200F',
    '\uD800',
    'ابجد',
    'e\u0301',
    '{',
    ' all ',
    ' not ',
    ' except ',
    ' force ',
  ],
  ...['--upload-pack=x', '../..', '99999999999999999999', '-1', '1e9', '0x10', ' and ', ' or ', ' id=', ' to '],
];
const CONTROL = /[\u0000-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/u;
const LONGEST_SENTENCE = 1000;

const isSound = (result: ParseResult, line: string) => {
  if (result.ok) {
    const again = parse(say(result.meaning), language);
    expect(again.ok && again.meaning, `${line} → ${say(result.meaning)}`).toEqual(result.meaning);
    return;
  }
  const { error, suggestion } = result;
  expect([2, 3]).toContain(error.exit);
  expect(error.message).toMatch(/\S.*[.!?]$/u);
  expect(error.hint).not.toBe('');
  expect(error.message + error.hint).not.toMatch(CONTROL);
  expect(error.message.length + error.hint.length).toBeLessThan(LONGEST_SENTENCE);
  if (suggestion !== undefined)
    expect(parse(suggestion, language), `${line} → ${suggestion}`).toMatchObject({ ok: true });
};
const isAnswered = (line: string) => {
  isSound(parse(line, language), line);
  isSound(parseArgv(line.split(' '), language), line);
};

describe('[PRT-5] whatever is typed is understood or refused with a sentence', () => {
  test('10 000 lines of anything', () => {
    const line = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.string({ unit: 'grapheme', maxLength: 60 }),
      fc.array(fc.constantFrom(...HARD), { maxLength: 6 }).map((parts) => parts.join('')),
    );
    fc.assert(fc.property(line, isAnswered), { numRuns: 10_000 });
  });

  test('lines that people type, with something torn out or put in', () => {
    const line = fc
      .record({
        line: fc.constantFrom(...corpus),
        at: fc.nat(80),
        cut: fc.nat(4),
        put: fc.oneof(fc.constantFrom(...HARD), fc.string({ maxLength: 3 })),
      })
      .map(({ line, at, cut, put }) => `${line.slice(0, at)}${put}${line.slice(at + cut)}`);
    fc.assert(fc.property(line, isAnswered), { numRuns: 2500, examples: [['@kiro-3," status']] });
  });

  test('known words in any order', () => {
    const words = [...new Set(corpus.flatMap((line) => line.split(' ')))];
    const line = fc.array(fc.constantFrom(...words), { maxLength: 8 }).map((list) => list.join(' '));
    fc.assert(fc.property(line, isAnswered), { numRuns: 2500 });
  });
});

const GRAVITY: Readonly<Record<string, number>> = { stop: 1, restart: 1, rollback: 1, clean: 1, remove: 2 };
const isWide = (meaning: { noun: string; parameters: Readonly<Record<string, unknown>> }) =>
  meaning.parameters['scope'] === 'all' || meaning.noun === 'swarm';

test('[PRT-5] what is suggested for a line is never graver than the line was meant', () => {
  const slip = fc
    .record({
      line: fc.constantFrom(...understood),
      at: fc.nat(60),
      kind: fc.nat(3),
      letter: fc.constantFrom(...'abcdefgx-'),
    })
    .map(({ line, at, kind, letter }) => {
      const [before, here, after] = [line.slice(0, at), line.slice(at, at + 1), line.slice(at + 1)];
      const typed = [
        before + after,
        before + letter + here + after,
        before + letter + after,
        before + after.slice(0, 1) + here + after.slice(1),
      ];
      return { line, typed: typed[kind]! };
    });
  fc.assert(
    fc.property(slip, ({ line, typed }) => {
      const [meant, result] = [parse(line, language), parse(typed, language)];
      if (!meant.ok || result.ok || result.suggestion === undefined) return;
      const suggested = parse(result.suggestion, language);
      if (!suggested.ok) throw new Error(`${result.suggestion} is not understood`);
      const [was, is] = [meant.meaning, suggested.meaning];
      if (['status', 'list', 'show', 'help'].includes(is.verb)) return;
      const why = `${typed} → ${result.suggestion}`;
      if (!isWide(was)) expect(isWide(is), why).toBe(false);
      if (!was.modifiers.includes('force')) expect(is.modifiers, why).not.toContain('force');
      expect(GRAVITY[is.verb] ?? 0, why).toBeLessThanOrEqual(GRAVITY[was.verb] ?? 0);
      if (isWide(is) && was.parameters['except'] !== undefined) expect(is.parameters, why).toHaveProperty('except');
    }),
    {
      numRuns: 2500,
      examples: [
        [{ line: 'delete tasks 3.1', typed: 'elete tasks 3.1' }],
        [{ line: 'what failed?', typed: 'hat failed?' }],
        [{ line: 'what failed?', typed: 'whaat failed?' }],
        [{ line: 'tell all agents except kiro-3 "freeze"', typed: 'tell all agentse xcept kiro-3 "freeze"' }],
      ],
    },
  );
});

describe('[PRT-3] what does not matter changes nothing', () => {
  const meaningOf = (line: string) => {
    const result = parse(line, language);
    return result.ok ? result.meaning : result.error.message;
  };

  test.each(understood)('the case of the keywords of: %s', (line) => {
    // Ids and texts keep their case: only words that mean something are raised.
    const meaning = meaningOf(line) as { parameters: Readonly<Record<string, unknown>> };
    const kept = JSON.stringify(meaning.parameters).toLowerCase();
    const raised = line.replace(/"[^"]*"|'[^']*'|[“‘«„][^”’»“]*[”’»“]|\S+/gu, (word) =>
      /^["'“‘«„@]/u.test(word) || kept.includes(word.replace(/[,:.!?]+$/u, '').toLowerCase()) || /[=/]/u.test(word)
        ? word
        : word.toUpperCase(),
    );
    expect(meaningOf(raised)).toEqual(meaning);
  });

  test.each(['please ', 'Could you please ', 'ok, ', 'hey drover, ', 'now please ', "let's ", 'I want you to '])(
    'a line that begins with: %s',
    (before) => {
      for (const line of understood)
        if (!/drover|cc-orch|^[@?]/u.test(line))
          expect(meaningOf(before + line), before + line).toEqual(meaningOf(line));
    },
  );

  test.each([' please', ', thanks', ' thank you!'])('a line that ends with: %s', (after) => {
    for (const line of understood) {
      const result = parse(line, language);
      const talks = result.ok && result.signature.text !== undefined;
      if (!talks && !/[.!?]$/u.test(line)) expect(meaningOf(line + after), line + after).toEqual(meaningOf(line));
    }
  });

  test.each(['the', 'just', 'please'])('"%s" between the words', (filler) => {
    for (const line of understood) {
      const [first = '', ...others] = line.split(' ');
      const result = parse(line, language);
      if (!result.ok || result.signature.text !== undefined || others.length === 0) continue;
      if (meaningOf(first) === undefined || !signatures.some(({ verb }) => verb === first)) continue;
      if (/^(?:test|status)$/u.test(first) || ['in', 'up', 'down', 'over', 'back', 'on', 'to'].includes(others[0]!))
        continue;
      const said = [first, filler, ...others].join(' ');
      expect(meaningOf(said), said).toEqual(meaningOf(line));
    }
  });

  test('the order of noun and verb on a command line', () => {
    for (const { verb, noun, target, parameters } of signatures) {
      if (verb === 'test' || verb === 'help' || verb === 'preview' || noun === 'swarm') continue;
      const rest = target === 'none' || !parameters.includes('id') ? [] : ['--id', 'x-1'];
      const [verbFirst, nounFirst] = [
        parseArgv([verb, noun, ...rest], language),
        parseArgv([pluralOf(noun), verb, ...rest], language),
      ];
      if (verbFirst.ok && nounFirst.ok) expect(nounFirst.meaning, `${noun} ${verb}`).toEqual(verbFirst.meaning);
      else expect(nounFirst.ok, `${noun} ${verb}`).toBe(verbFirst.ok);
    }
  });
});
