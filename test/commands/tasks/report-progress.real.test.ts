import { expect, test } from 'vitest';
import { openSwarm } from '../../helpers/swarm.ts';
import { hang, hangs, history, sayAs } from '../stage.ts';

test('an agent reports on its own task and on no other', async () => {
  await using swarm = await openSwarm();
  await swarm.say('launch 2 instances');
  for (const id of ['h1', 'h2']) await swarm.say(hang(id));
  await swarm.say('run task h1 on=rehearsal-1');
  await swarm.say('run task h2 on=rehearsal-2');
  await hangs(swarm, 'h1');
  await hangs(swarm, 'h2');
  const reply = await sayAs(swarm, 'rehearsal-1', 'report progress 40 "parser works"');
  expect([reply.exit, reply.message]).toEqual([0, 'Noted: 40 %, parser works.']);
  expect((await swarm.state()).tasks['h1']!.run).toMatchObject({ progress: 40, note: 'parser works' });
  const before = await history(swarm);
  const foreign = await sayAs(swarm, 'rehearsal-1', 'report progress 90 id=h2');
  expect([foreign.exit, foreign.hint]).toEqual([4, 'An agent reports on its own task only.']);
  expect((await sayAs(swarm, 'rehearsal-1', 'report done id=h2')).exit).toBe(4);
  expect((await sayAs(swarm, 'rehearsal-1', 'report progress 140')).exit).toBe(2);
  expect((await sayAs(swarm, 'rehearsal-1', 'stop all instances')).exit).toBe(4);
  expect((await sayAs(swarm, 'rehearsal-1', 'tell rehearsal-2 "give up"')).exit).toBe(4);
  expect((await sayAs(swarm, 'rehearsal-1', 'create task "More work"')).exit).toBe(4);
  expect((await sayAs(swarm, 'rehearsal-1', 'preview stop all instances')).exit).toBe(4);
  expect(await history(swarm)).toEqual(before);
  expect((await sayAs(swarm, 'rehearsal-1', 'show task h2')).exit).toBe(0);
  expect((await swarm.say('report progress 70 id=h2')).exit).toBe(0);
});

test('the agent’s task is the one that it works on, whatever waits in its queue before', async () => {
  await using swarm = await openSwarm();
  await swarm.say('launch 1 instance');
  await swarm.say('create task First id=f1');
  await swarm.say('create task Waiting id=w1 deps=f1');
  await swarm.say(hang('h1'));
  await swarm.say('assign task w1 to rehearsal-1');
  await swarm.say('assign task h1 to rehearsal-1');
  const state = await hangs(swarm, 'h1');
  expect(state.instances['rehearsal-1']!.task_assignments).toEqual(['w1', 'h1']);
  expect((await sayAs(swarm, 'rehearsal-1', 'report progress 10')).exit).toBe(0);
  expect((await swarm.say('show instance rehearsal-1')).message).toBe('rehearsal-1 is working on h1 (Hang h1).');
  expect((await swarm.propose('stop instance rehearsal-1')).message).toContain('1 task run ends unfinished (h1)');
});
