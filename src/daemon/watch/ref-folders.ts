import { join } from 'node:path';
import type { DaemonServices } from '../services.ts';
import { makeFolderWatches } from './folder-watches.ts';

/** A lock says only that something is on its way; what comes of it has a name of its own. */
const NO_LOCK = { names: String.raw`(?<!\.lock)$` };

/** Folders of git's whose news are few, and what in them tells of refs; the index and what a commit leaves there does not. */
const SINGLE = [
  ['', { names: '^(?:HEAD|packed-refs)$' }],
  ['refs', NO_LOCK],
  ['logs/refs', { names: '^stash$' }],
] as const;

/** Folders that have others in them, as branches have whose names are paths. */
const DEEP = ['refs/heads', 'refs/tags', 'refs/drover'] as const;

type Folders = {
  /** Watches what is new since the last call, and looks for that only where something has happened. */
  update(): Promise<void>;
  /** Whether the system does not tell of all of them, because it watches no more folders. */
  isBlind(): boolean;
};

/** Follows the folders in which git keeps refs, and rings when one of these may be another. */
export const followRefFolders = (
  services: Pick<DaemonServices, 'home' | 'log' | 'paths' | 'signal'>,
  ring: () => void,
): Folders => {
  const { home, paths } = services;
  const at = (name: string): string => join(paths.commonDir, name);
  const changed = new Set<string>();
  let blind = false;
  const noteRefusal = async (folder: string): Promise<void> => {
    // Most of them come to be only when git needs them.
    if (blind || (await home.files.folders(folder)) === null) return;
    blind = true;
    ring();
  };
  const watch = makeFolderWatches(
    services,
    home,
    (folder) => {
      changed.add(folder);
      ring();
    },
    (folder) => void noteRefusal(folder).catch(() => undefined),
  );
  const inside = async (folder: string): Promise<readonly string[]> =>
    ((await home.files.folders(folder)) ?? []).map((name) => join(folder, name));
  const follow = async (folders: readonly string[]): Promise<void> => {
    for (const folder of watch(folders, NO_LOCK)) await follow(await inside(folder));
  };

  return {
    isBlind: () => blind,
    update: async () => {
      const news = [...changed];
      changed.clear();
      const fresh = SINGLE.flatMap(([name, kinds]) => watch([at(name)], kinds));
      const worktrees = at('worktrees');
      if (watch([worktrees], NO_LOCK).length > 0 || news.includes(worktrees))
        watch(await inside(worktrees), { names: '^HEAD$' });
      if ([...fresh, ...news].includes(at('refs'))) await follow(DEEP.map(at));
      for (const folder of news)
        if (DEEP.some((name) => folder === at(name) || folder.startsWith(`${at(name)}/`)))
          await follow(await inside(folder));
    },
  };
};
