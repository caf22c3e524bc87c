import { expect, test } from 'vitest';
import { groupTasks } from '../../src/tasks/task-groups.ts';
import { stateOf, task } from '../tui/fake-swarm.ts';

test('tasks stand in the order of their numbers, whatever their ids look like', () => {
  const state = stateOf([task('10', 'c'), task('3', 'b'), task('2.1', 'a'), task('t1', 'd')]);
  expect(groupTasks(state).ready.map(({ id }) => id)).toEqual(['2.1', '3', '10', 't1']);
  expect(groupTasks(state)).toBe(groupTasks(state));
});
