import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSwarm } from '../../helpers/swarm.ts';
import { hang, taskIs, until } from '../stage.ts';

test('a restarted instance keeps worktree, branch, colour and task, and goes on with its run', async () => {
  await using swarm = await openSwarm();
  await swarm.say('launch 1 instance');
  await swarm.say(hang('h1'));
  await swarm.say('run task h1');
  const before = (await taskIs(swarm, 'h1', 'running')).instances['rehearsal-1']!;
  const asked = await swarm.propose('restart instance rehearsal-1');
  expect([asked.exit, asked.message]).toEqual([
    5,
    expect.stringContaining('1 run in progress is interrupted and goes on where it stopped'),
  ]);
  const reply = await swarm.say('restart instance rehearsal-1');
  expect([reply.exit, reply.message]).toEqual([0, expect.stringMatching(/^Restarted 1 instance: rehearsal-1/)]);
  const state = await until(swarm, (now) => now.tasks['h1']!.run?.restarts === 1);
  expect(state.tasks['h1']).toMatchObject({ state: 'running', attempts: 1, history: [] });
  const after = state.instances['rehearsal-1']!;
  expect(after.pid).not.toBe(before.pid);
  expect(after).toMatchObject({
    workspace_path: before.workspace_path,
    branch_name: before.branch_name,
    peacock_theme: before.peacock_theme,
    conversation: before.conversation,
    task_assignments: ['h1'],
  });
});

test('[INS-6] one that begins its conversation anew goes on with its run too, and its brief says so', async () => {
  await using swarm = await openSwarm();
  await swarm.say('launch 1 instance');
  await swarm.say(hang('h1'));
  await swarm.say('run task h1');
  const before = (await taskIs(swarm, 'h1', 'running')).instances['rehearsal-1']!;
  writeFileSync(join(before.workspace_path, 'half.txt'), 'half\n');
  expect((await swarm.say('restart instance rehearsal-1 fresh')).exit).toBe(0);
  const { instances, tasks } = await until(swarm, (now) => now.tasks['h1']!.run?.restarts === 1);
  expect(tasks['h1']).toMatchObject({ attempts: 1, run: { branch: before.branch_name, instance: 'rehearsal-1' } });
  expect(instances['rehearsal-1']!.conversation).not.toBe(before.conversation);
  expect(readFileSync(join(before.workspace_path, 'half.txt'), 'utf8')).toBe('half\n');
  const brief = readFileSync(join(swarm.paths.instances, 'rehearsal-1', 'task-h1.md'), 'utf8');
  expect(brief).toContain('You have begun this task already, in this folder and on this branch.');
  expect(brief).toContain('rehearsal-1 was restarted');
  expect((await swarm.say('show instance rehearsal-1')).text).toContain(
    'h1 was broken off (rehearsal-1 was restarted): at work again; started again 1 time in all',
  );
});
