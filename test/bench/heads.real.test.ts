import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { headsOf, leftBehind } from '../../bench/chaos/heads.ts';
import { temporaryFolder } from '../helpers/folder.ts';

/** A repository with two commits on a branch, and what stands there. */
const openRepository = () => {
  const folder = temporaryFolder('heads');
  const git = (...args: readonly string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { cwd: folder.path, stdio: 'pipe' });
  git('init', '-q', '-b', 'main');
  git('commit', '-q', '--allow-empty', '-m', 'first');
  git('switch', '-q', '-c', 'work');
  git('commit', '-q', '--allow-empty', '-m', 'second');
  const heads = headsOf([{ instance_id: 'a1', workspace_path: folder.path }]);
  return { git, heads, [Symbol.dispose]: () => folder[Symbol.dispose]() };
};

test('[QUA-6] a branch of an agent that goes on is not taken for lost, and one that was taken back neither', () => {
  using repository = openRepository();
  const { git, heads } = repository;
  git('commit', '-q', '--allow-empty', '-m', 'third');
  expect(leftBehind(heads)).toEqual([]);
  git('branch', '-q', 'other');
  git('switch', '-q', 'main');
  git('branch', '-q', '-D', 'work');
  expect(leftBehind(heads)).toEqual([]);
});

test('[QUA-6] a branch that lost the commit of an agent is found, with what has it', () => {
  using repository = openRepository();
  const { git, heads } = repository;
  const [{ head } = { head: '' }] = heads;
  git('branch', '-q', 'other');
  git('reset', '-q', '--hard', 'main');
  expect(leftBehind(heads)).toEqual([`refs/heads/work of a1 no longer contains ${head}, which is in refs/heads/other`]);
  git('switch', '-q', 'main');
  git('branch', '-q', '-D', 'work', 'other');
  expect(leftBehind(heads)).toEqual([`refs/heads/work of a1 is gone with ${head}, which is in nothing`]);
});
