import { DURABLE, type GitPlace, type InsidePlace, LONG_MS, onFiles, type RunGit } from './run.ts';

/** For what writes uncommitted work down: a warning about line ends must not keep it from being saved. */
export const STAGING = [...DURABLE, 'core.safecrlf=false'];

const listOf = (paths: readonly string[]): string => paths.map((path) => `${path}\0`).join('');

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
  if (files.length > 0) await read(args, { ...call, input: listOf(files) });
  // One without a commit cannot be noted, which must not keep the files from being saved.
  for (const path of nested) await read(args, { ...call, input: listOf([path]), accept: 'any' });
};
