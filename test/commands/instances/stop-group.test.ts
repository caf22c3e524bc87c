import { expect, test } from 'vitest';
import { stopGroup } from '../../../src/commands/instances/stop-group.ts';
import type { State } from '../../../src/state/index.ts';
import { openDesk } from '../../helpers/desk.ts';
import { instance, moved } from '../../tasks/journal.ts';

const backend = [
  { type: 'group.created', data: { group_id: 'backend', description: 'server side' } },
  ...instance('c-1'),
  ...instance('c-2'),
  { type: 'instance.grouped', data: { instance_id: 'c-1', group: 'backend' } },
] as const;

/** The daemon ends whoever it is asked to end. */
const ending = ({ instances }: State) =>
  Object.values(instances)
    .filter((one) => one.stop !== null)
    .map(({ instance_id }) => moved(instance_id, 'stopped'));

test('the agents of a group are ended after a question; the group and the others stay', async () => {
  const desk = openDesk(stopGroup, backend, { reacting: ending });
  const asked = await desk.propose('stop group backend');
  expect([asked.exit, asked.message]).toEqual([5, expect.stringContaining('1 instance (c-1)')]);
  expect(desk.recorded()).toEqual([]);
  expect(await desk.say('stop group backend')).toMatchObject({ exit: 0, message: 'Stopped 1 instance: c-1.' });
  expect(desk.state.instances['c-1']).toMatchObject({ group: 'backend', state: { kind: 'stopped' } });
  expect(desk.state.instances['c-2']!.state.kind).toBe('idle');
});

test('a group that is not there is an error', async () => {
  expect(await openDesk(stopGroup, backend).say('stop group web')).toMatchObject({
    exit: 3,
    hint: expect.stringContaining('backend'),
  });
});
