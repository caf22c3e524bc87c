import { expect, test } from 'vitest';
import { openSwarm, type Swarm } from '../../helpers/swarm.ts';

const membersOf = async (swarm: Swarm, group: string): Promise<string[]> =>
  Object.values((await swarm.state()).instances)
    .filter((one) => one.group === group)
    .map((one) => one.instance_id);

test('instances are launched into a group, moved between groups, and chosen by their group', async () => {
  await using swarm = await openSwarm();
  const launched = await swarm.say('launch 2 instances group=backend');
  expect(launched.message).toMatch(/^Launched 2 instances: .* Created the group backend\.$/u);
  expect((await swarm.say('launch swarm 1 group=web')).message).toMatch(/^Launched 1 instance: rehearsal-3 .*web\.$/u);
  expect((await swarm.say('launch 1 instance group="a b"')).exit).toBe(2);
  expect((await swarm.say('set instance rehearsal-1 group=web')).data).toEqual({
    group: 'web',
    moved: ['rehearsal-1'],
  });
  expect((await swarm.say('set instance rehearsal-1 group=web')).message).toBe(
    'Nothing changes: they belong to web already.',
  );
  expect((await swarm.say('set instance rehearsal-1 group=wbe')).exit).toBe(3);
  expect((await swarm.say('set instance group=web')).exit).toBe(2);
  expect([await membersOf(swarm, 'backend'), await membersOf(swarm, 'web')]).toEqual([
    ['rehearsal-2'],
    ['rehearsal-1', 'rehearsal-3'],
  ]);
  const listed = await swarm.say('list instances group=web');
  expect((listed.data as { instance_id: string }[]).map((one) => one.instance_id)).toEqual([
    'rehearsal-1',
    'rehearsal-3',
  ]);
  expect((await swarm.say('set all instances group=none')).message).toBe(
    'rehearsal-1, rehearsal-2, rehearsal-3 belong to no group now.',
  );
  expect((await swarm.say('set instance rehearsal-1 group=none')).message).toBe(
    'Nothing changes: they are in no group.',
  );
  await swarm.say('set instances rehearsal-1, rehearsal-2 group=backend');
  expect((await swarm.say('stop instances group=web')).exit).toBe(3);
  expect((await swarm.say('stop instances group=backend except=rehearsal-1')).message).toBe(
    'Stopped 1 instance: rehearsal-2.',
  );
  expect((await swarm.propose('pause group backend')).message).toBe('Paused 1 instance: rehearsal-1.');
  expect((await swarm.say('resume group backend')).message).toBe('1 instance goes on: rehearsal-1.');
  expect((await swarm.propose('stop group backend')).exit).toBe(5);
  expect((await swarm.say('stop group backend')).message).toBe('Stopped 1 instance: rehearsal-1.');
  expect((await swarm.say('pause group backend')).exit).toBe(6);
  expect((await swarm.say('tell group backend "hi"')).message).toBe('No instance is running in backend.');
  expect(await membersOf(swarm, 'backend')).toEqual(['rehearsal-1', 'rehearsal-2']);
});
