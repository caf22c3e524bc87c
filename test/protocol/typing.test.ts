import { describe, expect, test } from 'vitest';
import { complete } from '../../src/protocol/complete.ts';
import { hintFor } from '../../src/protocol/hint.ts';
import { firstSignatures } from '../fixtures/signatures.ts';

const all = firstSignatures;
const known = { instances: ['kiro-1', 'kiro-2', 'claude-1'], tasks: ['3.1', 'run'], batches: ['batch-5'] };

describe('the hint while typing', () => {
  test('says what the line means', () => {
    expect(hintFor('halt all busy bots', all)).toEqual({ kind: 'ok', says: 'stop all running instances' });
  });
  test('says what is still missing', () => {
    expect(hintFor('', all)).toMatchObject({ kind: 'incomplete' });
    expect(hintFor('stop instance ', all)).toEqual({ kind: 'incomplete', expects: ['instance id', 'all'] });
    expect(hintFor('scale up', all)).toEqual({ kind: 'incomplete', expects: ['a number'] });
    expect(hintFor('tell kiro-1 "hel', all)).toEqual({ kind: 'incomplete', expects: ['a closing quote'] });
    expect(hintFor('run task abc on', all)).toEqual({ kind: 'incomplete', expects: ['an id'] });
    expect(hintFor('sto', all)).toMatchObject({ kind: 'incomplete', expects: expect.arrayContaining(['stop']) });
    expect(hintFor('status swarm det', all)).toMatchObject({ expects: expect.arrayContaining(['detailed']) });
    expect(hintFor('test', all)).toMatchObject({ kind: 'incomplete' });
    expect(hintFor('retry', all)).toMatchObject({ kind: 'incomplete', expects: ['task', 'message'] });
  });
  test('says what is wrong', () => {
    expect(hintFor('rnu task abc', all)).toEqual({
      kind: 'error',
      message: 'Unknown verb "rnu".',
      suggestion: 'run task abc',
    });
    expect(hintFor("don't stop kiro-1", all)).toMatchObject({ kind: 'error' });
    expect(hintFor('sto ', all)).toMatchObject({ kind: 'error', suggestion: 'stop' });
    expect(hintFor('zzzzzz', all)).toEqual({ kind: 'error', message: 'Unknown verb "zzzzzz".' });
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
    ['stop instance kiro-1 gra', 'stop instance kiro-1 graceful'],
    ['stop instance kiro-1,ki', 'stop instance kiro-1,kiro-2'],
    ['run ', 'run 3.1'],
    ['run task ', 'run task "run"'],
    ['run task 3.1 be', 'run task 3.1 beast-mode'],
    ['run task 3.1 ag', 'run task 3.1 agent='],
    ['rollback integration b', 'rollback integration batch-5'],
    ['show log k', 'show log kiro-1'],
    ['tasks brief ', 'tasks brief 3.1'],
  ])('of "%s" offers "%s"', (typed, line) => expect(complete(typed, all, known)).toContain(line));

  test('offers nothing where nothing is known to follow', () => {
    expect(complete('tell kiro-1 "he is', all, known)).toEqual([]);
    expect(complete('zzz yyy', all, known)).toEqual([]);
    expect(complete('test banana ', all, known)).toEqual([]);
    expect(complete('stop instance kiro-1 ', all, known)).not.toContain('stop instance kiro-1 kiro-1');
  });
});
