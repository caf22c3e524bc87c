import type { SandboxSpec } from '../../ports/sandbox.ts';
import type { Target } from '../../ports/target.ts';
import { searchedFolders } from '../../sandbox/toolchains.ts';

/**
 * Removes links that an agent has left in its home on the way to what is laid over it: bubblewrap follows them while it still
 * has everything before it, and would make folders for that outside. What ran there has ended. Resolves with what they were.
 */
export const clearWays = async (
  { env, files }: Pick<Target, 'env' | 'files'>,
  { commonDir, hidden, home, read, root, worktree, write }: SandboxSpec,
): Promise<readonly string[]> => {
  if (home.folder === null) return [];
  const own = await files.realPath(home.folder);
  const laid = [
    root,
    commonDir,
    worktree,
    ...hidden,
    ...read,
    ...write,
    ...searchedFolders(home.at, env['PATH'] ?? ''),
  ];
  const ways = laid.filter((path) => path.startsWith(`${home.at}/`)).map((path) => path.slice(home.at.length + 1));
  const parts = ways.flatMap((way) => way.split('/').map((_, n, names) => names.slice(0, n + 1).join('/')));
  const removed: string[] = [];
  // Those above others first.
  for (const part of [...new Set(parts)].toSorted((a, b) => a.length - b.length)) {
    if ((await files.realPath(`${own}/${part}`)) === `${own}/${part}`) continue;
    await files.remove(`${own}/${part}`);
    removed.push(part);
  }
  return removed;
};
