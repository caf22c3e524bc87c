import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { rawPath } from './raw-path.ts';
import { DURABLE, type GitPlace, type InsidePlace, LONG_MS, onFiles, type RunGit } from './run.ts';
import { assertKept } from './unkept.ts';

/** For what writes uncommitted work down: a warning about line ends must not keep it from being saved. */
export const STAGING = [...DURABLE, 'core.safecrlf=false'];

const listOf = (paths: readonly string[]): string => paths.map((path) => `${path}\0`).join('');

/** Those of the paths before which a link lies by now: `git status` tells of them as gone, and `git update-index` refuses them. */
const beyondLinks = async (place: string, paths: readonly string[]): Promise<ReadonlySet<string>> => {
  const known = new Map<string, Promise<boolean>>();
  const leadsAway = (path: string): Promise<boolean> => {
    const end = path.lastIndexOf('/');
    if (end < 0) return Promise.resolve(false);
    const folder = path.slice(0, end);
    const found = known.get(folder) ?? isLinked(folder);
    known.set(folder, found);
    return found;
  };
  const isLinked = async (folder: string): Promise<boolean> =>
    (await leadsAway(folder)) ||
    lstat(rawPath(join(place, folder))).then(
      (info) => info.isSymbolicLink(),
      () => false,
    );
  const away = await Promise.all(paths.map(leadsAway));
  return new Set(paths.filter((_path, n) => away[n]));
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
  const all = paths.map((path) => path.replace(/\/$/u, ''));
  const gone = await beyondLinks(at.cwd, all);
  const there = paths.filter((_path, n) => !gone.has(all[n]!));
  const nested = there.filter((path) => path.endsWith('/')).map((path) => path.slice(0, -1));
  const files = there.filter((path) => !path.endsWith('/'));
  const args = ['update-index', '--ignore-skip-worktree-entries', '--add', '--remove', '--replace', '-z', '--stdin'];
  const call = { ...at, config, timeoutMs: LONG_MS };
  const read = onFiles(run, at);
  await assertKept(run, at, files);
  if (gone.size > 0)
    await read(['update-index', '--force-remove', '-z', '--stdin'], { ...call, input: listOf([...gone]) });
  if (files.length > 0) await read(args, { ...call, input: listOf(files) });
  // One without a commit cannot be noted, which must not keep the files from being saved.
  for (const path of nested) await read(args, { ...call, input: listOf([path]), accept: 'any' });
};
