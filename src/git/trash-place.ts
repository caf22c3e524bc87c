import { basename, dirname, join } from 'node:path';

/** The folder for what is kept for a while after it was removed. */
export const TRASH_FOLDER = '.drover-trash';

/** Where a folder is kept instead that cannot be moved into a trash on another disk. */
export const trashBeside = (place: string, into: string): string => join(dirname(place), TRASH_FOLDER, basename(into));

/** The folder beside worktrees for repositories that were left in one, and can be in no commit of it. */
export const KEPT_FOLDER = '.drover-kept';
