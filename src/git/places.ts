import { randomUUID } from 'node:crypto';
import { constants, mkdirSync } from 'node:fs';
import { mkdir, open, readdir, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { codeOf } from '../lib/errors.ts';
import { withOpenTop } from './owner-rights.ts';
import { removeAll } from './remove-all.ts';
import { bytesIn } from './small-file.ts';
import { trashBeside } from './trash-place.ts';

/** The value, or undefined when the file or folder it is made from is not there. */
const unlessMissing = async <T>(value: Promise<T>): Promise<T | undefined> => {
  try {
    return await value;
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error))) return undefined;
    throw error;
  }
};

/**
 * Makes a folder in another one, with those on the way to it. That other one has to be there: where a repository is moved away,
 * nothing is made anew in its old place.
 */
export const makeFolderIn = async (base: string, folder: string): Promise<void> => {
  let at = base;
  for (const name of relative(base, folder).split(sep)) {
    at = join(at, name);
    try {
      mkdirSync(at, { mode: 0o700 });
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
    }
  }
};

/** The path as git writes it down: absolute, without symbolic links, whether or not it exists. */
export const placeOf = async (path: string): Promise<string> => {
  const full = resolve(path);
  const real = await unlessMissing(realpath(full));
  return real ?? join(await placeOf(dirname(full)), basename(full));
};

/** What git knows of one worktree, in `<commonDir>/worktrees/<id>`. */
export type Registration = {
  readonly folder: string;
  /** False when the process that made the worktree did not get to the end of it. */
  readonly complete: boolean;
  /** The reason for which somebody locked it, which may be empty; null when nobody did. */
  readonly locked: string | null;
  /** Whether a lock says that it is being made, or did before a power cut emptied it. */
  readonly beingMade: boolean;
  /** Whether the path is not there that git writes down first. */
  readonly lacksPath: boolean;
};

/** The lock that a worktree has from its first trace on the disk until all of its files are written. */
export const MAKING = 'drover: being made';

// The other one is git's own, of a `git worktree add` without a lock.
const BEING_MADE: readonly string[] = [MAKING, 'initializing'];

/** Whatever is longer is none of the small files in which git keeps a path or a reason. */
const LONGEST = 64 * 1024;

/**
 * The text of a file that git keeps of a worktree. Agents can write there: a link is not followed, and a pipe does not
 * keep us waiting.
 */
export const textOf = async (path: string, most = LONGEST): Promise<string | undefined> =>
  bytesIn(path, most)?.toString().replace(/\n$/u, '');

/** Where the file .git of a place says that git keeps what belongs to it; undefined where there is no such file. */
const pointerAt = async (place: string): Promise<string | undefined> => {
  // Whoever works there may have closed it to all.
  const text = await withOpenTop(place, () => textOf(join(place, '.git')));
  const pointer = /^gitdir: (?<folder>[\s\S]+)$/u.exec(text ?? '')?.groups?.['folder'];
  return pointer === undefined ? undefined : resolve(place, pointer);
};

/** What git keeps of the linked worktree that the place says to be; undefined for the main checkout and any other folder. */
export const linkOf = async (commonDir: string, place: string): Promise<string | undefined> => {
  const folder = await pointerAt(place);
  return folder !== undefined && dirname(folder) === join(commonDir, 'worktrees') ? folder : undefined;
};

const TRASH = '.drover-trash-';

/** Whether a folder beside the place says that the entry is its own. */
const isNamedBeside = async (commonDir: string, folder: string, place: string): Promise<boolean> => {
  const parent = dirname(place);
  const names = ((await unlessMissing(readdir(parent))) ?? []).filter(
    (name) => name !== basename(place) && !name.startsWith(TRASH),
  );
  const links = names.map((name) => linkOf(commonDir, join(parent, name)).catch(() => undefined));
  return (await Promise.all(links)).includes(folder);
};

/** Whether git has written an index there: the files of a worktree come after its path is on the disk. */
export const hasIndex = async (folder: string): Promise<boolean> =>
  ((await unlessMissing(stat(join(folder, 'index'))))?.size ?? 0) > 0;

/** Whether git may have called an entry so because of the folder: it puts digits behind a name that is taken. */
const isNamedAfter = (id: string, place: string): boolean =>
  id.startsWith(basename(place)) && /^\d*$/u.test(id.slice(basename(place).length));

/**
 * Whether an entry without a path is what is left of an attempt to add this place. By its name alone it may be all that git
 * knows of a finished worktree elsewhere.
 */
const isOrphanOf = async (commonDir: string, folder: string, place: string, starting: boolean): Promise<boolean> => {
  const [id, own] = [basename(folder), basename(place)];
  if (!isNamedAfter(id, place)) return false;
  if ((await linkOf(commonDir, place)) === folder) return true;
  if (await isNamedBeside(commonDir, folder, place)) return false;
  if (!(await hasIndex(folder))) return true;
  // A power cut may have emptied what leads to it as well.
  return id === own && (starting || (await textOf(join(place, '.git'))) === '');
};

/** What one entry of git's says of the place; undefined where it is of another one. */
const entryOf = async (commonDir: string, id: string, place: string): Promise<Registration | undefined> => {
  const folder = join(commonDir, 'worktrees', id);
  const pointer = await textOf(join(folder, 'gitdir'));
  const isOther = pointer !== undefined && pointer !== '' && dirname(resolve(folder, pointer)) !== place;
  if (isOther) return undefined;
  const lock = await textOf(join(folder, 'locked'));
  const starting = lock !== undefined && BEING_MADE.includes(lock);
  // A power cut may leave the files of an entry empty that was being made, the one that says so among them.
  const lacksPath = pointer === '' || (pointer === undefined && starting);
  const beingMade = starting || (lacksPath && lock === '');
  const isOfPlace = lacksPath ? await isOrphanOf(commonDir, folder, place, starting) : pointer !== undefined;
  if (!isOfPlace) return undefined;
  const complete = !lacksPath && !starting;
  return { folder, complete, locked: beingMade ? null : (lock ?? null), beingMade, lacksPath };
};

/** What git has written down about the place, read without git, which stumbles over entries that are half written. */
export const registrationOf = async (commonDir: string, place: string): Promise<Registration | undefined> => {
  const entries = await unlessMissing(readdir(join(commonDir, 'worktrees'), { withFileTypes: true }));
  const ids = (entries ?? []).filter((one) => one.isDirectory()).map(({ name }) => name);
  const among = async (some: readonly string[]): Promise<readonly Registration[]> =>
    (await Promise.all(some.map((id) => entryOf(commonDir, id, place)))).filter((one) => one !== undefined);
  // With many worktrees most looks are for one of them, and its name tells where to look first.
  const near = await among(ids.filter((id) => isNamedAfter(id, place)));
  const exact = near.find(({ lacksPath }) => !lacksPath);
  if (exact) return exact;
  const far = await among(ids.filter((id) => !isNamedAfter(id, place)));
  return far.find(({ lacksPath }) => !lacksPath) ?? near[0];
};

/** Makes what is in a file, or the names in a folder, survive a power cut. */
export const syncFile = async (path: string | Buffer): Promise<void> => {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    await file.sync();
  } finally {
    await file.close();
  }
};

/** Makes a move of a folder survive a power cut, as far as the disk can: what git forgets by it is not to be lost. */
export const syncMove = async (from: string, to: string): Promise<void> => {
  for (const folder of [dirname(to), dirname(dirname(to)), dirname(from)])
    await syncFile(folder).catch(() => undefined);
};

/** Makes what git has just written down of a worktree survive a power cut: it syncs none of it, and without it the folder is nobody's. */
export const syncRegistration = async ({ folder }: Registration, place: string): Promise<void> => {
  const names = (await readdir(folder, { withFileTypes: true })).filter((one) => one.isFile());
  await Promise.all([join(place, '.git'), ...names.map(({ name }) => join(folder, name))].map(syncFile));
};

/** Writes the path of a worktree down anew, as git does, so that it survives a power cut. */
export const writePointer = async (folder: string, place: string): Promise<void> => {
  const file = join(folder, 'gitdir');
  const draft = `${file}.${process.pid}`;
  await rm(draft, { force: true });
  await writeFile(draft, `${join(place, '.git')}\n`, { flag: 'wx', flush: true });
  await rename(draft, file);
};

/** Whether what git keeps of a worktree says that it belongs to this place. */
export const leadsBack = async (folder: string, place: string): Promise<boolean> => {
  const back = await textOf(join(folder, 'gitdir'));
  return back !== undefined && (await placeOf(dirname(resolve(folder, back)))) === place;
};

export type Occupant = 'nothing' | 'empty' | 'something';

/** What is at a path. */
export const occupantOf = async (place: string): Promise<Occupant> => {
  const info = await unlessMissing(stat(place));
  if (!info) return 'nothing';
  return info.isDirectory() && (await withOpenTop(place, () => readdir(place))).length === 0 ? 'empty' : 'something';
};

/** Whether a place belongs to something else that is there, and not to what git keeps in this folder. */
export const belongsElsewhere = async ({ folder }: Registration, place: string): Promise<boolean> => {
  const other = await pointerAt(place);
  if (other === undefined || (await placeOf(other)) === (await placeOf(folder))) return false;
  return (await occupantOf(other)) !== 'nothing';
};

// One process removes at a time, so trash that another one left will not be taken out by it any more. In a container that one
// may have had the same number.
const OUR_TRASH = `${TRASH}${randomUUID().slice(0, 8)}-`;

/** Takes a folder away at once, by a rename; the result deletes it, and what an earlier process left undeleted. */
export const takeAway = async (place: string): Promise<() => Promise<void>> => {
  const parent = dirname(place);
  const trash = join(parent, `${OUR_TRASH}${randomUUID()}`);
  if ((await occupantOf(place)) !== 'nothing') await rename(place, trash);
  return async () => {
    await removeAll(trash);
    for (const name of (await unlessMissing(readdir(parent))) ?? [])
      if (name.startsWith(TRASH) && !name.startsWith(OUR_TRASH)) await removeAll(join(parent, name));
  };
};

/** Moves a folder by a rename; on another disk, where that cannot be, into a trash beside it. Where it lies then. */
export const putInTrash = async (place: string, into: string): Promise<string> => {
  const move = async (to: string): Promise<string> => {
    await mkdir(dirname(to), { recursive: true });
    await rename(place, to);
    await syncMove(place, to);
    return to;
  };
  const kept = await move(into).catch((error: unknown) => {
    if (codeOf(error) !== 'EXDEV') throw error;
    return move(trashBeside(place, into));
  });
  // Another worktree may come to be registered as this one was, and git called in the trash would take it for that.
  await rm(join(kept, '.git'), { force: true });
  return kept;
};

/** The file among git's own of a worktree that holds the name by which the swarm knows it. */
const NAME_FILE = 'drover-name';

export const giveName = ({ folder }: Registration, name: string): Promise<void> =>
  writeFile(join(folder, NAME_FILE), `${name}\n`, { flush: true });

/** The name that was given to the worktree of which git keeps this folder; null: none. */
export const nameIn = async (folder: string): Promise<string | null> => (await textOf(join(folder, NAME_FILE))) ?? null;

/** The file among git's own of a worktree that names the branch which is worked on there, for the guard of refs. */
const BRANCH_FILE = 'drover-branch';

/** Notes which branch whoever works in a worktree may move; null for none. */
export const noteBranch = async (folder: string, branch: string | null): Promise<void> => {
  const file = join(folder, BRANCH_FILE);
  const draft = `${file}.${process.pid}`;
  if (branch === null) return rm(file, { force: true });
  // A link that somebody put there is replaced, not followed.
  await rm(draft, { force: true });
  await writeFile(draft, `${branch}\n`, { flag: 'wx' });
  await rename(draft, file);
};

/** The file among git's own of a restored worktree that names the folder in which it had been kept. */
const KEPT_FILE = 'drover-kept';

/** Notes from which folder a worktree gets its files, so that it survives a power cut. */
export const noteKept = (folder: string, kept: string): Promise<void> =>
  writeFile(join(folder, KEPT_FILE), `${kept}\n`, { flag: 'wx', flush: true });

/** Whether a worktree has its files from this folder. */
export const cameFrom = async (folder: string, kept: string): Promise<boolean> =>
  (await textOf(join(folder, KEPT_FILE))) === kept;

/** What is known of a registered worktree beside what git lists. */
type Known = { readonly name: string | null; readonly touchedAt: number };

/** When something was staged, committed or checked out last in a worktree, in milliseconds since 1970. */
const touchedAt = async (folder: string): Promise<number> => {
  const looks = ['index', 'HEAD', 'logs/HEAD'].map((name) => unlessMissing(stat(join(folder, name))));
  return Math.max(0, ...(await Promise.all(looks)).map((info) => info?.mtimeMs ?? 0));
};

/** All worktrees that git has written down, by their places. */
export const knownPlaces = async (commonDir: string): Promise<ReadonlyMap<string, Known>> => {
  const ids = (await unlessMissing(readdir(join(commonDir, 'worktrees')))) ?? [];
  const found = await Promise.all(
    ids.map(async (id): Promise<[string, Known][]> => {
      const folder = join(commonDir, 'worktrees', id);
      const pointer = await textOf(join(folder, 'gitdir'));
      if (pointer === undefined) return [];
      const known = { name: await nameIn(folder), touchedAt: await touchedAt(folder) };
      return [[dirname(resolve(folder, pointer)), known]];
    }),
  );
  return new Map(found.flat());
};

/** Forgets a registration that git itself could not finish. */
export const forget = (registration: Registration): Promise<void> =>
  rm(registration.folder, { recursive: true, force: true });
