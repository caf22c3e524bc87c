import type { Git } from '../ports/index.ts';
import { notOurs } from './errors.ts';
import { placeOf, type Registration, registrationOf } from './places.ts';
import type { GitContext } from './worktrees.ts';

type Locks = Pick<Git, 'lockWorktree' | 'unlockWorktree' | 'lockOf'>;

/** Locks of worktrees against removal, as git itself has them. */
export const openWorktreeLocks = ({ root, commonDir, run, exclusive, inWorktree }: GitContext): Locks => {
  const need = async (place: string): Promise<Registration> => {
    const known = place === root ? undefined : await registrationOf(commonDir, place);
    if (!known?.complete) throw notOurs({ path: place });
    return known;
  };

  const unlock = async (place: string): Promise<boolean> => {
    if ((await need(place)).locked === null) return false;
    await run(['worktree', 'unlock', place]);
    return true;
  };

  return {
    lockWorktree: (path, reason) =>
      inWorktree(path, (place) =>
        exclusive(async () => {
          await unlock(place);
          await run(['worktree', 'lock', '--reason', reason, place]);
        }),
      ),
    unlockWorktree: (path) => inWorktree(path, (place) => exclusive(() => unlock(place))),
    lockOf: async (path) => (await registrationOf(commonDir, await placeOf(path)))?.locked ?? null,
  };
};
