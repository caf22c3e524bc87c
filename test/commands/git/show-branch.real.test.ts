import { expect, test } from 'vitest';
import { openSwarm } from '../../helpers/swarm.ts';

test('a branch is shown with where it is checked out and what changed on it; one that is not there is an error', async () => {
  await using swarm = await openSwarm();
  await swarm.say('create worktree look-around');
  const shown = await swarm.say('show branch drover/look-around');
  expect(shown.message).toBe('drover/look-around: 0 commits, not merged.');
  expect(shown.data).toMatchObject({
    kind: 'own',
    worktree: `${swarm.paths.worktrees}/look-around`,
    changes: { commits: 0, files: 0, insertions: 0, deletions: 0 },
  });
  expect(shown.text).toMatch(/^made by: +Drover$/m);
  expect((await swarm.say('show branch main')).text).toMatch(/^made by: +you$/m);
  const unknown = await swarm.say('show branch drover/look-aruond');
  expect([unknown.exit, unknown.hint]).toEqual([3, expect.stringContaining('Did you mean drover/look-around?')]);
});
