import { expect, test } from 'vitest';
import { createGroup } from '../../../src/commands/instances/create-group.ts';
import { openDesk } from '../../helpers/desk.ts';
import { instance } from '../../tasks/journal.ts';

test('a group is made with what it is for and with its members', async () => {
  const desk = openDesk(createGroup, [...instance('c-1'), ...instance('c-2')]);
  const made = await desk.say('create group backend "server side" instances=c-1,c-2');
  expect([made.exit, made.message]).toEqual([0, 'Created the group backend with c-1, c-2.']);
  expect(made.data).toMatchObject({ group_id: 'backend', description: 'server side', members: ['c-1', 'c-2'] });
  expect(desk.recorded()).toEqual(['group.created', 'instance.grouped', 'instance.grouped']);
  expect(desk.state.instances['c-2']!.group).toBe('backend');
});

test.each([
  ['create group taken', 6, 'There is a group "taken" already.'],
  ['create group c-1', 2, 'an instance is called so'],
  ['create group id=none', 2, 'the name does not fit'],
  ['create group web instances=c-9', 3, 'There is no instance "c-9".'],
])('"%s" is refused, and nothing is recorded', async (text, exit, message) => {
  const desk = openDesk(createGroup, [
    ...instance('c-1'),
    { type: 'group.created', data: { group_id: 'taken', description: '' } },
  ]);
  expect(await desk.say(text)).toMatchObject({ exit, message: expect.stringContaining(message) });
  expect(desk.recorded()).toEqual([]);
});
