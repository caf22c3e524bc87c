import { rm, stat } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { Git } from '../ports/index.ts';
import { placeOf, registrationOf } from './places.ts';

/** git holds these locks for milliseconds. One of this age was left by a process that was killed. */
const STALE_MS = 5000;
const LOOK_MS = 250;

const ageOf = async (path: string): Promise<number | undefined> => {
  const info = await stat(path).catch(() => undefined);
  return info && Date.now() - info.mtimeMs;
};

/** Waits until the lock is gone, or is so old that nobody can hold it, and removes it then. Whether it had to. */
const cleared = async (path: string): Promise<boolean> => {
  for (let age = await ageOf(path); age !== undefined; age = await ageOf(path)) {
    if (age > STALE_MS) {
      await rm(path, { force: true });
      return true;
    }
    await pause(LOOK_MS);
  }
  return false;
};

/** Locks of our own worktrees and branches only: a lock of the user's checkout is the user's to look at. */
export const openStaleLocks = ({ root, commonDir }: { root: string; commonDir: string }): Pick<Git, 'unlock'> => ({
  unlock: async (worktree, branch) => {
    const place = await placeOf(worktree);
    const registration = place === root ? undefined : await registrationOf(commonDir, place);
    const locks = [
      ...(registration ? ['index.lock', 'HEAD.lock'].map((name) => `${registration.folder}/${name}`) : []),
      `${commonDir}/refs/heads/${branch}.lock`,
    ];
    const removed = await Promise.all(locks.map(cleared));
    return removed.includes(true);
  },
});
