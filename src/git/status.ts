import { parseStatus } from './parse.ts';
import { type GitPlace, type InsidePlace, LONG_MS, onLook, type RunGit } from './run.ts';

/** To look at a nested repository git runs what that one's configuration names. */
export const NOT_NESTED = ['--ignore-submodules=all'] as const;

/** Untracked files one by one, or a folder of them as one entry. */
type Untracked = 'all' | 'normal';

/**
 * What differs in a worktree, or at some paths of it, from its commit; a path that ends with `/` is a folder, or a nested
 * repository.
 */
export const statusOf = async (
  run: RunGit,
  at: GitPlace & Pick<InsidePlace, 'behind'> & { readonly refreshes?: boolean },
  untracked: Untracked = 'normal',
  paths: readonly string[] = [],
) => {
  const flags = ['--porcelain=v2', '--branch', `--untracked-files=${untracked}`, '--no-renames', '-z'];
  const nested = at.env ? NOT_NESTED : [];
  const args = ['status', ...flags, ...nested, '--', ...paths];
  return parseStatus((await onLook(run, at)(args, { ...at, timeoutMs: LONG_MS })).stdout);
};
