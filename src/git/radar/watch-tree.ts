import type { FSWatcher, watch } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../../lib/errors.ts';

/** So many folders of one worktree are watched, and of all together: the system has a limit that others need as well. */
const MOST_OF_ONE = 4000;
const MOST = 12_000;

/** So many paths are told one by one; of more only that there are many. */
const MOST_PATHS = 200;

/** What watches a folder, and how many are watched by this process. */
export type Watches = { watched: number; readonly open: typeof watch };

export type TreeNews = {
  /** Paths below the top at which something has changed; `all` where nobody knows which. */
  readonly paths: readonly string[] | 'all';
  /** Whether something has changed in git's own folder of the worktree. */
  readonly git: boolean;
};

export type TreeWatch = Disposable & {
  /** Watches these folders, real ones alone: `''` is the top. One that is watched already stays so. */
  add(folders: readonly string[]): Promise<void>;
  /** Watches one more folder of git's for the worktree. */
  addGit(folder: string): void;
  /** Forgets a folder that was replaced, or is gone. */
  forget(folder: string): void;
  has(folder: string): boolean;
  /** What has changed since it was asked last. */
  take(): TreeNews;
  /** Why not all of it is watched; null where it is. */
  readonly trouble: string | null;
};

/** What changes how others are seen, and a name that is told with bytes lost, because it is no UTF-8. */
const UNTELLING = /(?:^|\/)\.git(?:ignore|attributes)$|\uFFFD/u;

const isFolder = async (path: string): Promise<boolean> =>
  (await lstat(path).catch(() => undefined))?.isDirectory() === true;

/** The names of real folders in a folder. */
export const foldersIn = async (folder: string): Promise<string[]> => {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory() && entry.name !== '.git').map(({ name }) => name);
};

/**
 * Watches folders of a worktree, each by itself, so that what is ignored costs nothing. `ring` is called at each news, which
 * is only a hint: what has changed is for the next look to find out.
 */
export const openTreeWatch = (top: string, gitFolder: string, watches: Watches, ring: () => void): TreeWatch => {
  const watchers = new Map<string, FSWatcher>();
  let trouble: string | null = null;
  let paths = new Set<string>();
  let isAll = false;
  let isGit = false;

  const note = (path: string | null): void => {
    if (path === '.git') return;
    if (path === null || paths.size >= MOST_PATHS || UNTELLING.test(path)) isAll = true;
    else paths.add(path);
    ring();
  };
  const noteGit = (_kind: string, name: string | null): void => {
    // A lock says only that something is on its way.
    if (name?.endsWith('.lock')) return;
    isGit = true;
    ring();
  };

  const forget = (folder: string): void => {
    const watcher = watchers.get(folder);
    if (!watcher) return;
    watcher.close();
    watchers.delete(folder);
    watches.watched -= 1;
  };
  const begin = (key: string, path: string, onNews: (kind: string, name: string | null) => void): void => {
    try {
      const watcher = watches.open(path, { persistent: false }, onNews).on('error', () => forget(key));
      watchers.set(key, watcher);
      watches.watched += 1;
    } catch (error) {
      trouble = `not every folder can be watched: ${messageOf(error)}`;
    }
  };

  const add = async (folders: readonly string[]): Promise<void> => {
    for (const folder of folders) {
      if (watchers.has(folder) || trouble !== null) continue;
      if (watchers.size >= MOST_OF_ONE || watches.watched >= MOST) {
        trouble = 'it has more folders than are watched';
        return;
      }
      const path = join(top, folder);
      if (await isFolder(path)) begin(folder, path, (_kind, name) => note(name === null ? null : join(folder, name)));
    }
  };

  // These names are no paths below the top.
  const addGit = (folder: string): void => {
    for (const path of [folder, join(folder, 'logs')])
      if (!watchers.has(`\0${path}`)) begin(`\0${path}`, path, noteGit);
  };
  addGit(gitFolder);

  return {
    ...{ add, addGit, forget, has: (folder) => watchers.has(folder) },
    take: () => {
      const news: TreeNews = { paths: isAll ? 'all' : [...paths], git: isGit };
      paths = new Set();
      isAll = false;
      isGit = false;
      return news;
    },
    get trouble() {
      return trouble;
    },
    [Symbol.dispose]: () => {
      for (const folder of [...watchers.keys()]) forget(folder);
    },
  };
};
