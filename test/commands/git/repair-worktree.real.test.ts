import { cpSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSwarm } from '../../helpers/swarm.ts';
import { instanceIs, worktreeAt } from '../stage.ts';

test('the folder of a stopped instance that was moved by hand is its own again, and it goes on there', async () => {
  await using swarm = await openSwarm();
  const [place, moved] = [worktreeAt(swarm, 'rehearsal-1'), join(swarm.root, '..', 'moved')];
  await swarm.say('launch 1 instance');
  await swarm.say('stop instance rehearsal-1');
  renameSync(place, moved);
  expect(await swarm.say('repair worktree ../moved')).toMatchObject({
    exit: 0,
    message: `Repaired rehearsal-1, now at ${moved}.`,
  });
  expect((await swarm.say('list worktrees')).data).toMatchObject([{ name: 'rehearsal-1', path: moved }]);
  await swarm.say('restart instance rehearsal-1');
  await instanceIs(swarm, 'rehearsal-1', 'idle');
  expect((await swarm.state()).instances['rehearsal-1']?.workspace_path).toBe(moved);
});

test('a link that was broken is mended; a copy and a foreign folder are refused', async () => {
  await using swarm = await openSwarm();
  await swarm.say('create worktree scratch');
  const place = worktreeAt(swarm, 'scratch');
  cpSync(place, join(swarm.root, '..', 'copy'), { recursive: true });
  expect(await swarm.say('repair worktree ../copy')).toMatchObject({ exit: 6, data: { code: 'git/path-taken' } });
  rmSync(join(place, '.git'));
  expect(await swarm.say('repair worktree scratch')).toMatchObject({ exit: 0 });
  expect(swarm.git('-C', place, 'status', '--porcelain')).toBe('');
  expect(await swarm.say('repair worktree ../nothing')).toMatchObject({ exit: 4, data: { code: 'git/not-ours' } });
});
