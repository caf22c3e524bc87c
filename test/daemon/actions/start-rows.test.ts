import { expect, test } from 'vitest';
import { heldBackFacts, startsFact, startsOverFacts } from '../../../src/daemon/actions/held-back.ts';
import { makeStartRows } from '../../../src/daemon/actions/start-rows.ts';
import type { Recovery } from '../../../src/state/recovery.ts';
import { stateOf } from '../../state/fold.ts';
import { AT, after, assigned, begin, created, instance, requested, started } from '../../tasks/journal.ts';

const MINUTE = 60_000;

test('after three failed starts in a row an agent is held back, each time for longer, until one starts or somebody wants it', () => {
  let now = 0;
  const rows = makeStartRows(() => now);
  expect([rows.noteFailed('a', 'x'), rows.noteFailed('a', 'y'), rows.heldBack('a')]).toEqual([false, false, undefined]);
  expect(rows.noteFailed('a', 'z')).toBe(true);
  expect([rows.heldBack('a'), rows.heldBack('b')]).toEqual([{ why: 'z', restMs: MINUTE }, undefined]);
  // What was under way by then says no more.
  expect(rows.noteFailed('a', 'z')).toBe(false);
  now += MINUTE;
  expect(rows.heldBack('a')).toBeUndefined();
  expect(rows.noteFailed('a', 'z')).toBe(true);
  expect(rows.heldBack('a')).toEqual({ why: 'z', restMs: 2 * MINUTE });
  now += 2 * MINUTE;
  for (let times = 0; times < 4; times += 1) {
    rows.noteFailed('a', 'z');
    now += 5 * MINUTE;
  }
  rows.noteFailed('a', 'z');
  expect(rows.heldBack('a')).toEqual({ why: 'z', restMs: 5 * MINUTE });
  rows.forget('a');
  expect([rows.heldBack('a'), rows.noteFailed('a', 'x')]).toEqual([undefined, false]);
});

test('one that is held back keeps the run that it was to go on with, and no try of it is used up', () => {
  const recovery: Recovery = {
    ...{ task: '1', class: 'crash', message: 'it ended', tries: 1, most: 3, unready: false },
    ...{ next: 'go-on', due: null },
  };
  const back = after(begin(...instance('c-1', 'working'), created('1'), requested('1'), started('1', 'c-1')), {
    type: 'instance.restart_requested',
    data: { instance_id: 'c-1', fresh: false, recovery },
  });
  const services = { now: () => AT };
  const facts = heldBackFacts(services, back, 'c-1', { why: 'ended with 3', restMs: 5000 });
  const held = after(back, ...facts);
  expect(held.instances['c-1']).toMatchObject({
    state: { kind: 'failed', evidence: 'not started, because others of its kind failed: ended with 3' },
    recovery: { ...recovery, next: 'restart', due: '2026-01-01T00:00:05.000Z' },
  });
  expect(held.tasks['1']!.state).toBe('running');
  // It was stopped, or came up, meanwhile.
  expect(heldBackFacts(services, held, 'c-1', { why: 'x', restMs: 1 })).toEqual([]);
  expect(heldBackFacts(services, held, 'gone', { why: 'x', restMs: 1 })).toEqual([]);
});

test('the task for which one that is held back was made ready is blocked, and what it had besides is given to others', () => {
  const ready = after(
    begin(
      ...instance('c-1'),
      created('1'),
      created('2'),
      requested('1', '2'),
      assigned('1', 'c-1'),
      assigned('2', 'c-1'),
    ),
    { type: 'instance.restart_requested', data: { instance_id: 'c-1', fresh: true, mode: null, task: '1' } },
  );
  const held = after(ready, ...heldBackFacts({ now: () => AT }, ready, 'c-1', { why: 'ended with 3', restMs: 5000 }));
  expect(held.tasks['1']).toMatchObject({ state: 'blocked', blocked_by: expect.stringContaining('ended with 3') });
  expect(held.alerts['failed:1']).toBeDefined();
  expect(held.tasks['2']).toMatchObject({ state: 'open', blocked_by: null });
});

test('the one alert names the cause and how to log in, and is over when the agent starts', () => {
  const told = { agent: 'kiro', times: 3, why: 'not logged in', instance: 'kiro-3', repair: 'kiro-cli login' };
  const fact = startsFact(stateOf(), told);
  expect(fact).toMatchObject({
    data: {
      id: 'starts:kiro',
      text: '3 starts of kiro in a row failed at once, the last one of kiro-3: not logged in. Log in: kiro-cli login. The others wait; when it is mended, start them: resume all instances',
      suggestion: 'attach instance kiro-3',
    },
  });
  expect(startsOverFacts(stateOf(fact), 'kiro')).toMatchObject([{ type: 'alert.cleared' }]);
  expect(startsOverFacts(stateOf(), 'kiro')).toEqual([]);
});
