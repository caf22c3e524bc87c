import { expect, test } from 'vitest';
import { whyUndone } from '../../src/attention/undone.ts';
import type { EventDraft } from '../../src/state/index.ts';
import { assigned, begin, created, failed, instance, moved, requested, started, verified } from '../tasks/journal.ts';

const follows = (id: string, ...before: readonly string[]): EventDraft => created(id, { dependencies: [...before] });
const reopened = (id: string): EventDraft => ({ type: 'task.reopened', data: { id, reason: 'r' } });
const lost = (id: string, text: string): EventDraft => ({
  type: 'alert.raised',
  data: {
    ...{ id: `instance:${id}`, severity: 'error', text },
    suggestion: `restart instance ${id}`,
    instance: id,
    task: null,
  },
});
const one = [...instance('a-1'), created('t1'), requested('t1')];
const atWork = [...one, started('t1', 'a-1')];

test.each<[string, readonly EventDraft[], string, readonly string[]]>([
  ['it failed', [...atWork, failed('t1')], 't1 failed (check): it failed', ['show failure t1']],
  ['it was removed', [...one, { type: 'task.removed', data: { id: 't1' } }], 't1 was removed', []],
  ['it was cancelled', [...one, { type: 'task.cancelled', data: { id: 't1' } }], 't1 was cancelled', ['retry task t1']],
  [
    'it was put away',
    [...one, { type: 'task.archived', data: { id: 't1', archived: true } }],
    't1 is archived',
    ['unarchive task t1'],
  ],
  [
    'it is held back',
    [...one, { type: 'task.held', data: { id: 't1', held: true } }],
    't1 is held back',
    ['resume task t1'],
  ],
  ['nobody asks for it', [...atWork, reopened('t1')], 't1 is not asked for any more', ['run task t1']],
  [
    'nobody asks for it, after it failed',
    [...atWork, failed('t1'), reopened('t1')],
    't1 is not asked for any more; attempt 1 failed (check): it failed',
    ['run task t1'],
  ],
  [
    'whoever has it was stopped',
    [...atWork, moved('a-1', 'stopped')],
    't1 is left with a-1: a-1 is stopped',
    ['restart instance a-1'],
  ],
  [
    'whoever has it is lost',
    [...atWork, moved('a-1', 'lost'), lost('a-1', 'a-1 is lost: its session is gone')],
    't1 is left with a-1: a-1 is lost: its session is gone',
    ['restart instance a-1'],
  ],
  [
    'nobody is left to do it',
    [
      ...atWork,
      failed('t1'),
      reopened('t1'),
      requested('t1'),
      moved('a-1', 'lost'),
      lost('a-1', 'its worktree is gone'),
    ],
    'no agent is left to do t1: its worktree is gone; attempt 1 failed (check): it failed',
    ['restart instance a-1', 'launch 1 instance'],
  ],
  ['nobody was ever there', [created('t1'), requested('t1')], 'no agent is left to do t1', ['launch 1 instance']],
])('%s: that is why a task did not get done', (_what, facts, text, help) =>
  expect(whyUndone(begin(...facts), 't1')).toEqual({ text, help }),
);

test('what waits tells why what it waits for rests, the nearest that could begin', () => {
  const chain = [...one, follows('t2', 't1'), follows('t3', 't2'), requested('t2', 't3')];
  const stopped = begin(...chain, started('t1', 'a-1'), moved('a-1', 'stopped'));
  expect(whyUndone(stopped, 't3')).toEqual({
    text: 't3 waits for t1: t1 is left with a-1: a-1 is stopped',
    help: ['restart instance a-1'],
  });
  const held = begin(...chain, { type: 'task.held', data: { id: 't1', held: true } });
  expect(whyUndone(held, 't2').text).toBe('t2 waits for t1: t1 is held back');
  const over = begin(...chain, started('t1', 'a-1'), verified('t1'), assigned('t2', 'a-1'), moved('a-1', 'stopped'));
  expect(whyUndone(over, 't3').text).toBe('t3 waits for t2: t2 is left with a-1: a-1 is stopped');
});
