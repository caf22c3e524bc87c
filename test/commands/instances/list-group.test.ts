import { expect, test } from 'vitest';
import { listGroup } from '../../../src/commands/instances/list-group.ts';
import { openDesk } from '../../helpers/desk.ts';
import { assigned, created, instance, started, unchecked } from '../../tasks/journal.ts';

const backend = [
  { type: 'group.created', data: { group_id: 'backend', description: 'server side' } },
  ...instance('c-1'),
  ...instance('c-2'),
  { type: 'instance.grouped', data: { instance_id: 'c-1', group: 'backend' } },
] as const;

test('groups are listed with their instances and how far they are', async () => {
  const desk = openDesk(listGroup, [...backend, created('1'), assigned('1', 'c-1')]);
  const { message, data, text } = await desk.say('list groups');
  expect(message).toBe('1 group.');
  expect(data).toMatchObject([{ group_id: 'backend', members: [{ instance_id: 'c-1' }], tasks: ['1'], done: 0 }]);
  expect(text).toMatch(/^backend +c-1 +0\/1 +0% +server side$/m);
});

test('what is done and no check has looked at is counted apart', async () => {
  const desk = openDesk(listGroup, [...backend, created('1'), started('1', 'c-1'), unchecked('1')]);
  const { data, text } = await desk.say('list groups');
  expect(data).toMatchObject([{ done: 1, unchecked: 1, total: 1 }]);
  expect(text).toMatch(/^backend +c-1 +1\/1 \(1 unchecked\) +100% +server side$/m);
});

test('without a group the list says how to make one, and a limit below one is refused', async () => {
  expect((await openDesk(listGroup).say('list groups')).text).toBe('No group yet. Create one: create group backend');
  expect((await openDesk(listGroup, backend).say('list groups limit=0')).exit).toBe(2);
});
