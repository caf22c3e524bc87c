import { mkdir, rename, rmdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Git } from '../ports/index.ts';
import { notOurs, pathTaken, worktreeLocked } from './errors.ts';
import { needInside } from './inside.ts';
import { parseWorktrees } from './parse.ts';
import { forget, giveName, linkOf, occupantOf, placeOf, type Registration, registrationOf, textOf } from './places.ts';
import { LONG_MS } from './run.ts';
import { keepSparse } from './sparse.ts';
import { type GitContext, openSteps, type Target } from './worktrees.ts';

type Moves = Pick<Git, 'restoreWorktree' | 'moveWorktree' | 'repairWorktree' | 'nameWorktree' | 'vanishedWorktrees'>;

/** Where git thinks that the worktree in this folder is. git itself would follow the folder into another repository. */
const knownPlaceOf = async (commonDir: string, place: string): Promise<string> => {
  const folder = await linkOf(commonDir, place);
  if (folder === undefined && !(await registrationOf(commonDir, place))) throw notOurs({ path: place });
  const pointer = folder === undefined ? undefined : await textOf(join(folder, 'gitdir'));
  return folder === undefined || pointer === undefined ? place : dirname(resolve(folder, pointer));
};

const repairWith =
  ({ commonDir, run, exclusive, inWorktree }: GitContext): Git['repairWorktree'] =>
  (path) =>
    inWorktree(path, (place) =>
      exclusive(async () => {
        const before = await knownPlaceOf(commonDir, place);
        // What is still where git knows it would be a copy, and both would have one index.
        if (before !== place && (await occupantOf(before)) !== 'nothing')
          throw pathTaken({ path: place, by: `is a copy of the worktree at ${before}` });
        // Without a path it writes the links anew that are missing where git knows the worktree.
        const isLinked = (await linkOf(commonDir, place)) !== undefined;
        await run(['worktree', 'repair', ...(isLinked ? [place] : [])]);
        return before;
      }),
    );

/** Worktrees whose folders go from one place to another: out of the trash, by a command, or by somebody's hand. */
export const openMovedWorktrees = (context: GitContext): Moves => {
  const { root, commonDir, run, exclusive, inWorktree } = context;
  const { register } = openSteps(context);

  const need = async (place: string): Promise<Registration> => {
    const known = place === root ? undefined : await registrationOf(commonDir, place);
    if (!known?.complete) throw notOurs({ path: place });
    return known;
  };

  const needFree = async (place: string): Promise<void> => {
    const isTaken = (await occupantOf(place)) !== 'nothing';
    if (isTaken) throw pathTaken({ path: place, by: 'is there already' });
    await mkdir(dirname(place), { recursive: true });
  };

  /** Puts a folder with files in the place of a worktree that was registered there without any. */
  const fill = async (place: string, kept: string): Promise<void> => {
    await rename(join(place, '.git'), join(kept, '.git'));
    await rmdir(place);
    await rename(kept, place);
  };

  const restoreWorktree: Git['restoreWorktree'] = (path, kept, target: Target, sparse) =>
    inWorktree(path, async (place) => {
      await exclusive(async () => {
        await needFree(place);
        const known = await registrationOf(commonDir, place);
        if (known) await forget(known);
        await register(place, target);
      });
      try {
        await fill(place, kept);
        const at = await needInside(context, place);
        if (sparse) await keepSparse(run, at, sparse);
        await run(['reset', '--quiet'], { ...at, timeoutMs: LONG_MS });
        await exclusive(() => run(['worktree', 'unlock', place]));
      } catch (error) {
        if ((await occupantOf(kept)) === 'nothing') await rename(place, kept);
        const known = await registrationOf(commonDir, place);
        if (known) await forget(known);
        throw error;
      }
    });

  const moveWorktree: Git['moveWorktree'] = (path, to) =>
    inWorktree(path, async (place) => {
      const target = await placeOf(to);
      await exclusive(async () => {
        const { locked } = await need(place);
        if (locked !== null) throw worktreeLocked({ path: place, reason: locked });
        await needFree(target);
        await run(['worktree', 'move', place, target], { timeoutMs: LONG_MS });
      });
    });

  const vanishedWorktrees: Git['vanishedWorktrees'] = async () => {
    const listed = await exclusive(() => run(['worktree', 'list', '--porcelain', '-z']));
    const paths = parseWorktrees(listed.stdout).map(({ path }) => path);
    const there = await Promise.all(paths.map(async (path) => (await occupantOf(path)) !== 'nothing'));
    return paths.filter((_, n) => !there[n]);
  };

  return {
    restoreWorktree,
    moveWorktree,
    repairWorktree: repairWith(context),
    nameWorktree: (path, name) => inWorktree(path, async (place) => giveName(await need(place), name)),
    vanishedWorktrees,
  };
};
