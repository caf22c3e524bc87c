import { existsSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSwarm } from '../helpers/swarm.ts';

test('a lock that a killed git left in a worktree does not keep its instance from the next task', async () => {
  await using swarm = await openSwarm();
  await swarm.say('launch 1 instance');
  const lock = join(swarm.root, '.git', 'worktrees', 'rehearsal-1', 'index.lock');
  writeFileSync(lock, '');
  const past = new Date(Date.now() - 60_000);
  utimesSync(lock, past, past);
  await swarm.say('create task "After all" id=later-1');
  const done = await swarm.say('run task later-1 wait=true');
  expect([done.exit, existsSync(lock)]).toEqual([0, false]);
});

test('a lock of the user’s own checkout is left to the user', async () => {
  await using swarm = await openSwarm();
  const lock = join(swarm.root, '.git', 'index.lock');
  writeFileSync(lock, '');
  await swarm.say('create task "Beside" id=beside-1');
  const done = await swarm.say('run task beside-1 wait=true');
  expect([done.exit, existsSync(lock)]).toEqual([0, true]);
});
