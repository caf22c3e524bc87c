import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { branchHeld } from './errors.ts';
import { branchOf } from './parse.ts';
import { occupantOf, textOf } from './places.ts';
import type { RunGit } from './run.ts';

/** Where git keeps the name of a branch that is checked out again at the end of something. */
const HOLDS = [
  ['rebase-merge', 'head-name', 'rebase'],
  ['rebase-apply', 'head-name', 'rebase'],
  ['', 'BISECT_START', 'bisect'],
] as const;

/** The checkout that is in the middle of something which moves the branch at its end, or puts it back: git calls it detached. */
export const heldBy = async (
  { commonDir, run }: { readonly commonDir: string; readonly run: RunGit },
  branch: string,
): Promise<string | null> => {
  const ids = await readdir(join(commonDir, 'worktrees')).catch(() => []);
  for (const folder of [commonDir, ...ids.map((id) => join(commonDir, 'worktrees', id))])
    for (const [sign, name, what] of HOLDS) {
      const held = await textOf(join(folder, sign, name));
      if (held === undefined || (branchOf(held.trim()) ?? held.trim()) !== branch) continue;
      const link = folder === commonDir ? undefined : await textOf(join(folder, 'gitdir'));
      const place =
        link === undefined ? (await run(['rev-parse', '--show-toplevel'])).stdout.trim() : dirname(link.trim());
      return `a ${what} of it is under way in ${place}`;
    }
  return null;
};

export const assertNotHeld = async (place: Parameters<typeof heldBy>[0], branch: string): Promise<void> => {
  const why = await heldBy(place, branch);
  if (why !== null) throw branchHeld({ branch, why });
};

/** The patches that are being applied in a checkout: their branch stays checked out, and what moves it is lost when they are given up. */
export const amIn = async (gitDir: string, root: string): Promise<string | null> =>
  (await occupantOf(join(gitDir, 'rebase-apply', 'applying'))) === 'nothing'
    ? null
    : `a "git am" is under way in ${root}`;
