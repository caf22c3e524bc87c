import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Instance } from '../../src/state/instances.ts';

/** Where the worktree of an instance stood: the ref that was checked out, and its commit. */
type Head = { readonly id: string; readonly path: string; readonly ref: string; readonly head: string };

const git = (path: string, ...args: readonly string[]): string =>
  execFileSync('git', args, { cwd: path, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();

/** Where the worktrees of instances stand: their branches and commits. Agents go on from there. */
export const headsOf = (instances: readonly Pick<Instance, 'instance_id' | 'workspace_path'>[]): readonly Head[] =>
  instances.flatMap(({ instance_id: id, workspace_path: path }) => {
    if (!existsSync(path)) return [];
    // The commit is asked of the branch: another one may be checked out in between.
    const ref = git(path, 'rev-parse', '--symbolic-full-name', 'HEAD');
    return [{ id, path, ref, head: git(path, 'rev-parse', ref) }];
  });

const refsOf = (path: string, ...args: readonly string[]): readonly string[] => {
  try {
    return git(path, 'for-each-ref', '--format=%(refname)', ...args)
      .split('\n')
      .filter(Boolean);
  } catch {
    // It is no commit that is there any more.
    return [];
  }
};

/**
 * Which of these commits are not on their branches any more, or whose worktree is gone, in words. A branch that was made for a
 * start that came to nothing is taken back: then it is enough that another one has the commit.
 */
export const leftBehind = (heads: readonly Head[]): readonly string[] =>
  heads.flatMap(({ id, path, head, ref }) => {
    if (!existsSync(path)) return [`the worktree of ${id} is gone`];
    const holders = refsOf(path, '--contains', head);
    if (holders.includes(ref)) return [];
    const isGone = refsOf(path, ref).length === 0;
    if (isGone && holders.length > 0) return [];
    const where = holders.length > 0 ? holders.join(', ') : 'nothing';
    return [`${ref} of ${id} ${isGone ? 'is gone with' : 'no longer contains'} ${head}, which is in ${where}`];
  });
