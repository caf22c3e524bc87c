import { lstat } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { shellQuote } from '../lib/text.ts';
import { lockHolders, placesOfRepository } from './lock-holders.ts';
import { refOf } from './parse.ts';
import { STALE_LOCKS } from './stale-locks.ts';

type Place = Readonly<Record<'root' | 'gitDir' | 'commonDir' | 'branch', string>>;

/** So many looks in a row that see no holder are believed: most locks are held for an instant. */
const UNHELD_LOOKS = 8;
/** So many looks are worth it where somebody is at work. */
export const MOST_LOOKS = 100;

const textOf = (path: string, isHeld: boolean): string =>
  isHeld
    ? `the lock ${path} is in the way: a git at work there may hold it; try again when it has ended`
    : `the lock ${path} is in the way, and no program was seen that holds it: if no git runs any more, remove it: rm ${shellQuote(path)}`;

/** Where git locks what it changes when it brings a checkout forward with its branch. */
export const locksOf = ({ gitDir, commonDir, branch }: Omit<Place, 'root'>): readonly string[] => [
  ...['index', 'HEAD', 'ORIG_HEAD'].map((name) => `${gitDir}/${name}.lock`),
  `${commonDir}/${refOf(branch)}.lock`,
];

/**
 * What is to be said of a lock that stays in the way of bringing a checkout forward with its branch; null once none is there. It
 * is looked for before, because git finds that it cannot move a branch only when it has written the files.
 */
export const lockInTheWay = async ({ root, gitDir, commonDir, branch }: Place): Promise<string | null> => {
  const locks = locksOf({ gitDir, commonDir, branch });
  for (let look = 1, unheld = 0; ; look += 1) {
    const there = await Promise.all(locks.map((path) => lstat(path).catch(() => undefined)));
    const n = there.findIndex((info) => info !== undefined);
    if (n < 0) return null;
    const lock = { path: locks[n]!, owner: there[n]!.uid, places: await placesOfRepository({ root, commonDir }) };
    unheld = (await lockHolders(lock, STALE_LOCKS.proc))?.size === 0 ? unheld + 1 : 0;
    if (unheld === UNHELD_LOOKS || look === MOST_LOOKS) return textOf(lock.path, unheld === 0);
    await pause(STALE_LOCKS.lookMs);
  }
};
