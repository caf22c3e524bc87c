import { expect, test } from 'vitest';
import { sortByAttention } from '../../../src/tui/model/attention-queue.ts';
import { paneInstances, sortInstances } from '../../../src/tui/model/instance-list.ts';
import { many, stateOf } from '../fake-swarm.ts';

const six = many(6);

test('an order that was asked for stays as it is; who comes later stands at the end', () => {
  expect(sortByAttention(['c'], ['a', 'b', 'c'])).toEqual(['c', 'a', 'b']);
  const instances = paneInstances(stateOf(six).instances);
  const order = ['rehearsal-3', 'rehearsal-1', 'rehearsal-2'];
  expect(sortInstances(instances, order).map(({ instance_id }) => instance_id.slice(-1))).toEqual([
    '3',
    '1',
    '2',
    '4',
    '5',
    '6',
  ]);
  expect(sortInstances(instances, null)).toBe(instances);
});
