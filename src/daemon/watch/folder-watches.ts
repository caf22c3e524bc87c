import { messageOf } from '../../lib/errors.ts';
import type { Target } from '../../ports/target.ts';
import type { DaemonServices } from '../services.ts';

/** Watches the folders that are named, each once until it cannot be watched any more, and rings at their news. */
export const makeFolderWatches = ({ log, signal }: DaemonServices, { files }: Target, ring: () => void) => {
  const watched = new Set<string>();
  const watch = async (folder: string): Promise<void> => {
    watched.add(folder);
    try {
      // It rings at the beginning too: what was written before it was watched is not missed.
      for await (const _news of files.watch(folder, signal)) ring();
    } catch (error) {
      log(`${folder} cannot be watched: ${messageOf(error)}`);
    }
    watched.delete(folder);
  };
  return (folders: readonly string[]): void => {
    for (const folder of folders) if (!watched.has(folder)) void watch(folder);
  };
};
