import { readdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { unlessMissing } from '../lib/missing.ts';
import type { Git } from '../ports/index.ts';
import { clearHalf } from './half-made.ts';
import { refOf } from './parse.ts';
import { belongsElsewhere, MAKING, occupantOf, placeOf, registrationOf, textOf } from './places.ts';
import type { GitContext } from './worktrees.ts';

/** Where worktrees were to be that a process of ours began to make and did not finish. A person's own git may be at another one. */
const halfMade = async (commonDir: string): Promise<readonly string[]> => {
  const ids = (await unlessMissing(readdir(join(commonDir, 'worktrees')))) ?? [];
  const found = await Promise.all(
    ids.map(async (id): Promise<readonly string[]> => {
      const folder = join(commonDir, 'worktrees', id);
      if ((await textOf(join(folder, 'locked'))) !== MAKING) return [];
      const pointer = (await textOf(join(folder, 'gitdir'))) ?? '';
      return pointer === '' ? [] : [dirname(resolve(folder, pointer))];
    }),
  );
  return found.flat();
};

/** What is left where somebody was killed who made a worktree, or took one away. */
export const openCutOffs = (context: GitContext): Pick<Git, 'clearHalfMade' | 'isTakenAway'> => {
  const { commonDir, exclusive, inWorktree } = context;

  const clear = async (path: string): Promise<boolean> =>
    inWorktree(path, async (place) => {
      const empty = await exclusive(async () => {
        const half = await registrationOf(commonDir, place);
        if (!half?.beingMade) return undefined;
        // In a copy of a repository git knows by the same paths what the original is making.
        return (await belongsElsewhere(half, place)) ? undefined : clearHalf(context, place, half);
      });
      await empty?.();
      return empty !== undefined;
    });

  const clearHalfMade: Git['clearHalfMade'] = async () => {
    const cleared: string[] = [];
    const failures: unknown[] = [];
    for (const path of await halfMade(commonDir))
      try {
        if (await clear(path)) cleared.push(path);
      } catch (error) {
        failures.push(error);
      }
    if (failures.length > 0) throw failures[0];
    return cleared;
  };

  const isTakenAway: Git['isTakenAway'] = async (path, { branch, head }) => {
    const place = await placeOf(path);
    const known = await registrationOf(commonDir, place);
    if (!known?.complete || known.locked !== null || (await occupantOf(place)) !== 'nothing') return false;
    return (await textOf(join(known.folder, 'HEAD'))) === (branch === null ? head : `ref: ${refOf(branch)}`);
  };

  return { clearHalfMade, isTakenAway };
};
