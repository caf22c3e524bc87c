import { existsSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { codeOf } from '../../../lib/errors.ts';
import { isMissing } from '../../../lib/missing.ts';
import type { Paths } from '../../../lib/paths.ts';
import { realDisk } from '../disk.ts';
import { storeLocked } from '../errors.ts';
import { type Lock, takeLock } from '../lock.ts';

type Place = Pick<Paths, 'state'>;

/** Where a backup is unpacked; it does not count before it lies elsewhere. */
export const halfRestoredOf = ({ state }: Place): string => `${state}.restoring`;

/** Where a restored state lies that counts already and is not in its place yet. */
export const restoredOf = ({ state }: Place): string => `${state}.restored`;

/** Whether one lies there that is not in its place yet. */
export const isRestored = (paths: Place): boolean => existsSync(restoredOf(paths));

/** The file in a state that says when it was restored: what it says of running programs is older than that. */
export const restoredAtOf = (state: string): string => `${state}/restored-at`;

/** Milliseconds that whoever puts a restored state in its place is waited for: that is two renamings. */
const PATIENCE = 5000;
const PAUSE = 20;

/** Takes the lock of those who put a restored state in its place; null where another one has done so meanwhile. */
const takeTurn = async (paths: Place, patience: number): Promise<Lock | null> => {
  const end = performance.now() + patience;
  while (isRestored(paths)) {
    try {
      return await takeLock(`${paths.state}.restore.lock`);
    } catch (error) {
      if (!storeLocked.matches(error) || performance.now() > end) throw error;
      await pause(PAUSE);
    }
  }
  return null;
};

/** Moves a folder away; whether there was one. */
const moveAway = async (from: string, to: string): Promise<boolean> => {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
};

/** Whether the restored state is in its place; false where a daemon that just starts has made an empty one there again. */
const putInPlace = async (paths: Place): Promise<boolean> => {
  try {
    await rename(restoredOf(paths), paths.state);
    return true;
  } catch (error) {
    if (['ENOTEMPTY', 'EEXIST'].includes(codeOf(error))) return false;
    throw error;
  }
};

type Finishing = { readonly now?: () => string; readonly patience?: number };

/**
 * Puts a restored state in its place that lies beside it, also where whoever restored it was killed. What was there is moved
 * away, not deleted; gives where it lies now.
 */
export const finishRestore = async (
  paths: Place,
  { now = () => new Date().toISOString(), patience = PATIENCE }: Finishing = {},
): Promise<string | null> => {
  // Two who start at once must not move away what the other has just put there.
  await using turn = await takeTurn(paths, patience);
  if (!turn || !isRestored(paths)) return null;
  const before = `${paths.state}.before-${now().replaceAll(/[:.]/gu, '-')}`;
  let moved: string | null = null;
  for (let again = 0; ; again += 1) {
    const place = again === 0 ? before : `${before}-${again}`;
    if (await moveAway(paths.state, place)) moved ??= place;
    if (await putInPlace(paths)) break;
  }
  await realDisk.syncFolder(dirname(paths.state));
  return moved;
};
