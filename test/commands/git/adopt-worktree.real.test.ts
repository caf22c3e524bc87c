import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSwarm } from '../../helpers/swarm.ts';

test('[WTR-5] a hand-made worktree that is adopted is listed; locked, its removal exits with 6; repair finds it after a move', async () => {
  await using swarm = await openSwarm();
  const [place, moved] = [join(swarm.root, '..', 'hotfix'), join(swarm.root, '..', 'elsewhere')];
  swarm.git('worktree', 'add', '-q', '-b', 'hotfix', place);
  expect(await swarm.say('adopt worktree ../hotfix')).toMatchObject({
    exit: 0,
    data: { name: 'hotfix', path: place, branch: 'hotfix', kind: 'own' },
  });
  const names = async () => (await swarm.say('list worktrees')).data as { name: string; path: string }[];
  expect(await names()).toMatchObject([{ name: 'hotfix', path: place }]);
  await swarm.say('lock worktree hotfix');
  expect(await swarm.say('remove worktree hotfix')).toMatchObject({ exit: 6, data: { code: 'worktree/in-use' } });
  await swarm.say('unlock worktree hotfix');
  expect(existsSync(place)).toBe(true);
  // As somebody does by hand, without git.
  renameSync(place, moved);
  expect(await names()).toEqual([]);
  expect((await swarm.say('repair worktrees')).message).toContain(`missing: ${place}`);
  expect(await swarm.say('repair worktree ../elsewhere')).toMatchObject({
    exit: 0,
    data: { repaired: [{ worktree: 'hotfix', from: place, path: moved }], missing: [] },
  });
  expect(await names()).toMatchObject([{ name: 'hotfix', path: moved }]);
  expect(swarm.git('-C', moved, 'status', '--porcelain')).toBe('');
  expect(await swarm.say('remove worktree hotfix')).toMatchObject({ exit: 0 });
  expect(await swarm.say('restore worktree hotfix')).toMatchObject({
    exit: 0,
    data: [{ path: moved, branch: 'hotfix' }],
  });
  expect(await names()).toMatchObject([{ name: 'hotfix', path: moved }]);
});

test('what is no worktree of the repository, is adopted already, or is called like another one is refused', async () => {
  await using swarm = await openSwarm();
  swarm.git('worktree', 'add', '-q', join(swarm.root, '..', 'kiro-2'));
  expect(await swarm.say('adopt worktree ../kiro-2')).toMatchObject({ exit: 2 });
  expect(await swarm.say('adopt worktree ../kiro-2 name=second')).toMatchObject({ exit: 0, data: { name: 'second' } });
  expect(await swarm.say('adopt worktree ../kiro-2 name=third')).toMatchObject({ exit: 6 });
  swarm.git('worktree', 'add', '-q', join(swarm.root, '..', 'second'));
  expect(await swarm.say('adopt worktree ../second')).toMatchObject({ exit: 6 });
  for (const path of ['..', '.', '../nothing'])
    expect(await swarm.say(`adopt worktree "${path}"`)).toMatchObject({
      exit: 3,
      data: { code: 'worktree/unknown-folder' },
    });
});
