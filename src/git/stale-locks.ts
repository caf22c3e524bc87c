import { rm, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Git } from '../ports/index.ts';
import { gitBusy } from './errors.ts';
import { lockHolders, placesOfRepository } from './lock-holders.ts';
import { refOf } from './parse.ts';
import { placeOf, registrationOf } from './places.ts';
import { readNote } from './private/note.ts';
import { isLockOfEarlierMove } from './ref-notes.ts';

/** When a lock is taken for one that a killed process left behind; times are in milliseconds. */
export const STALE_LOCKS = {
  /** A lock of a lesser age is never removed: most are held for an instant, so it is waited for. */
  ageMs: 5000,
  /** The same where it cannot be seen which processes there are. */
  unseenAgeMs: 3_600_000,
  /** Between two looks at a lock. */
  lookMs: 250,
  /** A process that holds an old lock is there at each of so many looks; others come and go. */
  looks: 4,
  /** Where the system shows its processes. */
  proc: '/proc',
};

type Lock = {
  readonly path: string;
  /** Whether the lock, made at that time, may be one of ours. */
  readonly isOurs: (madeAtMs: number) => Promise<boolean>;
};
type Sight = { readonly madeAt: number; readonly file: number; readonly owner: number };

const lookAt = async (path: string): Promise<Sight | undefined> => {
  const info = await stat(path).catch(() => undefined);
  return info && { madeAt: info.mtimeMs, file: info.ino, owner: info.uid };
};

const isSame = (one: Sight, other: Sight | undefined): boolean =>
  one.madeAt === other?.madeAt && one.file === other.file;

/** Whether a lock is so old; one of a time to come was made before the clock was set back. */
const isOlder = ({ madeAt }: Sight, ageMs: number): boolean => Math.abs(Date.now() - madeAt) > ageMs;

/** Waits until a lock is gone or old; what is there then. */
const waitForAge = async (path: string, { ageMs, lookMs }: typeof STALE_LOCKS): Promise<Sight | undefined> => {
  let sight = await lookAt(path);
  for (let waited = 0; sight && !isOlder(sight, ageMs) && waited <= ageMs; waited += lookMs) {
    await pause(lookMs);
    sight = await lookAt(path);
  }
  return sight;
};

type Place = { readonly root: string; readonly commonDir: string };

const lockOfRef = (commonDir: string, ref: string, isOwn: boolean): Lock => ({
  path: `${commonDir}/${ref}.lock`,
  isOurs: async (madeAtMs) => isOwn || isLockOfEarlierMove(commonDir, ref, madeAtMs),
});

/** Waits until a lock is gone, or removes it when it is certain that nobody holds it. Whether it had to. */
const clearWith = ({ root, commonDir }: Place, limits: typeof STALE_LOCKS) => {
  /** Whether nobody holds the lock: no process that may hold it is there at every look. */
  const isAbandoned = async (path: string, sight: Sight): Promise<boolean> => {
    const places = await placesOfRepository({ root, commonDir });
    let suspects: readonly string[] | undefined;
    for (let look = 0; look < limits.looks; look += 1) {
      if (look > 0) await pause(limits.lookMs);
      const seen = await lockHolders({ path, owner: sight.owner, places }, limits.proc);
      if (!seen) return Date.now() - sight.madeAt > limits.unseenAgeMs;
      suspects = suspects ? suspects.filter((one) => seen.has(one)) : [...seen];
      if (suspects.length === 0) return true;
    }
    return false;
  };

  return async ({ path, isOurs }: Lock): Promise<boolean> => {
    const sight = await waitForAge(path, limits);
    if (!sight) return false;
    const isLeft = isOlder(sight, limits.ageMs) && (await isOurs(sight.madeAt)) && (await isAbandoned(path, sight));
    const now = await lookAt(path);
    if (!now) return false;
    if (!isLeft || !isSame(sight, now)) throw gitBusy({ reason: path });
    await rm(path, { force: true });
    return true;
  };
};

/**
 * Removes the locks of a ref that git left when it was killed in an earlier change of ours; any other is left to whoever has it. To
 * take a ref away git locks all those that it has packed as well.
 */
export const unlockRef = async (place: Place, ref: string, limits = STALE_LOCKS): Promise<void> => {
  const { commonDir } = place;
  const lock = lockOfRef(commonDir, ref, false);
  for (const path of [lock.path, `${commonDir}/packed-refs.lock`]) {
    const sight = await lookAt(path);
    if (sight && (await lock.isOurs(sight.madeAt))) await clearWith(place, limits)({ ...lock, path });
  }
};

/** Locks of our own worktrees and branches only: a lock of the user's checkout is the user's to look at. */
export const openStaleLocks = (place: Place, limits = STALE_LOCKS): Pick<Git, 'unlock'> => {
  const { root, commonDir } = place;
  const clear = clearWith(place, limits);
  return {
    unlock: async (worktree, branch, isOwn = false) => {
      const where = await placeOf(worktree);
      const registration = where === root ? undefined : await registrationOf(commonDir, where);
      const note = registration && (await readNote(registration.folder));
      const folders = registration
        ? [registration.folder, ...(note ? [`${note.folder}/worktrees/${basename(registration.folder)}`] : [])]
        : [];
      const inWorktree = folders.flatMap((folder) => ['index.lock', 'HEAD.lock'].map((name) => `${folder}/${name}`));
      const removed = await Promise.all([
        ...inWorktree.map((path) => clear({ path, isOurs: async () => true })),
        ...(branch === null ? [] : [clear(lockOfRef(commonDir, refOf(branch), isOwn))]),
      ]);
      return removed.includes(true);
    },
  };
};
