import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openSwarm } from '../../helpers/swarm.ts';
import { worktreeAt } from '../stage.ts';

test('[WTR-5] a locked worktree is not removed, and its reason is told', async () => {
  await using swarm = await openSwarm();
  await swarm.say('create worktree scratch');
  const locked = await swarm.say('lock worktree scratch reason="on show"');
  expect([locked.message, locked.data]).toEqual([
    'Locked 1 worktree: scratch.',
    [{ worktree: 'scratch', reason: 'on show' }],
  ]);
  expect(swarm.git('worktree', 'list', '--porcelain')).toContain('locked on show');
  expect(await swarm.say('remove worktree scratch')).toMatchObject({
    exit: 6,
    message: expect.stringContaining('it is locked: on show'),
    data: { code: 'worktree/in-use' },
  });
  expect(existsSync(worktreeAt(swarm, 'scratch'))).toBe(true);
  await swarm.say('lock worktree scratch');
  expect(swarm.git('worktree', 'list', '--porcelain')).toContain('locked by a person');
  expect(await swarm.say('lock worktree nope')).toMatchObject({ exit: 3 });
});
