import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissing } from '../../lib/missing.ts';
import { codeOf } from '../../lib/errors.ts';
import { oddInside } from '../errors.ts';
import type { FindHoldUp } from '../held-up.ts';

/** What git may not be let read, and why. */
type Odd = { readonly file: string; readonly why: string };

const KIB = 1024;
const MIB = 1024 * KIB;

/** A folder of which git reads files: how large these may be, in bytes, and whether it goes into folders in there. */
type Looked = { readonly name: string; readonly most: number; readonly goesDown?: boolean };

/** git keeps a single ref in memory as a whole, and a line of most other files. */
const REFS = { most: 64 * KIB, goesDown: true };
const LOGS = { most: 64 * MIB, goesDown: true };
const FILES = { most: 64 * MIB };
/** These it reads piece by piece; the index, which is a file beside others, for the most part as well. */
const LARGE = { most: Infinity };
const PIECEWISE = /^(?:index|sharedindex\..*)$/u;

/** What git has of one worktree. */
const OF_WORKTREE: readonly Looked[] = [
  { name: '', ...FILES },
  { name: 'info', ...FILES },
  { name: 'logs', ...LOGS },
  { name: 'refs', ...REFS },
];

const OF_ALL: readonly Looked[] = [
  ...OF_WORKTREE,
  { name: 'objects', ...LARGE },
  { name: 'objects/info', ...LARGE, goesDown: true },
  { name: 'objects/pack', ...LARGE },
];

/** A folder with names of more bytes is not read: nobody has so many files in one. */
const LONGEST_FOLDER = 16 * MIB;
/** More folders than these are not gone through. */
const MOST_FOLDERS = 20_000;

const unlessGone = async <T>(work: Promise<T>): Promise<T | undefined> => {
  try {
    return await work;
  } catch (error) {
    // git, too, comes no deeper than a path is long.
    if (isMissing(error) || ['ENOTDIR', 'ENAMETOOLONG'].includes(codeOf(error))) return undefined;
    throw error;
  }
};

type Entry = { readonly name: string; readonly kind: 'file' | 'folder' | 'pipe' | 'link' | 'other' };

const entriesOf = async (folder: string): Promise<readonly Entry[]> => {
  const entries = (await unlessGone(readdir(folder, { withFileTypes: true }))) ?? [];
  return entries.map((one) => {
    if (one.isFile()) return { name: one.name, kind: 'file' };
    if (one.isDirectory()) return { name: one.name, kind: 'folder' };
    if (one.isFIFO()) return { name: one.name, kind: 'pipe' };
    return { name: one.name, kind: one.isSymbolicLink() ? 'link' : 'other' };
  });
};

const sizeText = (bytes: number): string => (bytes < MIB ? `${bytes / KIB} KiB` : `${bytes / MIB} MiB`);

/** Why an entry is not to be read: what is neither file nor link, and no pipe, is refused by the system at once. */
const whyNot = async (file: string, { kind, name }: Entry, most: number): Promise<string | undefined> => {
  if (kind === 'pipe') return 'is a pipe';
  if (kind === 'link') return 'is a symbolic link';
  if (kind !== 'file' || most === Infinity || PIECEWISE.test(name)) return undefined;
  const size = (await unlessGone(lstat(file)))?.size ?? 0;
  return size > most ? `is larger than ${sizeText(most)}` : undefined;
};

/** What is odd about a folder itself, or about what lies in it; the folders in it are for the next look. */
const oddAt = async (folder: string, most: number): Promise<{ odd: Odd | undefined; below: readonly string[] }> => {
  const size = (await unlessGone(lstat(folder)))?.size ?? 0;
  if (size > LONGEST_FOLDER) return { odd: { file: folder, why: 'has too many files in it' }, below: [] };
  const entries = await entriesOf(folder);
  const checked = await Promise.all(
    entries.map(async (entry): Promise<Odd | undefined> => {
      const file = join(folder, entry.name);
      const why = await whyNot(file, entry, most);
      return why === undefined ? undefined : { file, why };
    }),
  );
  const below = entries.filter(({ kind }) => kind === 'folder').map(({ name }) => join(folder, name));
  return { odd: checked.find((one) => one !== undefined), below };
};

/** Looks through folders; the first thing that is odd. */
const oddIn = async (folders: readonly Looked[], at: string): Promise<Odd | undefined> => {
  let count = 0;
  const look = async (folder: string, { most, goesDown = false }: Omit<Looked, 'name'>): Promise<Odd | undefined> => {
    count += 1;
    if (count > MOST_FOLDERS) return { file: folder, why: `comes after ${MOST_FOLDERS} other folders` };
    const { odd, below } = await oddAt(folder, most);
    if (odd || !goesDown) return odd;
    for (const one of below) {
      const found = await look(one, { most, goesDown });
      if (found) return found;
    }
    return undefined;
  };
  const found = await Promise.all(folders.map((one) => look(join(at, one.name), one)));
  return found.find((one) => one !== undefined);
};

/** What git has of each worktree in there. */
const worktreesIn = async (folder: string): Promise<readonly Looked[]> => {
  const names = (await entriesOf(join(folder, 'worktrees'))).filter(({ kind }) => kind === 'folder');
  return names.flatMap((one) =>
    OF_WORKTREE.map((looked) => ({ ...looked, name: join('worktrees', one.name, looked.name) })),
  );
};

/** The folders of single objects. */
const objectsIn = async (folder: string): Promise<readonly Looked[]> =>
  (await entriesOf(join(folder, 'objects')))
    .filter(({ kind, name }) => kind === 'folder' && /^[0-9a-f]{2}$/u.test(name))
    .map(({ name }) => ({ name: join('objects', name), ...LARGE }));

type Place = { readonly folder: string; readonly worktree: string };

const refusal = ({ folder, worktree }: Place, odd: Odd | undefined): Error | undefined =>
  odd && oddInside({ path: worktree, folder, ...odd });

/**
 * Rejects with `git/odd` where something lies in a private git directory that git never makes and would wait at, or read
 * without an end: whoever works inside can put anything there. Of single objects there may be too many to look at them each
 * time: they are looked at where git takes long.
 */
export const assertNothingOdd = async (place: Place): Promise<void> => {
  const { folder } = place;
  const odd = await oddIn([...OF_ALL, ...(await worktreesIn(folder))], folder);
  if (odd) throw refusal(place, odd)!;
};

/** The same of all that is there, while git reads it: what is looked at may be something else by the time in which it is used. */
export const holdUpIn =
  (place: Place): FindHoldUp =>
  async () => {
    const { folder } = place;
    const all = [...OF_ALL, ...(await worktreesIn(folder)), ...(await objectsIn(folder))];
    return refusal(place, await oddIn(all, folder));
  };
