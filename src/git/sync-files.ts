import { dirname, join } from 'node:path';
import { codeOf } from '../lib/errors.ts';
import { fieldsOf } from './parse.ts';
import { syncFile } from './places.ts';
import { rawPath } from './raw-path.ts';
import { type InsidePlace, LONG_MS, type RunGit } from './run.ts';

const AT_ONCE = 32;

/**
 * What cannot be synced is nothing that git has written: it is gone, a link, which lies in its folder, or somebody else's; or it lies
 * where nothing can be.
 */
const PASSED = ['ENOENT', 'ENOTDIR', 'ELOOP', 'EACCES', 'EPERM', 'EINVAL', 'ENXIO', 'ENOSYS', 'ENOTSUP', 'EBADF'];

const syncOne = async (path: string | Buffer): Promise<void> => {
  try {
    await syncFile(path);
  } catch (error) {
    if (!PASSED.includes(codeOf(error))) throw error;
  }
};

/** A folder of a work tree, and those above it. */
const withAbove = (folder: string): readonly string[] =>
  folder === '.' ? [folder] : [folder, ...withAbove(dirname(folder))];

/**
 * Makes what git has written into a checkout, between one commit and another, survive a power cut: git syncs no file that it
 * checks out.
 */
export const syncFiles = async (
  run: RunGit,
  at: InsidePlace,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<void> => {
  const look = ['diff-tree', '-r', '-z', '--name-only', '--no-renames', from, to, '--'];
  const files = fieldsOf((await run(look, { ...at, timeoutMs: LONG_MS })).stdout);
  const paths = [...files, ...new Set(files.flatMap((file) => withAbove(dirname(file))))];
  for (let first = 0; first < paths.length; first += AT_ONCE)
    await Promise.all(paths.slice(first, first + AT_ONCE).map((path) => syncOne(rawPath(join(at.cwd, path)))));
};
