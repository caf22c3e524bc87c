import { expect, test } from 'vitest';
import { pauseGroup } from '../../../src/commands/instances/pause-group.ts';
import type { State } from '../../../src/state/index.ts';
import { openDesk } from '../../helpers/desk.ts';
import { instance, moved } from '../../tasks/journal.ts';

const backend = [
  { type: 'group.created', data: { group_id: 'backend', description: 'server side' } },
  ...instance('c-1'),
  ...instance('c-2'),
  { type: 'instance.grouped', data: { instance_id: 'c-1', group: 'backend' } },
] as const;

/** The daemon freezes whoever it is asked to freeze. */
const freezing = ({ instances }: State) =>
  Object.values(instances)
    .filter((one) => one.hold === 'pausing')
    .map(({ instance_id }) => ({ type: 'instance.paused', data: { instance_id, evidence: 'frozen' } }) as const);

test('the agents of a group are frozen, and no others', async () => {
  const desk = openDesk(pauseGroup, backend, { reacting: freezing });
  expect(await desk.propose('pause group backend')).toMatchObject({
    exit: 0,
    message: 'Paused 1 instance: c-1.',
    sideEffects: ['c-1 is paused'],
  });
  expect([desk.state.instances['c-1']!.hold, desk.state.instances['c-2']!.hold]).toEqual(['frozen', null]);
});

test('freezing more than one is asked about, a group that is not there and one in which nobody runs are errors', async () => {
  const desk = openDesk(pauseGroup, [
    ...backend,
    { type: 'instance.grouped', data: { instance_id: 'c-2', group: 'backend' } },
  ]);
  expect(await desk.propose('pause group backend')).toMatchObject({
    exit: 5,
    message: expect.stringContaining('c-1, c-2'),
  });
  expect((await desk.say('pause group web')).exit).toBe(3);
  desk.add(moved('c-1', 'stopped'), moved('c-2', 'stopped'));
  expect(await desk.say('pause group backend')).toMatchObject({ exit: 6, hint: 'See: show group backend' });
});
