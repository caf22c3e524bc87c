import { messageOf } from '../../lib/errors.ts';
import type { NewsKinds, Target } from '../../ports/target.ts';
import type { DaemonServices } from '../services.ts';

/**
 * Watches the folders that are named, each once until it cannot be watched any more, and rings at their news. Those are
 * given back that were not watched before; `onRefusal` hears of one that cannot be watched, or is not there.
 */
export const makeFolderWatches = (
  { log, signal }: Pick<DaemonServices, 'log' | 'signal'>,
  { files }: Pick<Target, 'files'>,
  ring: (folder: string) => void,
  onRefusal: (folder: string) => void = () => undefined,
) => {
  const watched = new Set<string>();
  const watch = async (folder: string, kinds: NewsKinds): Promise<void> => {
    watched.add(folder);
    let hasBegun = false;
    try {
      // It rings at the beginning too: what was written before it was watched is not missed.
      for await (const _news of files.watch(folder, signal, kinds)) {
        hasBegun = true;
        ring(folder);
      }
    } catch (error) {
      log(`${folder} cannot be watched: ${messageOf(error)}`);
    }
    watched.delete(folder);
    if (!hasBegun && !signal.aborted) onRefusal(folder);
  };
  return (folders: readonly string[], kinds: NewsKinds = 'all'): readonly string[] => {
    const fresh = folders.filter((folder) => !watched.has(folder));
    for (const folder of fresh) void watch(folder, kinds);
    return fresh;
  };
};
