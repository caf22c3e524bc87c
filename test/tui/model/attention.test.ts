import { expect, test } from 'vitest';
import type { EventDraft } from '../../../src/state/index.ts';
import { attentionQueue, nextInQueue } from '../../../src/tui/model/attention.ts';
import { paneInstances } from '../../../src/tui/model/instance-list.ts';
import { created, many, moved, started, stateOf, task } from '../fake-swarm.ts';

const result = {
  head_commit: 'b'.repeat(40),
  commits: 1,
  files: 1,
  insertions: 1,
  deletions: 0,
  check_ms: 1,
  check_output: '',
} as const;
const done = (id: string): EventDraft => ({ type: 'run.verified', data: { id, result } });

const queueOf = (drafts: readonly EventDraft[]) => {
  const state = stateOf(drafts);
  return attentionQueue(state, paneInstances(state.instances)).map(({ id, reason }) => `${id} ${reason}`);
};
const six = many(6);

test('who needs a person comes in this order: waiting, failed, stuck, unknown, done and not reviewed', () => {
  const queue = queueOf([
    ...six,
    task('1', 'One'),
    ...started('1', 'rehearsal-1'),
    done('1'),
    moved('rehearsal-1', 'idle'),
    moved('rehearsal-2', 'stuck'),
    moved('rehearsal-3', 'failed'),
    moved('rehearsal-4', 'waiting', 'May I?'),
    moved('rehearsal-5', 'unknown'),
    moved('rehearsal-6', 'working'),
  ]);
  expect(queue).toEqual([
    'rehearsal-4 waiting',
    'rehearsal-3 failed',
    'rehearsal-2 stuck',
    'rehearsal-5 unknown',
    'rehearsal-1 unreviewed',
  ]);
});

test('of those with the same reason the one that waits longest is first', () => {
  const state = stateOf([...six, moved('rehearsal-1', 'failed'), moved('rehearsal-2', 'lost')]);
  const later = {
    ...state.instances['rehearsal-1']!,
    state: { ...state.instances['rehearsal-1']!.state, since: '2027-01-01T00:00:00.000Z' },
  };
  const queue = attentionQueue(state, [later, state.instances['rehearsal-2']!]);
  expect(queue.map(({ id }) => id)).toEqual(['rehearsal-2', 'rehearsal-1']);
});

test('a result is to be looked at until it is merged, and not while its agent is busy with something else', () => {
  const ran = [created(1), task('1', 'One'), ...started('1', 'rehearsal-1'), done('1')];
  expect(queueOf([...ran, moved('rehearsal-1', 'idle')])).toEqual(['rehearsal-1 unreviewed']);
  expect(queueOf([...ran, moved('rehearsal-1', 'working')])).toEqual([]);
});

test('a result that is done anew after its batch was rolled back is to be looked at again', () => {
  const ran = [created(1), task('1', 'One'), ...started('1', 'rehearsal-1'), done('1'), moved('rehearsal-1', 'idle')];
  const merged: EventDraft[] = [
    { type: 'batch.started', data: { id: 'batch-1', target: 'i', base_commit: 'c0', tasks: ['1'] } },
    { type: 'batch.merged', data: { id: 'batch-1', task: '1', branch: 'b', commit: 'c1' } },
    { type: 'batch.finished', data: { id: 'batch-1' } },
  ];
  expect(queueOf([...ran, ...merged])).toEqual([]);
  const back: EventDraft[] = [
    { type: 'batch.rollback_started', data: { id: 'batch-1', method: 'reset', from_commit: 'c1', to_commit: 'c0' } },
    { type: 'batch.rolled_back', data: { id: 'batch-1' } },
    { type: 'task.reopened', data: { id: '1', reason: 'batch-1 was rolled back' } },
  ];
  expect(queueOf([...ran, ...merged, ...back])).toEqual([]);
  const again = [...started('1', 'rehearsal-1'), done('1'), moved('rehearsal-1', 'idle')];
  expect(queueOf([...ran, ...merged, ...back, ...again])).toEqual(['rehearsal-1 unreviewed']);
});

test('the queue is walked round and round, both ways', () => {
  const queue = ['c', 'a'];
  const walk = [
    nextInQueue(queue, 'x', 1),
    nextInQueue(queue, 'x', -1),
    nextInQueue(queue, 'a', 1),
    nextInQueue(queue, null, 1),
  ];
  expect(walk).toEqual(['c', 'a', 'c', 'c']);
  expect(nextInQueue([], 'a', 1)).toBeNull();
});
