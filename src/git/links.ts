import { lstatSync, type Stats } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { linkedPlace } from './errors.ts';
import { textOf } from './places.ts';

const infoOf = (path: string): Stats | undefined => {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
};

/** How what agents can write in may differ from what git makes: git writes through a link, and waits for a pipe. */
const oddity = (path: string, kind: 'folder' | 'file'): string | undefined => {
  const info = infoOf(path);
  if (!info) return undefined;
  if (info.isSymbolicLink()) return 'is a symbolic link';
  // A ref that has become a folder is something that git says itself.
  if (kind === 'folder' || info.isDirectory()) return undefined;
  if (!info.isFile()) return 'is no file';
  return info.nlink > 1 ? 'is a file elsewhere as well' : undefined;
};

/** The places below one of git's folders that a path leads through, the folder itself left out. */
const placesTo = (folder: string, name: string): readonly { path: string; kind: 'folder' | 'file' }[] => {
  const parts = name.split('/');
  return parts.map((_part, at) => ({
    path: join(folder, ...parts.slice(0, at + 1)),
    kind: at === parts.length - 1 ? 'file' : 'folder',
  }));
};

/**
 * Rejects with `git/linked` where a ref, or its log, would be written somewhere else: agents can write in the folders of
 * refs and logs, and their sandboxes let them. No hook is asked about a ref that becomes another name of another one.
 */
export const assertRefUnlinked = async (commonDir: string, ref: string): Promise<void> => {
  const name = ref.replace(/^refs\//u, '');
  // A link in the place of the ref itself is refused by git.
  const folders = placesTo(join(commonDir, 'refs'), name).filter(({ kind }) => kind === 'folder');
  for (const { path, kind } of [...folders, ...placesTo(join(commonDir, 'logs/refs'), name)]) {
    const why = oddity(path, kind);
    if (why !== undefined) throw linkedPlace({ path, why });
  }
  // git would move, or delete, the other one instead.
  const path = join(commonDir, ref);
  const other = /^ref: (?<name>.+)$/u.exec((await textOf(path)) ?? '')?.groups?.['name'];
  if (other !== undefined) throw linkedPlace({ path, why: `is another name of ${other}` });
};

const OBJECTS = /^(?:[0-9a-f]{2}|pack)$/u;

/** The same for the folders into which objects are written. */
export const assertObjectsUnlinked = async (commonDir: string): Promise<void> => {
  const folder = join(commonDir, 'objects');
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const odd = entries.find((entry) => OBJECTS.test(entry.name) && !entry.isDirectory());
  if (odd) throw linkedPlace({ path: join(folder, odd.name), why: 'is no folder' });
};
