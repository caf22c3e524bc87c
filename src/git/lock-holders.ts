import { readdir, readFile, readlink, realpath, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { isAtOrBelow } from '../lib/below.ts';

/** A lock as it was seen on the disk, and the places of the repository it belongs to. */
type HeldLock = { readonly path: string; readonly owner: number; readonly places: readonly string[] };

/** What reading an entry of a process gives: its value, null when the process has ended, undefined when it is refused. */
const readEntry = async <T>(value: Promise<T>): Promise<T | null | undefined> => {
  try {
    return await value;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ESRCH' ? null : undefined;
  }
};

const isBelow = (folder: string, places: readonly string[]): boolean =>
  places.some((place) => isAtOrBelow(folder, place));

/** The monitor of the file system runs for ever and takes no lock of the index or of a ref. */
const TAKES_NO_LOCK = /\0fsmonitor--daemon\0/u;
/** A git that was told so in words where its repository is may work on any, wherever its folder is. */
const NAMES_REPOSITORY = /\0--git-dir\b/u;
/** What an environment says of it. */
const NAMED = /(?:^|\0)GIT_(?:DIR|COMMON_DIR|INDEX_FILE|WORK_TREE)=(?<path>[^\0]+)/gu;

/** The places that an environment names, and the repository of which such a git directory says that it is a part. */
const namedPlaces = async (environment: string, folder: string): Promise<readonly string[]> => {
  const paths = [...environment.matchAll(NAMED)].map(({ groups }) => resolve(folder, groups!['path']!));
  const found = await Promise.all(
    paths.map(async (path) => {
      const common = await readFile(join(path, 'commondir'), 'utf8').catch(() => undefined);
      return common === undefined ? [path] : [path, resolve(path, common.trim())];
    }),
  );
  return Promise.all(found.flat().map((path) => realpath(path).catch(() => path)));
};

/** Whether a git process may be at work on the repository; what cannot be found out counts as yes. */
const worksOnRepository = async (process: string, places: readonly string[]): Promise<boolean> => {
  const words = await readEntry(readFile(`${process}/cmdline`, 'utf8'));
  if (words && TAKES_NO_LOCK.test(words)) return false;
  const folder = await readEntry(readlink(`${process}/cwd`));
  if (folder === null) return false;
  if (folder === undefined || isBelow(folder.replace(/ \(deleted\)$/u, ''), places)) return true;
  const environment = await readEntry(readFile(`${process}/environ`, 'utf8'));
  if (environment === undefined || NAMES_REPOSITORY.test(words ?? '')) return true;
  return (await namedPlaces(environment ?? '', folder)).some((place) => isBelow(place, places));
};

const hasOpen = async (process: string, path: string): Promise<boolean> => {
  const open = (await readEntry(readdir(`${process}/fd`))) ?? [];
  const files = await Promise.all(open.map((one) => readEntry(readlink(`${process}/fd/${one}`))));
  return files.includes(path);
};

const mayHold = async (process: string, { path, owner, places }: HeldLock): Promise<boolean> => {
  const program = await readEntry(readFile(`${process}/comm`, 'utf8'));
  if (program?.startsWith('git') && (await worksOnRepository(process, places))) {
    // Whoever made the file is who it belongs to. Another user's git holds another lock.
    const info = await readEntry(stat(process));
    if (info?.uid === owner || info?.uid === 0) return true;
  }
  return hasOpen(process, path);
};

/**
 * The processes that may hold a lock: each git at work on its repository, for git closes a lock that it still holds, and
 * whoever has the file open. Undefined where the system does not show its processes as files.
 */
export const lockHolders = async (lock: HeldLock, proc: string): Promise<ReadonlySet<string> | undefined> => {
  const names = await readdir(proc).catch(() => []);
  const pids = names.filter((name) => /^\d+$/u.test(name));
  if (pids.length === 0) return undefined;
  const found = new Set<string>();
  for (const pid of pids) if (await mayHold(`${proc}/${pid}`, lock)) found.add(pid);
  return found;
};

/** Where a git works that may hold a lock of a repository: its checkouts and its git directory. */
export const placesOfRepository = async ({
  root,
  commonDir,
}: Readonly<Record<'root' | 'commonDir', string>>): Promise<string[]> => {
  const ids = await readdir(`${commonDir}/worktrees`).catch(() => []);
  const pointers = await Promise.all(
    ids.map((id) => readFile(`${commonDir}/worktrees/${id}/gitdir`, 'utf8').catch(() => '')),
  );
  return [root, commonDir, ...pointers.filter((text) => text !== '').map((text) => dirname(text.trim()))];
};
