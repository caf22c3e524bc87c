import { expect, test } from 'vitest';
import { openSwarm } from '../../helpers/swarm.ts';
import { hang, taskIs, until } from '../stage.ts';

test('a restarted instance keeps worktree, branch, colour and task, and takes the task up again', async () => {
  await using swarm = await openSwarm();
  await swarm.say('launch 1 instance');
  await swarm.say(hang('h1'));
  await swarm.say('run task h1');
  const before = (await taskIs(swarm, 'h1', 'running')).instances['rehearsal-1']!;
  const asked = await swarm.propose('restart instance rehearsal-1');
  expect([asked.exit, asked.message]).toEqual([5, expect.stringContaining('1 run in progress is interrupted')]);
  const reply = await swarm.say('restart instance rehearsal-1');
  expect([reply.exit, reply.message]).toEqual([0, expect.stringMatching(/^Restarted 1 instance: rehearsal-1/)]);
  const state = await until(swarm, (now) => now.tasks['h1']!.attempts === 2 && now.tasks['h1']!.state === 'running');
  const after = state.instances['rehearsal-1']!;
  expect(after.pid).not.toBe(before.pid);
  expect(after).toMatchObject({
    workspace_path: before.workspace_path,
    peacock_theme: before.peacock_theme,
    conversation: before.conversation,
    task_assignments: ['h1'],
  });
});
