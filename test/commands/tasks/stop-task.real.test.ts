import { expect, test } from 'vitest';
import { isRunning } from '../../../src/process/is-running.ts';
import { openSwarm } from '../../helpers/swarm.ts';
import { hang, hangs, instanceIs, instanceNamed, taskIs } from '../stage.ts';

test('a run is stopped after a question; its instance goes on with other work and its branch stays', async () => {
  await using swarm = await openSwarm();
  await swarm.say(hang('h'));
  await swarm.say('run task h');
  await taskIs(swarm, 'h', 'running');
  const asked = await swarm.propose('stop task h');
  expect([asked.exit, asked.message]).toEqual([5, expect.stringContaining('1 task (h)')]);
  expect((await swarm.say('stop task h')).message).toBe('Stopped h.');
  const state = await instanceIs(swarm, 'rehearsal-1', 'idle');
  expect(state.tasks['h']).toMatchObject({ state: 'open', requested: false, assignee: null });
  expect(swarm.git('branch', '--list', 'feature/h-*')).not.toBe('');
  const again = await swarm.say('stop task h');
  expect([again.exit, again.message]).toEqual([6, 'None of them is at work.']);
  await swarm.say('create task One id=ant');
  expect((await swarm.say('run task ant wait=true')).exit).toBe(0);
});

test('by force the program of an agent that may not hear it ends at once and is started again', async () => {
  await using swarm = await openSwarm();
  await swarm.say(hang('h'));
  await swarm.say('run task h');
  await hangs(swarm, 'h');
  const before = await instanceNamed(swarm);
  const asked = await swarm.propose('stop task h force');
  expect([asked.exit, asked.message]).toEqual([5, expect.stringContaining('the program of rehearsal-1 ends at once')]);
  const stopped = await swarm.say('stop task h force');
  expect(stopped).toMatchObject({
    exit: 0,
    message: 'Stopped h.',
    sideEffects: ['run of h interrupted', 'program of rehearsal-1 started again'],
  });
  const state = await instanceIs(swarm, 'rehearsal-1', 'idle');
  expect(state.instances['rehearsal-1']!.pid).not.toBe(before.pid);
  // What has ended may be in the table of processes until somebody asks how.
  expect(isRunning(before.pid!)).toBe(false);
  expect(state.tasks['h']).toMatchObject({ state: 'open', requested: false, assignee: null });
  await swarm.say('create task One id=ant');
  expect((await swarm.say('run task ant wait=true')).exit).toBe(0);
});
