import { expect, test } from 'vitest';
import { openSwarm } from '../../helpers/swarm.ts';
import { taskIs } from '../stage.ts';

test('a paused swarm hands nothing out and all its agents are frozen until it is resumed', async () => {
  await using swarm = await openSwarm();
  await swarm.say('launch 2 instances');
  await swarm.say('create task "One" id=t1');
  await swarm.say('pause instance rehearsal-1');
  expect((await swarm.say('pause swarm')).message).toBe(
    'The swarm is paused: no task starts. Paused 1 instance: rehearsal-2. Already paused: rehearsal-1.',
  );
  expect((await swarm.say('pause swarm')).message).toContain('The swarm is paused already.');
  expect((await swarm.say('status')).message).toMatch(
    /^The swarm is paused: no task starts\. Instances: 2 paused.* Tasks: 0 of 1 done\./u,
  );
  const waiting = await swarm.say('run task t1 wait=true');
  expect([waiting.exit, waiting.message, waiting.hint]).toEqual([
    6,
    'The swarm is paused; no task starts, so there is nothing to wait for.',
    'Say "resume swarm" first, or leave out wait: then the tasks start when it is resumed.',
  ]);
  expect((await swarm.state()).tasks['t1']!.requested).toBe(false);
  const run = await swarm.say('run task t1');
  expect([run.exit, run.message]).toEqual([0, 'The swarm is paused: after "resume swarm" 1 task starts.']);
  expect((await swarm.say('resume instance rehearsal-2')).message).toBe(
    '1 instance goes on: rehearsal-2. The swarm is paused and gives them no tasks. Let it go on: resume swarm.',
  );
  await swarm.say('launch 1 instance');
  expect((await swarm.state()).tasks['t1']!.state).toBe('open');
  expect((await swarm.say('resume swarm')).message).toBe('Tasks start again. 1 instance goes on: rehearsal-1.');
  await taskIs(swarm, 't1', 'done');
  expect((await swarm.say('resume swarm')).message).toBe('The swarm was not paused.');
});
