import { mkdir, rename, rm, rmdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Git, Sparse } from '../ports/index.ts';
import { keptGone, notOurs, pathTaken, worktreeLocked } from './errors.ts';
import { clearHalf } from './half-made.ts';
import { needInside } from './inside.ts';
import { listWorktrees } from './list-worktrees.ts';
import {
  cameFrom,
  forget,
  giveName,
  linkOf,
  nameIn,
  noteKept,
  occupantOf,
  placeOf,
  type Registration,
  registrationOf,
  syncMove,
  textOf,
} from './places.ts';
import { LONG_MS } from './run.ts';
import { keepSparse } from './sparse.ts';
import { unpackSubmodules } from './submodules.ts';
import { type GitContext, openSteps, type Target } from './worktrees.ts';

type Moves = Pick<
  Git,
  'restoreWorktree' | 'moveWorktree' | 'registeredAs' | 'repairWorktree' | 'nameWorktree' | 'vanishedWorktrees'
>;

/** Where git thinks that the worktree in this folder is. git itself would follow the folder into another repository. */
const registeredIn = async (commonDir: string, place: string): Promise<{ path: string; name: string | null }> => {
  const linked = await linkOf(commonDir, place);
  const folder = linked ?? (await registrationOf(commonDir, place))?.folder;
  if (folder === undefined) throw notOurs({ path: place });
  const pointer = linked === undefined ? undefined : await textOf(join(folder, 'gitdir'));
  return {
    path: pointer === undefined ? place : dirname(resolve(folder, pointer)),
    name: await nameIn(folder),
  };
};

const repairWith =
  ({ commonDir, run, exclusive, inWorktree }: GitContext): Git['repairWorktree'] =>
  (path) =>
    inWorktree(path, (place) =>
      exclusive(async () => {
        const { path: before } = await registeredIn(commonDir, place);
        // What is still where git knows it would be a copy, and both would have one index.
        if (before !== place && (await occupantOf(before)) !== 'nothing')
          throw pathTaken({ path: place, by: `is a copy of the worktree at ${before}` });
        // Without a path it writes the links anew that are missing where git knows the worktree.
        const isLinked = (await linkOf(commonDir, place)) !== undefined;
        await run(['worktree', 'repair', ...(isLinked ? [place] : [])]);
        return before;
      }),
    );

const needFree = async (place: string): Promise<void> => {
  const isTaken = (await occupantOf(place)) !== 'nothing';
  if (isTaken) throw pathTaken({ path: place, by: 'is there already' });
  await mkdir(dirname(place), { recursive: true });
};

/**
 * Whether an earlier call was killed when it had put the folder in its place. Another worktree may be there by now, while what
 * was kept has been deleted: the note tells them apart.
 */
const isRestored = async (commonDir: string, place: string, kept: string): Promise<boolean> => {
  const known = await registrationOf(commonDir, place);
  return known?.complete === true && (await occupantOf(place)) === 'something' && cameFrom(known.folder, kept);
};

/** Makes worktrees of folders that were kept. */
const restoreWith = (context: GitContext): Git['restoreWorktree'] => {
  const { commonDir, run, exclusive, inWorktree } = context;
  const { register } = openSteps(context);

  const registerAnew = (place: string, target: Target): Promise<void> =>
    exclusive(async () => {
      const known = await registrationOf(commonDir, place);
      if (known && known.locked !== null) throw worktreeLocked({ path: place, reason: known.locked });
      // One that was being restored when a process was killed has no files yet.
      if (known?.beingMade) await (await clearHalf(context, place, known))();
      await needFree(place);
      if (known) await forget(known);
      await register(place, target);
    });

  /** Gives a worktree that has no files yet its index, and notes where they come from. */
  const prepare = async (place: string, kept: string, sparse: Sparse | null): Promise<void> => {
    const at = await needInside(context, place);
    await noteKept(at.env.GIT_DIR, kept);
    if (sparse) await keepSparse(run, at, sparse);
    await run(['reset', '--quiet'], { ...at, timeoutMs: LONG_MS });
  };

  /**
   * Puts a folder with files in the place of a worktree that was registered there without any. By that it is whole: whoever is
   * killed before has left the files where they were kept, and the lock says no more that they may go.
   */
  const fill = async (place: string, kept: string): Promise<void> => {
    await rename(join(place, '.git'), join(kept, '.git'));
    await rmdir(place);
    await exclusive(() => run(['worktree', 'unlock', place]));
    await rename(kept, place);
    await syncMove(kept, place);
  };

  const unpack = async (place: string): Promise<void> => {
    const known = await registrationOf(commonDir, place);
    if (known) await unpackSubmodules(known.folder, place);
  };

  return (path, kept, target: Target, sparse) =>
    inWorktree(path, async (place) => {
      if ((await occupantOf(kept)) === 'nothing') {
        if (await isRestored(commonDir, place, kept)) return unpack(place);
        throw keptGone({ path: place, kept });
      }
      await registerAnew(place, target);
      try {
        await prepare(place, kept, sparse);
        await fill(place, kept);
      } catch (error) {
        await rm(join(kept, '.git'), { force: true });
        await exclusive(async () => {
          const known = await registrationOf(commonDir, place);
          if (known) await (await clearHalf(context, place, known))();
        });
        throw error;
      }
      await unpack(place);
      // Without the times of the files in the index every look at them would read them all.
      const at = await needInside(context, place);
      await run(['update-index', '-q', '--refresh'], { ...at, accept: 'any', timeoutMs: LONG_MS });
    });
};

/** Worktrees whose folders go from one place to another: out of the trash, by a command, or by somebody's hand. */
export const openMovedWorktrees = (context: GitContext): Moves => {
  const { root, commonDir, run, exclusive, inWorktree } = context;
  const need = async (place: string): Promise<Registration> => {
    const known = place === root ? undefined : await registrationOf(commonDir, place);
    if (!known?.complete) throw notOurs({ path: place });
    return known;
  };

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
    const paths = (await exclusive(() => listWorktrees(run))).map(({ path }) => path);
    const there = await Promise.all(paths.map(async (path) => (await occupantOf(path)) !== 'nothing'));
    return paths.filter((_, n) => !there[n]);
  };

  return {
    restoreWorktree: restoreWith(context),
    moveWorktree,
    registeredAs: async (path) => registeredIn(commonDir, await placeOf(path)),
    repairWorktree: repairWith(context),
    nameWorktree: (path, name) => inWorktree(path, async (place) => giveName(await need(place), name)),
    vanishedWorktrees,
  };
};
