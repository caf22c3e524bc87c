import { expect, test } from 'vitest';
import { emptyState, type State } from '../../src/state/index.ts';
import { returnedTasks, unchangedReturns } from '../../src/tasks/returned.ts';

/** A task that a batch sent back at one commit, done again at another. */
const sentBack = (at: string, head: string, sent_back: object | undefined = { round: 1, to: 'a-1' }): State => {
  const task = { id: 't1', state: 'done', batch: null, dependencies: [], run: { result: { head_commit: head } } };
  const aside = { task: 't1', reason: 'conflict', message: 'conflict in a', files: ['a'], commit: at, sent_back };
  const batch = { id: 'batch-1', state: 'finished', merged: [], set_aside: [aside] };
  return { ...emptyState, tasks: { t1: task }, batches: { 'batch-1': batch } } as unknown as State;
};

test('work that came back otherwise is merged by itself; as it was, it is told of and not sent round again', () => {
  expect(returnedTasks(sentBack('c1', 'c2'), 'none')).toEqual(['t1']);
  expect(unchangedReturns(sentBack('c1', 'c2'))).toEqual([]);
  expect(returnedTasks(sentBack('c1', 'c1'), 'none')).toEqual([]);
  expect(unchangedReturns(sentBack('c1', 'c1')).map(({ task }) => task.id)).toEqual(['t1']);
});
