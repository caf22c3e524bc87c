import { copyFileSync, statSync, truncateSync } from 'node:fs';
import { olderOf } from '../../lib/paths.ts';

/** At this size the daemon's log is turned over. */
const MOST_BYTES = 4 * 1024 * 1024;

/**
 * Keeps the daemon's log bounded: what it holds goes to a second file, in place of what was there. The file itself stays,
 * because it is the daemon's standard output, and whoever follows it goes on.
 */
export const boundLog = (file: string, most = MOST_BYTES): void => {
  try {
    if (statSync(file).size < most) return;
    copyFileSync(file, olderOf(file));
    truncateSync(file);
  } catch {
    // Somebody removed it, or the disk is full: no reason to end.
  }
};
