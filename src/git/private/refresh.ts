import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { unlessMissing } from '../../lib/missing.ts';
import { LONG_MS, onFiles } from '../run.ts';
import { type Both, hereAt } from './both.ts';

/** git believes of a file that is as young as the index nothing that it has not read; it counts in whole seconds. */
const SETTLED_MS = 2000;

/**
 * Has git note once which files are as the index says. Whoever works inside has an index of their own, so that in the
 * repository's own git would read each file of a new checkout at every look.
 */
export const makeRefresh = () => {
  const refreshed = new Map<string, number>();
  return async (both: Both): Promise<void> => {
    const { admin, place, run } = both;
    const writtenAt = async () => (await unlessMissing(stat(join(admin, 'index'))))?.mtimeMs;
    const written = await writtenAt();
    if (written === undefined || refreshed.get(place) === written || Date.now() - written < SETTLED_MS) return;
    // What is a repository of its own is not looked at: git would run what that one's configuration names.
    const args = ['update-index', '--ignore-submodules', '-q', '--refresh'];
    await onFiles(run, both)(args, { ...hereAt(both), accept: 'any', timeoutMs: LONG_MS });
    refreshed.set(place, (await writtenAt()) ?? written);
  };
};
