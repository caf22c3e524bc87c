import { existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSwarm } from '../../helpers/swarm.ts';
import { answerOf, worktreeAt } from '../stage.ts';

test('a person gets a worktree beside those of the agents, on a new branch or on one that is there', async () => {
  await using swarm = await openSwarm();
  const made = await swarm.say('create worktree look-around');
  expect(made.data).toMatchObject({ name: 'look-around', kind: 'own', branch: 'drover/look-around', dirty: 0 });
  expect(made.sideEffects).toEqual([`worktree ${worktreeAt(swarm, 'look-around')}`, 'branch drover/look-around']);
  expect(existsSync(join(worktreeAt(swarm, 'look-around'), '.git'))).toBe(true);
  swarm.git('branch', 'mine');
  expect((await swarm.say('create worktree beta branch=mine')).data).toMatchObject({ branch: 'mine' });
  expect((await swarm.say('create worktree gamma branch=fresh from=mine')).data).toMatchObject({ branch: 'fresh' });
  const refusals: [string, number, string][] = [
    ['create worktree look-around', 6, 'worktree/exists'],
    ['create worktree id=integration', 2, 'worktree/bad-name'],
    ['create worktree rehearsal-9', 2, 'worktree/bad-name'],
    ['create worktree a/b', 2, 'worktree/bad-name'],
    ['create worktree delta from=nowhere', 3, 'branch/no-start'],
    ['create worktree delta branch=mine', 6, 'git/branch-in-use'],
  ];
  for (const [text, exit, code] of refusals)
    expect([text, await swarm.say(text)]).toMatchObject([text, { exit, data: { code } }]);
  expect((await swarm.say('list worktrees')).text).toMatch(/look-around +○ clean +- +drover\/look-around/);
  expect(await answerOf(swarm, 'tree worktrees')).toMatchObject([{ tasks: [] }, { tasks: [] }, { tasks: [] }]);
});

test('a symbolic link in the place of the worktree is not followed, and nothing is written where it leads', async () => {
  await using swarm = await openSwarm();
  const theirs = join(swarm.root, '..', 'theirs');
  mkdirSync(theirs);
  mkdirSync(swarm.paths.worktrees, { recursive: true });
  symlinkSync(theirs, join(swarm.paths.worktrees, 'w1'));
  const reply = await swarm.say('create worktree w1');
  expect([reply.exit, reply.message]).toEqual([6, expect.stringContaining('A symbolic link is in the place where')]);
  expect([readdirSync(theirs), swarm.git('branch', '--list', '*w1')]).toEqual([[], '']);
});
