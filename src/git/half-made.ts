import { randomUUID } from 'node:crypto';
import { readdir, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { needInside } from './inside.ts';
import {
  forget,
  hasIndex,
  linkOf,
  occupantOf,
  putInTrash,
  type Registration,
  registrationOf,
  takeAway,
  writePointer,
} from './places.ts';
import { LONG_MS, onLook } from './run.ts';
import { TRASH_FOLDER, unfinishedName } from './trash-place.ts';

const sizeOf = (path: string): Promise<number> =>
  stat(path).then(
    ({ size }) => size,
    () => 0,
  );

type Parts = Parameters<typeof needInside>[0];

/** What is known of a place; where only the path was lost that git keeps of a finished worktree, it is written anew. */
export const soundRegistrationOf = async (commonDir: string, place: string): Promise<Registration | undefined> => {
  const found = await registrationOf(commonDir, place);
  if (!found?.lacksPath || (await linkOf(commonDir, place)) !== found.folder) return found;
  // Before its files are written, which are written after the path is on the disk, it has no index.
  if (!(await hasIndex(found.folder))) return found;
  await writePointer(found.folder, place);
  return registrationOf(commonDir, place);
};

/** Whether a line of `git status` tells of a file that is not written yet, or that has been begun. */
const isUnwritten = async (place: string, line: string): Promise<boolean> =>
  line.startsWith(' D ') || (line.startsWith(' M ') && (await sizeOf(join(place, line.slice(3)))) === 0);

/** Whether the folder of a worktree that was not finished has anything that its making has not written there. */
const holdsMore = async ({ run, ...repository }: Parts, place: string): Promise<boolean> => {
  if ((await occupantOf(place)) !== 'something') return false;
  if ((await readdir(place)).every((name) => name === '.git')) return false;
  const at = await needInside({ run, ...repository }, place).catch(() => undefined);
  if (!at) return true;
  // Its own index may be half written, or locked by the git that was killed.
  const index = join(at.env.GIT_DIR, `index-${randomUUID()}`);
  const call = { ...at, env: { ...at.env, GIT_INDEX_FILE: index }, accept: 'any', timeoutMs: LONG_MS } as const;
  try {
    const read = await run(['read-tree', 'HEAD'], call);
    const { code, stdout } = await onLook(run, at)(['status', '--porcelain', '-z', '--ignored', '--no-renames'], call);
    if (read.code !== 0 || code !== 0) return true;
    const lines = stdout.split('\0').filter((line) => line !== '');
    return (await Promise.all(lines.map((line) => isUnwritten(place, line)))).includes(false);
  } finally {
    await rm(index, { force: true });
  }
};

/**
 * Takes away what a killed process has left of a worktree that it made, and has git forget it; the result deletes the folder.
 * With anything of somebody's in it, it is kept in the trash beside the worktrees instead.
 */
export const clearHalf = async (context: Parts, place: string, half: Registration): Promise<() => Promise<void>> => {
  const isKept = await holdsMore(context, place);
  if (isKept)
    await putInTrash(place, join(dirname(place), TRASH_FOLDER, unfinishedName(basename(place), randomUUID())));
  const empty = isKept ? async () => {} : await takeAway(place);
  await forget(half);
  return empty;
};
