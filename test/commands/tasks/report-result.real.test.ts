import { expect, test } from 'vitest';
import { openSwarm } from '../../helpers/swarm.ts';
import { hang, hangs, sayAs, taskIs } from '../stage.ts';

test('a claim is verified: what is reported done without a commit has failed', async () => {
  await using swarm = await openSwarm();
  await swarm.say(hang('h1'));
  expect(await swarm.say('report done')).toMatchObject({ exit: 6, message: 'There is no task to report on.' });
  expect(await swarm.say('report done id=h1')).toMatchObject({ exit: 6, message: 'h1 is not running.' });
  await swarm.say('run task h1');
  await hangs(swarm, 'h1');
  const reply = await sayAs(swarm, 'rehearsal-1', 'report done "all of it"');
  expect([reply.exit, reply.message]).toEqual([0, 'h1 is claimed and will be verified.']);
  const { tasks } = await taskIs(swarm, 'h1', 'failed');
  expect(tasks['h1']!.run).toMatchObject({ summary: 'all of it', failure: { class: 'no-commit' } });
  expect((await sayAs(swarm, 'rehearsal-1', 'report done')).exit).toBe(6);
});
