import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openSwarm } from '../../helpers/swarm.ts';
import { worktreeAt } from '../stage.ts';

test('[WTR-5] an unlocked worktree can be removed again; one that was not locked is said to be so', async () => {
  await using swarm = await openSwarm();
  await swarm.say('create worktree scratch');
  expect((await swarm.say('unlock worktree scratch')).message).toBe('None of them was locked.');
  await swarm.say('lock worktree scratch');
  expect((await swarm.say('unlock worktree scratch')).message).toBe('Unlocked 1 worktree: scratch.');
  expect(await swarm.say('remove worktree scratch')).toMatchObject({ exit: 0 });
  expect(existsSync(worktreeAt(swarm, 'scratch'))).toBe(false);
});
