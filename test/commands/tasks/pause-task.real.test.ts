import { expect, test } from 'vitest';
import { openSwarm } from '../../helpers/swarm.ts';
import { hang, hangs, instanceIs, taskIs, until } from '../stage.ts';

test('a task that waits is held back, and one that runs is frozen with its agent', async () => {
  await using swarm = await openSwarm();
  await swarm.say('launch 1 instance');
  await swarm.say('create task "One" id=t1');
  await swarm.say(hang('h1'));
  await swarm.say('run task h1');
  await hangs(swarm, 'h1');
  expect((await swarm.propose('pause tasks t1, h1')).message).toBe(
    'This holds 2 tasks back (t1, h1) until they are resumed.',
  );
  expect(await swarm.say('pause tasks t1, h1')).toMatchObject({ exit: 0, message: 'Paused 2 tasks: t1, h1.' });
  expect((await swarm.say('pause task t1')).message).toBe('Already paused: t1.');
  expect((await swarm.say('list tasks')).text).toContain('held back');
  expect((await swarm.state()).instances['rehearsal-1']!.state.kind).toBe('paused');
  await swarm.say('launch 1 instance');
  await swarm.say('run task t1');
  await swarm.say('assign task t1 to rehearsal-2');
  await swarm.say('launch 1 instance');
  expect((await swarm.state()).tasks['t1']!.state).toBe('assigned');
  expect((await swarm.say('resume task h1')).message).toBe('1 task goes on: h1.');
  await instanceIs(swarm, 'rehearsal-1', 'working');
  expect((await swarm.say('resume tasks t1, h1')).message).toBe('1 task goes on: t1. Not paused: h1.');
  await taskIs(swarm, 't1', 'done');
  const done = await swarm.say('pause task t1');
  expect([done.exit, done.message]).toEqual([6, 't1 is done; only what waits or runs can be paused.']);
  expect((await swarm.propose('pause all running tasks')).exit).toBe(0);
  expect((await swarm.say('resume all tasks')).message).toContain('1 task goes on: h1.');
});

test('several agents that run tasks are asked about before their tasks are paused', async () => {
  await using swarm = await openSwarm();
  await swarm.say('launch 2 instances');
  for (const id of ['h1', 'h2']) await swarm.say(hang(id));
  await swarm.say('run tasks h1, h2');
  for (const id of ['h1', 'h2']) await hangs(swarm, id);
  expect((await swarm.propose('pause all running tasks')).message).toContain('This freezes 2 instances');
  await swarm.say('pause all running tasks');
  const dead = (await swarm.state()).tasks['h1']!.run!.instance;
  // It ends with its session, as if somebody had ended it by hand.
  swarm.tmux('kill-session', '-t', `=r-${dead}`);
  await until(swarm, (state) => state.instances[dead]!.state.kind === 'lost');
  expect((await swarm.say('resume tasks h1, h2')).message).toBe('1 task goes on: h2. Not paused: h1.');
});
