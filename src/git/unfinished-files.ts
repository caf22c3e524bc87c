import { lstat, rm } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { namedFiles } from '../lib/names.ts';
import { lockHolders } from './lock-holders.ts';
import { inTheWayOf } from './overwritten.ts';
import { type Move, putBack } from './put-back.ts';
import type { InsidePlace, RunGit } from './run.ts';
import { STALE_LOCKS } from './stale-locks.ts';

type Parts = {
  readonly run: RunGit;
  readonly at: InsidePlace;
  /** Where git locks what it changes. */
  readonly locks: readonly string[];
};

/** What was in a checkout before git was to bring it forward: files of somebody's that are in its way, and locks. */
export type Before = { readonly theirs: readonly string[]; readonly theirLocks: readonly string[] };

const heldLocks = async ({ locks }: Pick<Parts, 'locks'>): Promise<readonly string[]> => {
  const there = await Promise.all(locks.map((path) => lstat(path).catch(() => undefined)));
  return locks.filter((_, n) => there[n] !== undefined);
};

export const lookBefore = async (parts: Parts, move: Move): Promise<Before> => {
  const [theirs, theirLocks] = await Promise.all([inTheWayOf(parts.run, parts.at, move), heldLocks(parts)]);
  return { theirs, theirLocks };
};

/** Whether a lock is the same over several looks, at all of which no process is there that may hold it. */
const isUnheld = async ({ at }: Parts, path: string): Promise<boolean> => {
  const found = await lstat(path).catch(() => undefined);
  if (!found) return false;
  const lock = { path, owner: found.uid, places: [at.cwd, at.env.GIT_COMMON_DIR] };
  let suspects: readonly string[] | undefined;
  for (let look = 0; look < STALE_LOCKS.looks; look += 1) {
    if (look > 0) await pause(STALE_LOCKS.lookMs);
    const seen = await lockHolders(lock, STALE_LOCKS.proc);
    if (!seen) return false;
    suspects = suspects ? suspects.filter((one) => seen.has(one)) : [...seen];
  }
  return suspects?.length === 0 && (await lstat(path).catch(() => undefined))?.ino === found.ino;
};

/** The locks that are there and were not before. */
export const newLocks = async (
  parts: Pick<Parts, 'locks'>,
  { theirLocks }: Pick<Before, 'theirLocks'>,
): Promise<readonly string[]> => (await heldLocks(parts)).filter((path) => !theirLocks.includes(path));

/** Removes the locks that a killed git has left; those that stay, because somebody may hold them. */
export const removeLeftLocks = async (parts: Parts, before: Before): Promise<readonly string[]> => {
  await Promise.all(
    (await newLocks(parts, before)).map(async (path) => ((await isUnheld(parts, path)) ? rm(path) : undefined)),
  );
  return newLocks(parts, before);
};

/** What was done where git had ended in the middle, and what stays there: half a file, what somebody changed meanwhile, locks. */
export type Undone = { readonly wasPutBack: boolean; readonly left: readonly string[] };

/** Puts everything back where git ended in the middle of bringing a checkout forward, with the locks that it left if it was killed. */
export const putAllBack = async (parts: Parts, move: Move, before: Before, wasKilled: boolean): Promise<Undone> => {
  const { run, at } = parts;
  const locks = wasKilled ? await removeLeftLocks(parts, before) : [];
  const isTheirs = (path: string): boolean => before.theirs.includes(path);
  const wasPutBack = await putBack(parts, move, isTheirs);
  const mixed = (await inTheWayOf(run, at, move)).filter((path) => !isTheirs(path));
  return { wasPutBack, left: [...locks, ...mixed] };
};

/** The same in words, behind why git ended. */
export const undoneText = ({ wasPutBack, left }: Undone, root: string): string => {
  const back = wasPutBack ? '; the files that git had written by then are put back' : '';
  return left.length === 0 ? back : `${back}; look yourself at what is left in ${root}: ${namedFiles(left)}`;
};
