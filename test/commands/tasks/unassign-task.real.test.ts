import { expect, test } from 'vitest';
import { openSwarm } from '../../helpers/swarm.ts';
import { hang, taskIs } from '../stage.ts';

test('[TSK-6] tasks are taken out of the queue of one instance, and those that are not pinned are free when it leaves', async () => {
  await using swarm = await openSwarm();
  await swarm.say('launch 1 instance');
  await swarm.say(hang('h'));
  await swarm.say('assign task h to rehearsal-1');
  await taskIs(swarm, 'h', 'running');
  for (const id of ['ant', 'bee', 'cat']) await swarm.say(`create task ${id} id=${id}`);
  await swarm.say('assign tasks ant, bee to rehearsal-1');
  await swarm.say('assign task cat to rehearsal-1 pin=false');
  expect((await swarm.state()).tasks).toMatchObject({
    ant: { pinned: true },
    cat: { pinned: false, state: 'assigned' },
  });
  expect((await swarm.say('unassign tasks from rehearsal-1 except bee')).data).toEqual(['ant', 'cat']);
  expect((await swarm.say('unassign task ant from rehearsal-1')).exit).toBe(6);
  await swarm.say('launch 1 instance');
  expect((await swarm.say('reassign task bee pin')).message).toBe('Moved bee to rehearsal-2.');
  expect((await swarm.state()).tasks['bee']!.pinned).toBe(true);
  expect((await swarm.say('unassign tasks from rehearsal-1')).message).toBe('Nothing waits there.');
});
