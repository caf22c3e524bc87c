import { type FSWatcher, watch } from 'node:fs';

/** Rings when something in the folder changes; undefined where it cannot be watched. It keeps no process from ending. */
export const watchFolder = (folder: string, ring: () => void): FSWatcher | undefined => {
  try {
    const watcher = watch(folder, { persistent: false }, ring);
    return watcher.on('error', () => watcher.close());
  } catch {
    return undefined;
  }
};
