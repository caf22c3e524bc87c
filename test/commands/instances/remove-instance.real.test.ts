import { expect, test } from 'vitest';
import { openSwarm } from '../../helpers/swarm.ts';

test('an instance that cannot be removed is not said to be', async () => {
  await using swarm = await openSwarm();
  await swarm.say('launch 1 instance');
  swarm.git('worktree', 'lock', `${swarm.paths.worktrees}/rehearsal-1`);
  const reply = await swarm.say('remove instance rehearsal-1');
  expect([reply.exit, reply.message]).toEqual([1, expect.stringMatching(/^Not removed: rehearsal-1 \(.*is locked/)]);
  expect(reply.sideEffects).toEqual([]);
  swarm.git('worktree', 'unlock', `${swarm.paths.worktrees}/rehearsal-1`);
  expect((await swarm.say('remove instance rehearsal-1')).exit).toBe(0);
});

test('an instance that is removed loses its worktree after a question, and its commits stay', async () => {
  await using swarm = await openSwarm();
  await swarm.say('launch 2 instances');
  const asked = await swarm.propose('remove instance rehearsal-1');
  expect([asked.exit, asked.message]).toEqual([
    5,
    expect.stringContaining('what git ignores stays in the trash for 24h'),
  ]);
  const reply = await swarm.say('remove instance rehearsal-1');
  expect([reply.exit, reply.message]).toEqual([0, 'Removed 1 instance: rehearsal-1.']);
  expect(reply.sideEffects).toEqual(['session of rehearsal-1 ended', 'worktree of rehearsal-1 removed']);
  expect(Object.keys((await swarm.state()).instances)).toEqual(['rehearsal-2']);
  expect(swarm.git('branch', '--list', 'drover/rehearsal-1')).not.toBe('');
  expect((await swarm.say('launch 1 instance')).message).toContain('rehearsal-3');
});
