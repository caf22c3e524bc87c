import { expect, test } from 'vitest';
import { openSwarm } from '../../helpers/swarm.ts';
import { hang, instanceIs, taskIs, until } from '../stage.ts';

test('[TSK-6] tasks are moved away from an instance to another one, a run in progress only after a question', async () => {
  await using swarm = await openSwarm();
  await swarm.say('launch 1 instance');
  await swarm.say(hang('h'));
  await swarm.say('run task h');
  await taskIs(swarm, 'h', 'running');
  const alone = await swarm.say('reassign tasks from rehearsal-1');
  expect([alone.exit, alone.message]).toEqual([6, 'There is no other instance that could take h.']);
  await swarm.say('launch 1 instance');
  await swarm.say('create task Two id=bee');
  await swarm.say('assign task bee to rehearsal-1');
  const asked = await swarm.propose('reassign tasks from rehearsal-1');
  expect([asked.exit, asked.message]).toEqual([5, expect.stringContaining('1 run (h)')]);
  expect((await swarm.propose('assign task h to rehearsal-2')).exit).toBe(5);
  const moved = await swarm.say('reassign tasks from rehearsal-1 to rehearsal-2');
  expect(moved.data).toEqual(['bee', 'h']);
  const state = await until(swarm, (now) => now.tasks['h']!.run?.instance === 'rehearsal-2');
  expect(state.tasks['h']!.history.at(-1)).toMatchObject({ instance: 'rehearsal-1', failure: { class: 'stopped' } });
  await instanceIs(swarm, 'rehearsal-1', 'idle');
  expect((await swarm.say('reassign task h')).message).toBe('Moved h to rehearsal-1.');
  await until(swarm, (now) => now.tasks['h']!.run?.instance === 'rehearsal-1');
  const done = await swarm.say('reassign task bee');
  expect([done.exit, done.message]).toEqual([6, 'bee is done; nobody has it.']);
  expect((await swarm.say('reassign tasks from rehearsal-2')).message).toBe('There is nothing to move.');
});
