import { existsSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSwarm } from '../../helpers/swarm.ts';
import { instanceIs, worktreeAt } from '../stage.ts';

test('a worktree is moved with its uncommitted work and keeps its name; its stopped instance goes on there', async () => {
  await using swarm = await openSwarm();
  const to = join(swarm.root, '..', 'big disk', 'first');
  await swarm.say('launch 1 instance');
  expect(await swarm.say(`worktrees move rehearsal-1 to "${to}"`)).toMatchObject({ exit: 6 });
  await swarm.say('stop instance rehearsal-1');
  writeFileSync(join(worktreeAt(swarm, 'rehearsal-1'), 'idea'), 'good');
  await expect
    .poll(() => swarm.say(`worktrees move rehearsal-1 to "${to}"`))
    .toMatchObject({
      exit: 0,
      data: { worktree: 'rehearsal-1', to },
    });
  expect([existsSync(worktreeAt(swarm, 'rehearsal-1')), existsSync(join(to, 'idea'))]).toEqual([false, true]);
  expect((await swarm.say('list worktrees')).data).toMatchObject([{ name: 'rehearsal-1', kind: 'instance', dirty: 1 }]);
  await swarm.say('restart instance rehearsal-1');
  await instanceIs(swarm, 'rehearsal-1', 'idle');
  expect(swarm.tmux('display-message', '-p', '-t', '=r-rehearsal-1:', '#{pane_current_path}')).toBe(realpathSync(to));
});

test('nothing is moved into the checkout, onto what is there, or while it is locked', async () => {
  await using swarm = await openSwarm();
  await swarm.say('create worktree scratch');
  const free = join(swarm.root, '..', 'free');
  mkdirSync(join(swarm.root, '..', 'taken'));
  expect(await swarm.say('move worktree scratch to "./inside"')).toMatchObject({ exit: 2 });
  expect(await swarm.say('move worktree scratch to "../taken"')).toMatchObject({ exit: 6 });
  await swarm.say('lock worktree scratch');
  expect(await swarm.say(`move worktree scratch to "${free}"`)).toMatchObject({ exit: 6 });
  await swarm.say('unlock worktree scratch');
  expect(await swarm.say(`move worktree scratch to "${free}"`)).toMatchObject({ exit: 0 });
  expect((await swarm.say('list worktrees')).data).toMatchObject([{ name: 'scratch', path: free }]);
});

test('[CLI-8] a move that a killed daemon has made and not recorded is recorded when it is said again', async () => {
  await using swarm = await openSwarm();
  const to = join(swarm.root, '..', 'moved');
  await swarm.say('launch 1 instance');
  await swarm.say('stop instance rehearsal-1');
  // As far as the one that was killed had come.
  writeFileSync(join(swarm.root, '.git', 'worktrees', 'rehearsal-1', 'drover-name'), 'rehearsal-1\n');
  swarm.git('worktree', 'move', worktreeAt(swarm, 'rehearsal-1'), to);
  expect(await swarm.say(`move worktree rehearsal-1 to "${to}"`)).toMatchObject({
    exit: 0,
    data: { worktree: 'rehearsal-1', to },
  });
  expect((await swarm.state()).instances['rehearsal-1']!.workspace_path).toBe(to);
  await swarm.say('restart instance rehearsal-1');
  await instanceIs(swarm, 'rehearsal-1', 'idle');
});
