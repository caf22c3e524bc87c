import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GitPlace, InsidePlace } from './run.ts';

/**
 * Works on the index of a worktree with none of its files. Whenever git writes an index it compares those that are as young as
 * that once more, by the filters of the person: a program that lies in the worktree would run.
 */
export const withoutFiles = async <T>(
  { env }: Pick<InsidePlace, 'env'>,
  work: (at: GitPlace) => Promise<T>,
): Promise<T> => {
  const cwd = await mkdtemp(join(tmpdir(), 'drover-no-files-'));
  try {
    return await work({ cwd, env: { ...env, GIT_WORK_TREE: cwd } });
  } finally {
    await rm(cwd, { recursive: true, force: true });
  }
};
