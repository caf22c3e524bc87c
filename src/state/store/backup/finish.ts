import { existsSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Paths } from '../../../lib/paths.ts';
import { isMissing } from '../../../lib/missing.ts';
import { realDisk } from '../disk.ts';
import { takeLock } from '../lock.ts';

type Place = Pick<Paths, 'state'>;

/** Where a restored state lies that counts already and is not in its place yet. */
export const restoredOf = ({ state }: Place): string => `${state}.restored`;

/**
 * Puts a restored state in its place that lies beside it, also where whoever restored it was killed. What was there is moved
 * away, not deleted; gives where it lies now.
 */
export const finishRestore = async (
  paths: Place,
  now: () => string = () => new Date().toISOString(),
): Promise<string | null> => {
  const restored = restoredOf(paths);
  if (!existsSync(restored)) return null;
  // Two who start at once must not move away what the other has just put there.
  await using _lock = await takeLock(`${paths.state}.restore.lock`);
  if (!existsSync(restored)) return null;
  const before = `${paths.state}.before-${now().replaceAll(/[:.]/gu, '-')}`;
  const moved = await rename(paths.state, before).then(
    () => before,
    (error: unknown) => {
      if (isMissing(error)) return null;
      throw error;
    },
  );
  await rename(restored, paths.state);
  await realDisk.syncFolder(dirname(paths.state));
  return moved;
};
