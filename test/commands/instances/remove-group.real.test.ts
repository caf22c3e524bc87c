import { expect, test } from 'vitest';
import { openSwarm } from '../../helpers/swarm.ts';
import { taskIs } from '../stage.ts';

test('tasks that wait for a group that is removed may be done by any', async () => {
  await using swarm = await openSwarm();
  await swarm.say('launch 1 instance');
  await swarm.say('create group backend');
  await swarm.say('create task One id=t1');
  await swarm.say('run task t1 group=backend');
  expect((await swarm.state()).tasks['t1']).toMatchObject({ state: 'open', run_group: 'backend' });
  expect((await swarm.say('show group backend')).data).toMatchObject({ tasks: ['t1'], percent: 0 });
  await swarm.say('remove group backend');
  await taskIs(swarm, 't1', 'done');
});
