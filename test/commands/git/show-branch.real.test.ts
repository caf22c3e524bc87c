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

test('a branch with commits that came after its merge is not called merged', async () => {
  await using swarm = await openSwarm({ env: { DROVER_REHEARSAL_TASK_MS: '20' } });
  await swarm.say('create task One id=t1');
  await swarm.say('run all tasks wait=true');
  await swarm.say('merge completed branches');
  const { branch } = (await swarm.state()).tasks['t1']!.run!;
  expect((await swarm.say(`show branch ${branch}`)).message).toMatch(/, merged\.$/u);
  const more = swarm.git('commit-tree', `${branch}^{tree}`, '-p', branch, '-m', 'more');
  swarm.git('update-ref', `refs/heads/${branch}`, more);
  expect((await swarm.say(`show branch ${branch}`)).message).toMatch(/, not merged\.$/u);
  const { data } = await swarm.say('list merged branches');
  expect((data as { branch: string }[]).map((row) => row.branch)).not.toContain(branch);
});
