import { parseWorktrees, type WorktreeEntry } from './parse.ts';
import type { RunGit } from './run.ts';

const LIST = ['worktree', 'list', '--porcelain', '-z'] as const;
const WHERE = ['rev-parse', '--path-format=absolute', '--git-dir', '--git-common-dir', '--show-toplevel'] as const;

/** The checkout where this git is called, if it is the main one; a path with a line feed is not told apart. */
const mainCheckout = async (run: RunGit): Promise<string | undefined> => {
  const { code, stdout } = await run(WHERE, { accept: 'any' });
  const [gitDir, commonDir, root, ...more] = stdout.replace(/\n$/u, '').split('\n');
  return code === 0 && gitDir === commonDir && more.length === 0 ? root : undefined;
};

/**
 * The worktrees that git knows, the main one first. Of that one git guesses the folder by the path of the git directory, which
 * may lie elsewhere.
 */
export const listWorktrees = async (run: RunGit): Promise<readonly WorktreeEntry[]> => {
  const [listed, main] = await Promise.all([run(LIST), mainCheckout(run)]);
  const entries = parseWorktrees(listed.stdout);
  return main === undefined ? entries : entries.map((one, n) => (n === 0 ? { ...one, path: main } : one));
};
