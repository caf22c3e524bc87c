import { randomUUID } from 'node:crypto';
import { cp, lstat, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '../lib/errors.ts';

/** Where git keeps the repositories of the submodules of a worktree, among its own of it. */
const MODULES = 'modules';

/** The folder in which they lie with the files of a worktree that is kept. */
const KEPT = '.drover-submodules';

/** The file among git's own of a worktree that says that they are on their way there. For as long what lies there is whole. */
const LEAVING = 'drover-leaving';

const ALL = { recursive: true, force: true } as const;

const infoOf = (path: string) => lstat(path).catch(() => undefined);

const isFolder = async (path: string): Promise<boolean> => (await infoOf(path))?.isDirectory() === true;

const isThere = async (path: string): Promise<boolean> => (await infoOf(path)) !== undefined;

const partOf = (path: string): string => `${path}.part`;

/** Puts a folder in another place, on another disk a copy of it: in its new place it is whole, whoever is killed. */
const put = async (from: string, to: string): Promise<void> => {
  await rm(partOf(to), ALL);
  await rename(from, to).catch(async (error: unknown) => {
    if (codeOf(error) !== 'EXDEV') throw error;
    await cp(from, partOf(to), { recursive: true, verbatimSymlinks: true, errorOnExist: true, force: false });
    await rename(partOf(to), to);
  });
};

/**
 * Puts the repositories of the submodules of a worktree to its files before those go into the trash: git deletes them with what
 * it knows of the worktree, and nobody else may have what was committed there.
 */
export const packSubmodules = async (folder: string, place: string): Promise<void> => {
  const [modules, kept, note] = [join(folder, MODULES), join(place, KEPT), join(folder, LEAVING)];
  if (!(await isThere(note))) {
    // Whoever works there has made one of that name: it is none of git's, and would be taken for that.
    if (await isThere(kept)) await rename(kept, `${kept}-${randomUUID()}`);
    if (!(await isFolder(modules))) return;
    await writeFile(note, '', { flush: true });
  }
  if ((await isFolder(modules)) && !(await isFolder(kept))) await put(modules, kept);
  await rm(modules, ALL);
};

/** Puts them back where git looks for them. */
export const unpackSubmodules = async (folder: string, place: string): Promise<void> => {
  const [modules, kept, note] = [join(folder, MODULES), join(place, KEPT), join(folder, LEAVING)];
  if ((await isThere(note)) && (await isFolder(kept))) await rm(modules, ALL);
  if ((await isFolder(kept)) && !(await isFolder(modules))) await put(kept, modules);
  await rm(note, { force: true });
  for (const left of [kept, partOf(kept)]) await rm(left, ALL);
};

/** Puts them back where a process before this one was killed over a worktree that is in its place still. */
export const settleSubmodules = async (folder: string, place: string): Promise<void> => {
  if (await isThere(join(folder, LEAVING))) await unpackSubmodules(folder, place);
};
