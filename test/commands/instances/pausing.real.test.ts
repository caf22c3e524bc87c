import { expect, test } from 'vitest';
import { openSwarm } from '../../helpers/swarm.ts';
import { hang, hangs, instanceIs, taskIs, until } from '../stage.ts';

test('more than one instance is paused after a question only, and each answer says what became of each', async () => {
  await using swarm = await openSwarm();
  expect(await swarm.say('pause all instances')).toMatchObject({ exit: 6, message: 'No instance that is meant runs.' });
  await swarm.say('launch 3 instances');
  const asked = await swarm.propose('pause all instances');
  expect([asked.exit, asked.message]).toEqual([
    5,
    'This freezes 3 instances (rehearsal-1, rehearsal-2, rehearsal-3) until they are resumed; nothing is lost.',
  ]);
  await swarm.say('stop instance rehearsal-3');
  expect((await swarm.propose('freeze rehearsal-1')).message).toBe('Paused 1 instance: rehearsal-1.');
  const stopped = await swarm.say('pause instance rehearsal-3');
  expect([stopped.exit, stopped.message]).toEqual([6, 'rehearsal-3 is stopped; only what runs can be paused.']);
  const all = await swarm.say('pause all instances');
  expect([all.exit, all.message]).toEqual([0, 'Paused 1 instance: rehearsal-2. Already paused: rehearsal-1.']);
  const mixed = await swarm.say('pause instances rehearsal-1, rehearsal-3');
  expect([mixed.exit, mixed.data]).toEqual([
    124,
    [
      { id: 'rehearsal-1', outcome: 'already paused', why: null },
      { id: 'rehearsal-3', outcome: 'impossible', why: 'is stopped; only what runs can be paused' },
    ],
  ]);
  expect((await swarm.say('show instance rehearsal-1')).text).toContain('before:');
  const on = await swarm.propose('continue all paused instances except rehearsal-2');
  expect([on.exit, on.message]).toEqual([0, '1 instance goes on: rehearsal-1.']);
  expect(await swarm.say('resume instances rehearsal-1, rehearsal-2')).toMatchObject({
    exit: 0,
    message: '1 instance goes on: rehearsal-2. Not paused: rehearsal-1.',
  });
  expect((await swarm.say('resume instance rehearsal-3')).message).toBe('rehearsal-3 is stopped; it cannot go on.');
  expect((await swarm.say('pause instance rehearsal-9')).exit).toBe(3);
  expect((await swarm.say('pause instance')).exit).toBe(2);
});

test('a paused swarm hands nothing out and all its agents are frozen until it is resumed', async () => {
  await using swarm = await openSwarm();
  await swarm.say('launch 2 instances');
  await swarm.say('create task "One" id=t1');
  await swarm.say('pause instance rehearsal-1');
  expect((await swarm.say('pause swarm')).message).toBe(
    'The swarm is paused: nothing is handed out. Paused 1 instance: rehearsal-2. Already paused: rehearsal-1.',
  );
  expect((await swarm.say('pause swarm')).message).toContain('The swarm is paused already.');
  expect((await swarm.say('status')).message).toMatch(
    /^The swarm is paused: nothing is handed out\. Instances: 2 paused/u,
  );
  await swarm.say('run task t1');
  expect((await swarm.say('resume instance rehearsal-2')).message).toBe(
    '1 instance goes on: rehearsal-2. The swarm is paused, so they get no new tasks: say "resume swarm".',
  );
  await swarm.say('launch 1 instance');
  expect((await swarm.state()).tasks['t1']!.state).toBe('open');
  expect((await swarm.say('resume swarm')).message).toBe(
    'Tasks are handed out again. 1 instance goes on: rehearsal-1.',
  );
  await taskIs(swarm, 't1', 'done');
  expect((await swarm.say('resume swarm')).message).toBe('The swarm was not paused.');
});

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

test('what is told to a paused agent is said to be read later, and is read once when it goes on', async () => {
  await using swarm = await openSwarm();
  await swarm.say('launch 1 instance');
  await swarm.say('pause instance rehearsal-1');
  const told = await swarm.say('tell rehearsal-1 "use the new API"');
  expect([told.message, told.data]).toEqual([
    'Told rehearsal-1. rehearsal-1 is paused and reads it when it goes on.',
    { delivered: ['rehearsal-1'], later: ['rehearsal-1'] },
  ]);
  await swarm.say('resume instance rehearsal-1');
  await until(swarm, () =>
    swarm.tmux('capture-pane', '-p', '-t', '=r-rehearsal-1:').includes('heard: use the new API'),
  );
  expect(swarm.tmux('capture-pane', '-p', '-t', '=r-rehearsal-1:').match(/heard: use/gu)).toHaveLength(1);
});
