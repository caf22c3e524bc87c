import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GitPlace, InsidePlace } from './run.ts';

/** Works in a folder that nobody else has, and in which nothing lies. */
export const inEmptyFolder = async <T>(work: (folder: string) => Promise<T>): Promise<T> => {
  const folder = await mkdtemp(join(tmpdir(), 'drover-no-files-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/**
 * Works on the index of a worktree with none of its files. Whenever git writes an index it compares those that are as young as
 * that once more, by the filters of the person: a program that lies in the worktree would run.
 */
export const withoutFiles = <T>({ env }: Pick<InsidePlace, 'env'>, work: (at: GitPlace) => Promise<T>): Promise<T> =>
  inEmptyFolder((cwd) => work({ cwd, env: { ...env, GIT_WORK_TREE: cwd } }));
