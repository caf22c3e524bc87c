import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import type { LargeFile } from '../ports/index.ts';
import { tooLarge } from './errors.ts';
import { DURABLE, type GitPlace, type InsidePlace, LONG_MS, onFiles, type RunGit } from './run.ts';

/** For what writes uncommitted work down: a warning about line ends must not keep it from being saved. */
export const STAGING = [...DURABLE, 'core.safecrlf=false'];

const listOf = (paths: readonly string[]): string => paths.map((path) => `${path}\0`).join('');

/** A larger file is not stored, in bytes: git would read it for minutes, and a file with nothing in it can be of any size. */
const LARGEST = 2 * 1024 * 1024 * 1024;
const AT_ONCE = 1000;

/** Those of the files of a worktree that are too large for a commit. */
export const largeAmong = async (place: string, files: readonly string[]): Promise<readonly LargeFile[]> => {
  const found: LargeFile[] = [];
  for (let first = 0; first < files.length; first += AT_ONCE) {
    const some = files.slice(first, first + AT_ONCE);
    const infos = await Promise.all(some.map((file) => lstat(join(place, file)).catch(() => undefined)));
    for (const [n, info] of infos.entries())
      if (info?.isFile() && info.size > LARGEST)
        found.push({ path: some[n]!, mib: Math.round(info.size / 1024 / 1024) });
  }
  return found;
};

const assertNoneTooLarge = async (place: string, files: readonly string[]): Promise<void> => {
  const [first] = await largeAmong(place, files);
  if (first) throw tooLarge({ path: join(place, first.path), mib: first.mib });
};

/**
 * Puts changed and new files into the index, by the paths that `git status` told one by one: `git add --all` would look
 * into each nested repository, and run there what that one's configuration names. Of those only the commit is noted. What a
 * sparse checkout leaves out is not there and yet not gone: it stays in the index as it was staged there.
 */
export const stage = async (
  run: RunGit,
  at: GitPlace & Pick<InsidePlace, 'behind'>,
  paths: readonly string[],
  config: readonly string[] = STAGING,
): Promise<void> => {
  const nested = paths.filter((path) => path.endsWith('/')).map((path) => path.slice(0, -1));
  const files = paths.filter((path) => !path.endsWith('/'));
  const args = ['update-index', '--ignore-skip-worktree-entries', '--add', '--remove', '--replace', '-z', '--stdin'];
  const call = { ...at, config, timeoutMs: LONG_MS };
  const read = onFiles(run, at);
  await assertNoneTooLarge(at.cwd, files);
  if (files.length > 0) await read(args, { ...call, input: listOf(files) });
  // One without a commit cannot be noted, which must not keep the files from being saved.
  for (const path of nested) await read(args, { ...call, input: listOf([path]), accept: 'any' });
};
