import { expect, test } from 'vitest';
import { openSwarm, type Swarm } from '../../helpers/swarm.ts';
import { hang, hangs, taskIs } from '../stage.ts';

const membersOf = async (swarm: Swarm, group: string): Promise<string[]> =>
  Object.values((await swarm.state()).instances)
    .filter((one) => one.group === group)
    .map((one) => one.instance_id);

test('a group is made with its members, shown with their work, and dissolved after a question', async () => {
  await using swarm = await openSwarm();
  expect((await swarm.say('list groups')).text).toContain('No group yet');
  await swarm.say('launch 3 instances');
  expect((await swarm.say('create group backend "server side"')).message).toBe('Created the group backend.');
  const made = await swarm.say('create group web instances=rehearsal-2,rehearsal-3');
  expect([made.message, made.data]).toMatchObject([
    'Created the group web with rehearsal-2, rehearsal-3.',
    { group_id: 'web', description: '', members: ['rehearsal-2', 'rehearsal-3'] },
  ]);
  expect(await swarm.say('create group web')).toMatchObject({ exit: 6, message: 'There is a group "web" already.' });
  expect((await swarm.say('create group rehearsal-1')).message).toContain('an instance is called so');
  expect((await swarm.say('create group none')).exit).toBe(2);
  expect((await swarm.say('create group x instances=rehearsal-9')).exit).toBe(3);
  expect((await swarm.say('create groups x, y')).exit).toBe(2);
  await swarm.say('create task One id=t1');
  await swarm.say(hang('h1'));
  await swarm.say('run task t1 on=rehearsal-2');
  await taskIs(swarm, 't1', 'done');
  await swarm.say('run task h1 on=rehearsal-3');
  await hangs(swarm, 'h1');
  const shown = await swarm.say('show group web');
  // One is done, the other at a tenth.
  expect(shown.message).toBe('web: 2 instances; 1 of 2 tasks done (1 unchecked), 55 %.');
  expect(shown.data).toMatchObject({
    members: [
      { instance_id: 'rehearsal-2', state: 'idle', tasks: [] },
      { instance_id: 'rehearsal-3', state: 'working', tasks: ['h1'] },
    ],
    tasks: ['h1', 't1'],
    done: 1,
    percent: 55,
  });
  expect(shown.text).toMatch(/rehearsal-2 .* web /u);
  expect((await swarm.say('status group backend')).text).toContain('backend: no instance; no task yet.\nserver side');
  expect((await swarm.say('list groups')).text).toMatch(/web +rehearsal-2 rehearsal-3 +1\/2 \(1 unchecked\) +55%/u);
  expect((await swarm.say('show instance rehearsal-3')).text).toContain('group:     web');
  expect(await swarm.say('show group wep')).toMatchObject({
    exit: 3,
    hint: expect.stringContaining('Did you mean web?'),
  });
  const asked = await swarm.propose('remove group web');
  expect([asked.exit, asked.message]).toEqual([
    5,
    'This removes 1 group (web); rehearsal-2, rehearsal-3 go on without it.',
  ]);
  expect((await swarm.say('remove group web')).message).toBe(
    'Removed 1 group: web. rehearsal-2, rehearsal-3 belong to no group now.',
  );
  expect(await membersOf(swarm, 'web')).toEqual([]);
  expect((await swarm.propose('remove group backend')).message).toContain('nobody belongs to it');
  expect((await swarm.say('remove group backend')).exit).toBe(0);
  expect((await swarm.state()).groups).toEqual({});
});
