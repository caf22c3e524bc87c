import type { Exit } from '../ports/index.ts';
import { openUp } from './owner-rights.ts';
import { parseStatus } from './parse.ts';
import { type GitPlace, type InsidePlace, LONG_MS, onLook, type RunGit } from './run.ts';

/** To look at a nested repository git runs what that one's configuration names. */
export const NOT_NESTED = ['--ignore-submodules=all'] as const;

type Place = GitPlace & Pick<InsidePlace, 'behind'> & { readonly refreshes?: boolean };

/** Untracked files one by one, a folder of them as one entry, or none of them. */
type Untracked = 'all' | 'normal' | 'no';

/**
 * What differs in a worktree, or at some paths of it, from its commit; a path that ends with `/` is a folder, or a nested
 * repository.
 */
export const statusOf = async (
  run: RunGit,
  at: Place,
  untracked: Untracked = 'normal',
  paths: readonly string[] = [],
) => parseStatus((await askStatus(run, at, untracked, paths)).stdout);

/** git tells so of a folder that it could not read, and passes it by. */
const CLOSED = /Permission denied/u;

/** The same for what is to be kept: what lies in folders that somebody has closed to all is part of it. */
export const statusToKeep = async (run: RunGit, at: InsidePlace) => {
  const found = await askStatus(run, at, 'all', []);
  const isClosed = CLOSED.test(found.stderr) && (await openUp(at.cwd, { files: true }));
  return isClosed ? statusOf(run, at, 'all') : parseStatus(found.stdout);
};

/** What git tells of a worktree. */
export const askStatus = async (
  run: RunGit,
  at: Place,
  untracked: Untracked,
  paths: readonly string[],
): Promise<Exit> => {
  const flags = ['--porcelain=v2', '--branch', `--untracked-files=${untracked}`, '--no-renames', '-z'];
  const nested = at.env ? NOT_NESTED : [];
  const args = ['status', ...flags, ...nested, '--', ...paths];
  return onLook(run, at)(args, { ...at, timeoutMs: LONG_MS });
};
