import { constants, renameSync, rmSync, writeFileSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { textOf } from '../places.ts';

/** The file among git's own of a worktree, in the repository, that tells of its private git directory. */
export const NOTE = 'drover-private';

/** That a worktree has a git directory of its own, and how both were when each last had what the other has. */
const note = z.object({
  folder: z.string(),
  here: z.string(),
  there: z.string(),
  /** A harvest that was begun: the branch, and all commits that its two sides have before and after it. */
  taking: z.object({ ref: z.string().nullable(), ids: z.array(z.string()) }).optional(),
});
export type PrivateNote = z.infer<typeof note>;

/** Undefined where a worktree has none. */
export const readNote = async (admin: string): Promise<PrivateNote | undefined> => {
  const text = await textOf(join(admin, NOTE));
  if (text === undefined) return undefined;
  try {
    return note.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
};

/**
 * Replaces a small file in one step; a link in its place is replaced, and not followed. Nobody else here comes between, who
 * would write the same draft; that of a killed process is written anew, for it has this name as well.
 */
export const writeWhole = async (path: string, text: string): Promise<void> => {
  const draft = `${path}.drover-new`;
  rmSync(draft, { force: true });
  writeFileSync(draft, text, { flag: 'wx', mode: 0o600 });
  renameSync(draft, path);
};

/**
 * Has a small file be so, in place: it lies read-only before whoever works inside, as a mount that goes where another file
 * takes its place, and they could write what is behind it. What is cut off in the middle is written anew by the next.
 */
export const writeInPlace = async (path: string, text: string): Promise<void> => {
  const file = await open(path, constants.O_RDWR | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(() => undefined);
  if (!file) return writeWhole(path, text);
  try {
    if (!(await file.stat()).isFile()) throw new Error(`${path} is no plain file`);
    if ((await file.readFile('utf8')) === text) return;
    await file.truncate();
    await file.write(text, 0);
  } finally {
    await file.close();
  }
};

export const writeNote = (admin: string, one: PrivateNote): Promise<void> =>
  writeWhole(join(admin, NOTE), `${JSON.stringify(one)}\n`);

export const removeNote = (admin: string): Promise<void> => rm(join(admin, NOTE), { force: true });
