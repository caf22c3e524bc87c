import { expect, test } from 'vitest';
import { attentionOf } from '../../src/attention/attention.ts';
import { blockedOf } from '../../src/attention/blocked.ts';
import { groupTasks } from '../../src/tasks/task-groups.ts';
import { withWord } from '../../src/text/task-rows.ts';
import { stateOf, task } from '../tui/fake-swarm.ts';
import { assigned, begin, created, failed, instance, started, verified } from './journal.ts';

test('tasks stand in the order of their numbers, whatever their ids look like', () => {
  const state = stateOf([task('10', 'c'), task('3', 'b'), task('2.1', 'a'), task('t1', 'd')]);
  expect(groupTasks(state).ready.map(({ id }) => id)).toEqual(['2.1', '3', '10', 't1']);
  expect(groupTasks(state)).toBe(groupTasks(state));
});

test('a task that was given to an agent waits as long as what it builds on is not done', () => {
  const facts = [...instance('a-1'), created('t1'), created('t2', { dependencies: ['t1'] }), assigned('t2', 'a-1')];
  const state = begin(...facts);
  const { waiting, queued } = groupTasks(state);
  expect([waiting, queued].map((tasks) => tasks.map(({ id }) => id))).toEqual([['t2'], []]);
  expect(withWord(state.tasks['t2']!, state).word).toBe('waits for t1');
  const failedBefore = begin(...facts, started('t1', 'a-1'), failed('t1'));
  expect(blockedOf(failedBefore, failedBefore.tasks['t2']!)).toMatchObject({
    text: 't2 waits for t1: t1 failed (check): it failed',
    help: ['show failure t1'],
  });
  expect(attentionOf(failedBefore).needs).toMatchObject([{ kind: 'failure', task: 't1' }]);
  const done = begin(...facts, started('t1', 'a-1'), verified('t1'));
  expect(groupTasks(done).queued.map(({ id }) => id)).toEqual(['t2']);
});
