import { expect, test } from 'vitest';
import { openSwarm } from '../../helpers/swarm.ts';

test('the journal folds to what is known, after a restart too', async () => {
  await using swarm = await openSwarm();
  await swarm.say('create task One id=t1');
  await swarm.say('run task t1 wait=true');
  expect((await swarm.say('rebuild state')).data).toMatchObject({ equal: true });
  await swarm.reopen();
  expect((await swarm.say('rebuild state')).data).toMatchObject({ equal: true });
  const { data } = await swarm.say('list events since=2 limit=3');
  expect((data as unknown[]).length).toBe(3);
});
