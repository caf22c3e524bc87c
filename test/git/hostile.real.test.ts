import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { landMerge } from '../../src/git/land.ts';
import { checksum, openWorld, userGit, write } from './world.ts';

const HOOKS = [
  'post-checkout',
  'pre-commit',
  'commit-msg',
  'prepare-commit-msg',
  'post-commit',
  'pre-merge-commit',
  'post-index-change',
  'reference-transaction',
];

test('[GIT-10] failing hooks, demanded signatures, strange paths and line ends keep nobody from working, and change nothing of the user’s', async () => {
  await using world = await openWorld({ folder: 'my "repo" ü\n$(id)' });
  const { git, root, user, first } = world;
  const strange = 'földer/with space/and\n"quotes" \\ $(id)';
  write(root, strange, 'a\r\nb\r\n');
  user('add', '--all');
  user('commit', '--quiet', '-m', 'strange');
  const base = user('rev-parse', 'HEAD').trim();
  for (const hook of HOOKS) {
    write(root, `.git/hooks/${hook}`, '#!/bin/sh\necho hook >&2\nexit 3\n');
    chmodSync(join(root, '.git/hooks', hook), 0o755);
  }
  for (const [key, value] of [
    ['commit.gpgsign', 'true'],
    ['gpg.program', '/no/such/gpg'],
    ['core.autocrlf', 'true'],
    ['core.safecrlf', 'true'],
    ['status.showUntrackedFiles', 'no'],
    ['status.relativePaths', 'true'],
    ['color.ui', 'always'],
    ['core.pager', 'false'],
    ['core.editor', 'false'],
    ['commit.cleanup', 'strip'],
    ['diff.external', 'false'],
    ['checkout.defaultRemote', 'origin'],
    ['merge.ff', 'only'],
  ] as const)
    user('config', key, value);
  write(root, 'readme.md', 'the user’s own work\n');
  const before = checksum(root);

  const branch = await git.createBranch('drover/claude-1', base);
  const path = world.at('a "worktree" ü\n$(id)');
  await git.addWorktree(path, { branch });
  expect(await git.worktreeState(path)).toEqual({ branch, head: base, dirty: [] });
  write(path, 'new\nfile', 'x\n');
  write(path, strange, 'c\n');
  expect((await git.worktreeState(path)).dirty.toSorted()).toEqual([strange, 'new\nfile'].toSorted());
  const saved = (await git.saveWork(path, '# Heading stays\n')) ?? '';
  expect(await git.readFile(saved, 'new\nfile')).toBe('x\n');
  const other = world.commit(base, { [strange]: 'd\n' });
  expect(await landMerge(git, { ours: other, theirs: saved, message: 'x' })).toMatchObject({
    kind: 'conflict',
    files: [strange],
  });
  const landing = await landMerge(git, { ours: world.commit(base, { z: 'z' }), theirs: saved, message: 'x' });
  await git.moveBranch('drover/integration', null, landing.kind === 'landed' ? landing.commit : first);
  await git.switchTo(path, 'drover/integration');
  await git.checkout(path, base);
  await git.removeWorktree(path);

  expect(checksum(root)).toBe(before);
  expect(userGit(root, world.env)('log', '-1', '--format=%B', saved)).toBe('# Heading stays\n\n');
});

test('the repository’s own first commit may be empty, as the hint proposes it', async () => {
  await using world = await openWorld();
  world.user('rm', '--quiet', 'readme.md');
  world.user('commit', '--quiet', '-m', 'nothing left');
  const branch = await world.git.createBranch('drover/a', 'HEAD');
  await world.git.addWorktree(world.at('a'), { branch });
  write(world.at('a'), 'work', 'x');
  await world.git.addWorktree(world.at('a'), { branch });
  expect((await world.git.worktreeState(world.at('a'))).dirty).toEqual(['work']);
});
