import { expect, test } from 'vitest';
import { nextInQueue } from '../../../src/tui/model/attention-queue.ts';

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
