import { expect, test } from 'vitest';
import { openSwarm } from '../../helpers/swarm.ts';
import { taskIs } from '../stage.ts';

test('[REC-4] a failed task is tried again in another mode and with a word on the branch that there is, and its history tells that', async () => {
  await using swarm = await openSwarm({ env: { DROVER_REHEARSAL_TASK_MS: '20' } });
  await swarm.say('launch 2 instances');
  await swarm.say('create task One id=ant check="grep -q \'attempt 2\' rehearsal/ant.md"');
  expect((await swarm.say('run task ant wait=true')).exit).toBe(1);
  const { branch, result } = (await swarm.state()).tasks['ant']!.run!;
  expect(result).toBeNull();
  const first = swarm.git('rev-parse', branch);
  expect((await swarm.say('retry task ant agent=nobody')).exit).not.toBe(0);
  const reply = await swarm.say('retry task ant tdd-mode prompt="write the number of the attempt"');
  expect([reply.exit, reply.message]).toEqual([0, 'Retrying ant.']);
  const state = await taskIs(swarm, 'ant', 'done');
  expect(state.tasks['ant']!.run).toMatchObject({ branch, mode: 'tdd', attempt: 2 });
  expect(swarm.git('rev-parse', `${branch}~1`)).toBe(first);
  const { data } = await swarm.say('tasks history ant');
  expect(data).toMatchObject([
    { attempt: 1, mode: null, result: expect.stringMatching(/^check: /u) },
    { attempt: 2, mode: 'tdd', approach: 'tdd mode, goes on on the branch of attempt 1' },
  ]);
});
