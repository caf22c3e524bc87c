import { cp, lstat, mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { codeOf } from '../lib/errors.ts';

/** Where git keeps the repositories of the submodules of a worktree, among its own of it. */
const MODULES = 'modules';

/** The folder in which they lie with the files of a worktree that is kept. */
const KEPT = '.drover-submodules';

const isFolder = (path: string): Promise<boolean> =>
  lstat(path).then(
    (info) => info.isDirectory(),
    () => false,
  );

const move = async (from: string, to: string): Promise<void> => {
  await mkdir(dirname(to), { recursive: true });
  await rename(from, to).catch(async (error: unknown) => {
    if (codeOf(error) !== 'EXDEV') throw error;
    await cp(from, to, { recursive: true, verbatimSymlinks: true, errorOnExist: true, force: false });
    await rm(from, { recursive: true, force: true });
  });
};

/**
 * Puts the repositories of the submodules of a worktree to its files before those go into the trash: git deletes them with what
 * it knows of the worktree, and nobody else may have what was committed there.
 */
export const packSubmodules = async (folder: string, place: string): Promise<void> => {
  if ((await isFolder(join(folder, MODULES))) && !(await isFolder(join(place, KEPT))))
    await move(join(folder, MODULES), join(place, KEPT));
};

/** Puts them back where git looks for them. */
export const unpackSubmodules = async (folder: string, place: string): Promise<void> => {
  if ((await isFolder(join(place, KEPT))) && !(await isFolder(join(folder, MODULES))))
    await move(join(place, KEPT), join(folder, MODULES));
};
