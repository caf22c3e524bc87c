import { expect, test } from 'vitest';
import { openSwarm } from '../../helpers/swarm.ts';
import { taskIs } from '../stage.ts';

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
