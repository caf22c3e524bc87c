import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSwarm } from '../../helpers/swarm.ts';
import { worktreeAt } from '../stage.ts';

test('a removed worktree comes back with what git ignores and what was not committed, until the trash is emptied', async () => {
  await using swarm = await openSwarm();
  await swarm.say('launch 1 instance');
  await swarm.say('stop instance rehearsal-1');
  const place = worktreeAt(swarm, 'rehearsal-1');
  writeFileSync(join(place, 'idea'), 'good');
  writeFileSync(join(place, 'readme'), 'mine');
  swarm.git('-C', place, 'add', 'readme');
  const before = swarm.git('-C', place, 'rev-parse', '--abbrev-ref', 'HEAD');
  // What the session began needs a moment to leave the folder.
  const hint = 'To bring it back: restore worktree rehearsal-1';
  await expect.poll(async () => (await swarm.say('remove worktree rehearsal-1')).hint).toBe(hint);
  expect(existsSync(place)).toBe(false);
  expect(await swarm.say('restore worktree rehearsal-1')).toMatchObject({ exit: 0, data: [{ branch: before }] });
  expect(swarm.git('-C', place, 'status', '--porcelain').split('\n').toSorted()).toEqual(['?? idea', '?? readme']);
  expect(swarm.git('-C', place, 'rev-parse', '--abbrev-ref', 'HEAD')).toBe(before);
  expect(await swarm.say('restore worktree rehearsal-1')).toMatchObject({ exit: 3 });
  await swarm.say('remove worktree rehearsal-1');
  // While something is in its place it cannot come back.
  await swarm.say('restart instance rehearsal-1');
  expect(await swarm.say('restore worktree rehearsal-1')).toMatchObject({
    exit: 6,
    message: `rehearsal-1 is in another worktree at ${place} by now; the removed one cannot come back to its place.`,
    // Nobody is sent to move the worktree of an agent away.
    hint: expect.stringMatching(/^Its files lie in \S+\/\.drover-trash\/\S+ until the trash is emptied\.$/u),
  });
  const emptied = await swarm.say('clean worktrees force');
  expect(emptied.data).toMatchObject({ removed: [], trash: [{ worktree: 'rehearsal-1' }] });
  expect(await swarm.say('restore worktree rehearsal-1')).toMatchObject({ exit: 3 });
  expect(readdirSync(join(place, '..', '.drover-trash'))).toEqual([]);
});

test('a worktree whose folder somebody has deleted in the trash is not said to be restored', async () => {
  await using swarm = await openSwarm();
  await swarm.say('launch 1 instance');
  await swarm.say('stop instance rehearsal-1');
  const place = worktreeAt(swarm, 'rehearsal-1');
  writeFileSync(join(place, 'idea'), 'good');
  const removed = async () => (await swarm.say('remove worktree rehearsal-1')).exit;
  // What the session began needs a moment to leave the folder.
  await expect.poll(removed).toBe(0);
  rmSync(join(place, '..', '.drover-trash'), { recursive: true });
  await swarm.say('restart instance rehearsal-1');
  expect(await swarm.say('restore worktree rehearsal-1')).toMatchObject({
    exit: 3,
    message: expect.stringContaining('There is no removed worktree "rehearsal-1".'),
  });
  expect(existsSync(join(place, 'idea'))).toBe(false);
});
