import { expect, test } from 'vitest';
import { openSwarm } from '../../helpers/swarm.ts';
import { hang, taskIs } from '../stage.ts';

test('[TSK-6] a task that is assigned to a busy agent waits in its queue, pinned, while another one is free', async () => {
  await using swarm = await openSwarm();
  await swarm.say('launch 2 instances');
  await swarm.say(hang('h'));
  await swarm.say('create task Two id=bee');
  await swarm.say('assign task h to rehearsal-1');
  await taskIs(swarm, 'h', 'running');
  const reply = await swarm.say('assign task bee to rehearsal-1');
  expect([reply.message, reply.data]).toEqual([
    'rehearsal-1 gets bee; its queue: h, bee.',
    { instance: 'rehearsal-1', tasks: ['bee'], queue: ['h', 'bee'] },
  ]);
  expect((await swarm.say('assign task h to rehearsal-1')).message).toBe(
    'rehearsal-1 is at it already; its queue: h, bee.',
  );
  await swarm.say('create task Three id=cat');
  await swarm.say('run task cat');
  const state = await taskIs(swarm, 'cat', 'done');
  expect(state.tasks['cat']!.run!.instance).toBe('rehearsal-2');
  expect(state.tasks['bee']).toMatchObject({ state: 'assigned', assignee: 'rehearsal-1', pinned: true });
  expect((await swarm.say('unassign task bee')).message).toBe('Unassigned bee.');
  expect((await taskIs(swarm, 'bee', 'done')).tasks['bee']!.run!.instance).toBe('rehearsal-2');
  expect((await swarm.say('unassign task bee')).hint).toBe('When it runs, say: stop task bee');
});

test('assigning names what is wrong: an unknown or stopped instance, a task that is done', async () => {
  await using swarm = await openSwarm();
  await swarm.say('create task One id=ant');
  await swarm.say('run task ant wait=true');
  expect((await swarm.say('assign task ant to rehearsal-1')).hint).toBe('To do it once more: retry task "ant"');
  await swarm.say('create task Two id=bee');
  expect(await swarm.say('assign task bee to rehearsal-7')).toMatchObject({ exit: 3 });
  await swarm.say('stop instance rehearsal-1');
  const stopped = await swarm.say('assign task bee to rehearsal-1');
  expect([stopped.exit, stopped.message]).toEqual([6, 'rehearsal-1 is stopped; it takes no tasks.']);
  expect((await swarm.say('run task bee on=rehearsal-1')).exit).toBe(6);
  expect((await swarm.state()).tasks['bee']!.state).toBe('open');
});
