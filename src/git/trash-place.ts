import { basename, dirname, join } from 'node:path';

/** The folder for what is kept for a while after it was removed. */
export const TRASH_FOLDER = '.drover-trash';

/** Where a folder is kept instead that cannot be moved into a trash on another disk. */
export const trashBeside = (place: string, into: string): string => join(dirname(place), TRASH_FOLDER, basename(into));

/** The folder beside worktrees for repositories that were left in one, and can be in no commit of it. */
export const KEPT_FOLDER = '.drover-kept';

/** The name in the trash of what was in the folder of a worktree that was not finished. */
export const unfinishedName = (name: string, id: string): string => `${name}-unfinished-${id}`;

/** The name of the worktree that such a one was to be; undefined for any other name. */
export const nameOfUnfinished = (name: string): string | undefined =>
  /^(?<name>.+)-unfinished-[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/u.exec(name)?.groups?.['name'];
