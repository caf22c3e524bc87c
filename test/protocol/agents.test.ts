import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { complete } from '../../src/protocol/complete.ts';
import { hintFor } from '../../src/protocol/hint.ts';
import { parse } from '../../src/protocol/parse.ts';
import { say, saidId } from '../../src/protocol/say.ts';
import type { Language } from '../../src/protocol/vocabulary.ts';
import { language } from '../fixtures/signatures.ts';

const withAgents = (...agents: readonly string[]): Language => ({
  ...language,
  agents: [...language.agents, ...agents],
});
const own = withAgents('mine', 'gpt-5', 'My_Agent', 'test', 'two words');
const known = { instances: ['kiro-1'], tasks: ['3.1'], batches: [] };

describe('[PRT-3] an agent of the configuration is a word of the language', () => {
  test.each([
    ['launch 2 mine agents', 'launch instance count=2 agent=mine'],
    ['launch 2 instances with mine', 'launch instance count=2 agent=mine'],
    ['launch a MINE agent', 'launch instance agent=mine count=1'],
    ['launch mine', 'launch instance agent=mine'],
    ['add 2 more mine agents', 'scale up instances 2 agent=mine'],
    ['add another mine agent', 'scale up instances 1 agent=mine'],
    ['run 3.1 with mine', 'run task 3.1 agent=mine'],
    ['run 3.1 with a mine agent', 'run task 3.1 agent=mine'],
    ['resolve all conflicts with mine', 'resolve all conflicts agent=mine'],
    ['launch 2 my_agent agents', 'launch instance count=2 agent=My_Agent'],
    ['launch 2 gpt-5 agents', 'launch instance count=2 agent=gpt-5'],
    ['run 3.1 with gpt-5', 'run task 3.1 agent=gpt-5'],
    ['run 3.1 with gpt-5-1', 'run task 3.1 on=gpt-5-1'],
    // A name that is another word as well goes in quotes.
    ['launch 2 with "test"', 'launch instance count=2 agent=test'],
    ['launch 2 "two words" agents', 'launch instance count=2 agent="two words"'],
  ])('"%s" means: %s', (text, canonical) => {
    const result = parse(text, own);
    expect(result.ok ? say(result.meaning) : result.error.message).toBe(canonical);
    expect(parse(canonical, own)).toMatchObject({ ok: true });
  });

  test('its instances are known by their names in capitals too', () => {
    expect(hintFor('show MINE-3', own)).toEqual({ kind: 'ok', says: 'show instance MINE-3' });
    expect(hintFor('show MINE-3', language)).toEqual({ kind: 'ok', says: 'show task MINE-3' });
  });

  test('it is offered wherever an agent may be named, and no other is', () => {
    const offered = (text: string, of = own) => complete(text, of, known).map((line) => line.slice(text.length));
    const agents = language.agents;
    expect(offered('launch 2 with ', language)).toEqual(agents);
    expect(offered('launch 2 with ')).toEqual([...agents, 'mine', 'gpt-5', 'My_Agent', '"test"']);
    expect(offered('run 3.1 with ', language)).toEqual([...agents, 'kiro-1']);
    expect(offered('launch 2 mi')).toEqual(['ne']);
    expect(hintFor('launch 2 with', language)).toEqual({ kind: 'incomplete', expects: agents });
    expect(hintFor('launch 2 with m', own)).toEqual({ kind: 'incomplete', expects: ['mine', 'My_Agent'] });
  });

  test.each([
    ['launch 2 clade agents', 'launch 2 claude agents'],
    ['launch 2 instances with clade', 'launch 2 instances with claude'],
    ['launch clade', 'launch claude'],
    ['run 3.1 with kirro', 'run 3.1 with kiro'],
    ['add two mien agents', 'add two mine agents'],
  ])('"%s" is refused with the nearest one: %s', (text, suggestion) => {
    const result = parse(text, own);
    expect(result).toMatchObject({ ok: false, suggestion, error: { code: 'protocol/unknown-word', exit: 2 } });
    expect(!result.ok && result.error.message).toMatch(/^Unknown agent "/u);
  });

  test.each([
    'run 3.1 with robot',
    'launch 2 robot agents',
    'launch 2 instances with robot',
    'launch robot',
    'run 3.1 with ROBOT',
  ])('"%s" is refused with the command that trusts it, where the configuration names it and nobody has', (text) => {
    const waiting = { ...language, untrusted: ['robot'] };
    expect(parse(text, waiting)).toMatchObject({
      ok: false,
      error: {
        code: 'protocol/untrusted',
        exit: 5,
        message: 'The agent "robot" is in the configuration, and nobody has trusted it yet.',
        hint: 'Look at it and decide: drover trust',
      },
    });
    expect(complete('launch 2 with ro', waiting, known)).toEqual([]);
  });

  test.each(['launch 2 amp agents', 'launch 2 with amp', 'run 3.1 with a copilot agent', 'scale up 3 cursor agents'])(
    '"%s" is refused with those that exist',
    (text) => {
      const hint = expect.stringContaining('claude, codex, gemini, kiro, opencode, rehearsal');
      expect(parse(text, language)).toMatchObject({ ok: false, error: { code: 'protocol/unknown-word', hint } });
      expect(parse(text, withAgents('amp', 'copilot', 'cursor'))).toMatchObject({ ok: true });
    },
  );

  test('only one may be said', () => {
    expect(parse('launch 2 with mine, claude', own)).toMatchObject({ ok: false });
  });

  test('an id that is called like an agent is still that id', () => {
    const line = fc.record({
      said: fc.constantFrom('run task', 'stop group', 'show task', 'set task', 'merge branch'),
      id: fc.constantFrom('claude', 'mine', 'gpt-5', 'My_Agent', 'rehearsal'),
    });
    fc.assert(
      fc.property(line, ({ said, id }) => {
        const result = parse(`${said} "${id}"`, own);
        if (!result.ok) return;
        expect(result.meaning.parameters['id']).toBe(id);
        const again = parse(say(result.meaning), own);
        expect(again.ok && again.meaning).toEqual(result.meaning);
      }),
    );
  });
});

test.each(['worker', 'batch', 'f', 'A'])(
  'an instance of an agent called %s is talked to by its name alone',
  (agent) => {
    const id = `${agent}-1`;
    const lines = ['attach ID', 'answer ID "y"', 'tell ID "hi"', 'approve ID', 'deny ID', 'pause ID', 'stop ID'];
    for (const line of lines)
      expect([line, parse(line.replace('ID', saidId(id)), withAgents(agent))]).toMatchObject([
        line,
        { ok: true, meaning: { noun: 'instance', parameters: { id } } },
      ]);
  },
);

test.each(['t1', 'ready', 'next', '3-1'])(
  'a task called %s is sent back with what was written to its lines alone',
  (id) => {
    const read = parse(`return task ${saidId(id)}`, language);
    expect(read).toMatchObject({ ok: true, meaning: { verb: 'return', noun: 'task', parameters: { id } } });
  },
);
