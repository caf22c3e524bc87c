import { expect, test } from 'vitest';
import type { EventDraft } from '../../src/state/index.ts';
import { mergesBySaying, unseenPrerequisite } from '../../src/tasks/mergeable.ts';
import { after, begin, created, started, verified } from './journal.ts';

const approved = (task: string): EventDraft => ({ type: 'review.approved', data: { task, commit: 'abc', by: 'cli' } });
const done = (id: string, ...dependencies: string[]) => [
  created(id, { dependencies }),
  started(id, 'a-1'),
  verified(id),
];

test('work that nobody has approved is found however far below approved work it lies', () => {
  const state = begin(...done('1'), ...done('2', '1'), ...done('3', '2'), approved('2'), approved('3'));
  expect(unseenPrerequisite(state, state.tasks['3']!, true)).toBe('1');
  expect(unseenPrerequisite(state, state.tasks['3']!, false)).toBe(undefined);
  expect(mergesBySaying(state, true)).toEqual([]);
  const seen = after(state, approved('1'));
  expect(unseenPrerequisite(seen, seen.tasks['3']!, true)).toBe(undefined);
  expect(mergesBySaying(seen, true).map(({ id }) => id)).toEqual(['1', '2', '3']);
  // What was sent back is no approved work, though its last attempt was; what was given up is nobody's to approve.
  const reopened = after(seen, { type: 'task.reopened', data: { id: '1', reason: 'x' } });
  expect(unseenPrerequisite(reopened, reopened.tasks['2']!, true)).toBe('1');
  const given = after(reopened, { type: 'task.cancelled', data: { id: '1' } });
  expect(unseenPrerequisite(given, given.tasks['2']!, true)).toBe(undefined);
});

test('what was never run, or is merged, brings nothing along', () => {
  const merged: EventDraft = {
    type: 'batch.merged',
    data: { id: 'batch-1', task: '1', branch: 'feature/1', commit: 'm', head: 'abc' },
  };
  const state = begin(created('0', {}, true), ...done('1', '0'), ...done('2', '1'), merged);
  expect(unseenPrerequisite(state, state.tasks['2']!, true)).toBe(undefined);
});
