import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { complete } from '../../src/protocol/complete.ts';
import { hintFor } from '../../src/protocol/hint.ts';
import { parse } from '../../src/protocol/parse.ts';
import { pluralOf } from '../../src/protocol/vocabulary.ts';
import { shellCommands } from '../../src/text/help/shell-commands.ts';
import { language, signatures } from '../fixtures/signatures.ts';

const all = signatures;
const known = { instances: ['kiro-1', 'kiro-2', 'claude-1'], tasks: ['3.1', 'run'], batches: ['batch-5'] };
const everything = {
  ...known,
  specs: ['login'],
  worktrees: ['integration', 'kiro-1'],
  branches: ['feature/task-1'],
  alerts: ['failed:3.1'],
  conflicts: ['batch-5/3.1'],
  groups: ['backend'],
  parts: ['Part one'],
};

describe('the hint while typing', () => {
  test('says what the line means', () => {
    expect(hintFor('halt all busy bots', language)).toEqual({ kind: 'ok', says: 'stop all running instances' });
  });
  test('says what is still missing', () => {
    expect(hintFor('', language)).toMatchObject({ kind: 'incomplete' });
    expect(hintFor('stop instance ', language)).toEqual({ kind: 'incomplete', expects: ['instance id', 'all'] });
    expect(hintFor('scale up', language)).toEqual({ kind: 'incomplete', expects: ['a number'] });
    expect(hintFor('tell kiro-1 "hel', language)).toEqual({ kind: 'incomplete', expects: ['a closing quote'] });
    expect(hintFor('run task abc on', language)).toEqual({ kind: 'incomplete', expects: ['an id'] });
    expect(hintFor('sto', language)).toMatchObject({ kind: 'incomplete', expects: expect.arrayContaining(['stop']) });
    expect(hintFor('status swarm det', language)).toMatchObject({ expects: expect.arrayContaining(['detailed']) });
    expect(hintFor('test', language)).toMatchObject({ kind: 'incomplete' });
    expect(hintFor('retry', language)).toMatchObject({ kind: 'incomplete', expects: ['task', 'message'] });
  });
  test('offers what fits at the place of the word, and synonyms where nothing else begins so', () => {
    expect(hintFor('stop kiro-1 g', language)).toEqual({ kind: 'incomplete', expects: ['graceful', 'group='] });
    expect(hintFor('stop i', language)).toEqual({ kind: 'incomplete', expects: ['instance'] });
    expect(hintFor('hal', language)).toEqual({ kind: 'incomplete', expects: ['halt'] });
    expect(hintFor('wrap ', language)).toEqual({ kind: 'incomplete', expects: ['up'] });
    expect(hintFor('shut kiro-1 d', language)).toMatchObject({ kind: 'error' });
    expect(hintFor('stop kiro-1 and', language)).toEqual({ kind: 'incomplete', expects: ['an id'] });
  });
  test('says what is wrong', () => {
    expect(hintFor('rnu task abc', language)).toEqual({
      kind: 'error',
      message: 'Unknown verb "rnu".',
      suggestion: 'run task abc',
    });
    expect(hintFor("don't stop kiro-1", language)).toMatchObject({ kind: 'error' });
    expect(hintFor('sto ', language)).toMatchObject({ kind: 'error', suggestion: 'stop' });
    expect(hintFor('zzzzzz yyy', language)).toMatchObject({ kind: 'error' });
    expect(hintFor('zzzzzz', language)).toEqual({ kind: 'error', message: 'Unknown verb "zzzzzz".' });
  });
  test.each(['init', 'doctor', 'demo', 'web', 'down', 'watch status', 'rehearse', 'backup', 'completion', 'parse'])(
    '"%s" is said in a shell, where it is no command here',
    (text) => {
      const [name] = text.split(' ');
      const result = parse(text, language);
      const message = `"${name}" is a command of the shell, "drover ${name}".`;
      expect(result).toMatchObject({ ok: false, error: { code: 'protocol/of-shell', exit: 2, message } });
      expect(hintFor(text, language)).toMatchObject({ kind: 'error', message });
    },
  );
  test('whatever begins with a command of the shell is understood, or refused as something else than an unknown verb', () => {
    expect(shellCommands.length).toBeGreaterThan(20);
    const unknown = shellCommands.flatMap(({ name }) => {
      const result = parse(name, language);
      return !result.ok && result.error.message.startsWith('Unknown verb') && result.suggestion === undefined
        ? [name]
        : [];
    });
    expect(unknown).toEqual([]);
    expect(parse('events follow', language)).toMatchObject({
      ok: false,
      error: { message: '"events follow" is a command of the shell, "drover events follow".' },
    });
    expect(parse('timeline', language)).toMatchObject({ ok: false, suggestion: 'show timeline' });
  });
});

describe('completion', () => {
  test.each([
    ['sto', 'stop'],
    ['', 'run'],
    ['insta', 'instances'],
    ['instances sto', 'instances stop'],
    ['stop kiro', 'stop kiro-1'],
    ['stop instance ', 'stop instance kiro-2'],
    ['stop all run', 'stop all running'],
    ['stop all running ins', 'stop all running instances'],
    ['stop kiro-1 gra', 'stop kiro-1 graceful'],
    ['stop kiro-1, ', 'stop kiro-1, kiro-2'],
    ['stop kiro-1 and cl', 'stop kiro-1 and claude-1'],
    ['stop all agents except ', 'stop all agents except kiro-1'],
    ['shut d', 'shut down'],
    ['wrap ', 'wrap up'],
    ['scale ', 'scale up'],
    ['test ', 'test protocol'],
    ['test protocol ', 'test protocol parse'],
    ['run task 3.1 in ', 'run task 3.1 in beast-mode'],
    ['run task 3.1 on ', 'run task 3.1 on kiro-1'],
    ['run task 3.1 with ', 'run task 3.1 with claude'],
    ['assign 3.1 ', 'assign 3.1 to'],
    ['assign 3.1 to k', 'assign 3.1 to kiro-2'],
    ['reassign tasks from ', 'reassign tasks from kiro-1'],
    ['stop instance kiro-1 gra', 'stop instance kiro-1 graceful'],
    ['stop instance kiro-1,ki', 'stop instance kiro-1,kiro-2'],
    ['run ', 'run 3.1'],
    ['run task ', 'run task "run"'],
    ['run task 3.1 be', 'run task 3.1 beast-mode'],
    ['run task 3.1 ag', 'run task 3.1 agent='],
    ['rollback integration b', 'rollback integration batch-5'],
    ['show log k', 'show log kiro-1'],
    ['tasks brief ', 'tasks brief 3.1'],
  ])('of "%s" offers "%s"', (typed, line) => expect(complete(typed, language, known)).toContain(line));

  test.each([
    ['run task 3.1 mode=', 'run task 3.1 mode=tdd'],
    ['run 3.1 mode=re', 'run 3.1 mode=review'],
    ['launch 3 mode=b', 'launch 3 mode=beast'],
    ['import task notes.md policy=', 'import task notes.md policy=siblings'],
    ['create task "One" priority=', 'create task "One" priority=urgent'],
    ['list tasks priority=h', 'list tasks priority=high'],
    ['export plan format=', 'export plan format=kiro'],
    ['run task 3.1 group=', 'run task 3.1 group=backend'],
    ['stop instances group=b', 'stop instances group=backend'],
    ['list tasks group=', 'list tasks group="Part one"'],
    ['create task "One" deps=', 'create task "One" deps=3.1'],
    ['create task "One" deps=run,', 'create task "One" deps=run,3.1'],
    ['stop all agents except=kiro-1,', 'stop all agents except=kiro-1,kiro-2'],
    ['run task 3.1 wait=', 'run task 3.1 wait=true'],
    ['run task 3.1 agent=cl', 'run task 3.1 agent=claude'],
    ['show plan ', 'show plan login'],
    ['lint spec ', 'lint spec login'],
    ['show worktree ', 'show worktree "integration"'],
    ['show worktree k', 'show worktree kiro-1'],
    ['show branch ', 'show branch feature/task-1'],
    ['show alert ', 'show alert failed:3.1'],
    ['show conflict ', 'show conflict batch-5/3.1'],
    ['pause group ', 'pause group backend'],
  ])('of "%s" offers what exists: "%s"', (typed, line) =>
    expect(complete(typed, language, everything)).toContain(line),
  );

  test('[TUI-2] every parameter that chooses from words completes to each of them', () => {
    for (const { verb, noun, values = {} } of all)
      for (const [parameter, words] of Object.entries(values)) {
        const typed = `${verb} ${noun} ${parameter}=`;
        expect(complete(typed, language, everything), typed).toEqual(words.map((word) => typed + word));
      }
  });

  test('names that exist are not offered where a new one is given', () => {
    expect(complete('create group ', language, everything)).not.toContain('create group backend');
    expect(complete('create worktree ', language, everything)).not.toContain('create worktree "integration"');
    expect(complete('zzz mode=', language, everything)).toEqual([]);
    expect(complete('stop instance mode=', language, everything)).toEqual([]);
  });

  test('offers nothing where nothing is known to follow', () => {
    expect(complete('tell kiro-1 "he is', language, known)).toEqual([]);
    expect(complete('zzz yyy', language, known)).toEqual([]);
    expect(complete('test banana ', language, known)).toEqual([]);
    expect(complete('stop instance kiro-1 ', language, known)).not.toContain('stop instance kiro-1 kiro-1');
  });

  test('puts ids before filters, filters before modifiers, and modifiers before parameters', () => {
    const offered = complete('stop instance ', language, known).map((line) => line.slice('stop instance '.length));
    const places = ['kiro-1', 'all', 'running', 'graceful', 'except='].map((word) => offered.indexOf(word));
    expect(places).not.toContain(-1);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
  });

  test('offers the noun of every command after its verb, and its verb after its nouns', () => {
    for (const { verb, noun } of all) {
      expect(complete(`${verb} `, language, known), `${verb} …`).toContain(`${verb} ${noun}`);
      const plural = pluralOf(noun);
      expect(complete(`${plural} `, language, known), `${plural} …`).toContain(`${plural} ${verb}`);
    }
  });
});

const lines = ['protocol-corpus', 'protocol-wordings'].flatMap((name) =>
  readFileSync(`test/fixtures/${name}.jsonl`, 'utf8')
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { text: string }).text),
);

test('after each letter of each line there is a hint, and what is offered goes on with the line', () => {
  const prefixes = new Set(
    lines.flatMap((line) => Array.from({ length: line.length + 1 }, (_, end) => line.slice(0, end))),
  );
  for (const typed of prefixes) {
    const hint = hintFor(typed, language);
    if (hint.kind === 'ok') expect(parse(hint.says, language), typed).toMatchObject({ ok: true });
    if (hint.kind === 'incomplete') expect(hint.expects, typed).not.toEqual([]);
    if (hint.kind === 'error') expect(hint.message, typed).toMatch(/[.!?]$/u);
    const offered = complete(typed, language, known);
    const kept = typed.slice(0, typed.search(/[^\s,]*$/u));
    expect(new Set(offered).size, typed).toBe(offered.length);
    for (const line of offered)
      expect(line.startsWith(kept) && line.length > typed.length - 1, `${typed} → ${line}`).toBe(true);
  }
});
