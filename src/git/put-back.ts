import { rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fieldsOf } from './parse.ts';
import { rawPath } from './raw-path.ts';
import { type InsidePlace, LONG_MS, type RunGit } from './run.ts';
import { inEmptyFolder } from './without-files.ts';

export type Move = { readonly from: string; readonly to: string };
type Place = { readonly run: RunGit; readonly at: InsidePlace };
/** How a commit has a file; the mode is all zeros where it has none. */
type Version = { readonly mode: string; readonly id: string };
type Change = { readonly path: string; readonly before: Version; readonly after: Version };

const isNew = ({ before }: Change): boolean => /^0+$/u.test(before.mode);

/** What changes from one commit to another, with how each of them has it. */
const changesOf = async ({ run, at }: Place, { from, to }: Move): Promise<readonly Change[]> => {
  const fields = fieldsOf((await run(['diff-tree', '-r', '-z', '--no-renames', from, to, '--'], at)).stdout);
  return fields.flatMap((path, n) => {
    const [was, is, wasId, id] = n % 2 === 0 ? [] : fields[n - 1]!.slice(1).split(' ');
    return id === undefined ? [] : [{ path, before: { mode: was!, id: wasId! }, after: { mode: is!, id } }];
  });
};

/** Those of the files and links that stand in the checkout as the second commit has them. */
const arrivedOf = ({ run, at }: Place, changes: readonly Change[]): Promise<readonly Change[]> =>
  inEmptyFolder(async (folder) => {
    const files = changes.filter(({ after }) => /^1[02]0/u.test(after.mode));
    const trial = { ...at, env: { ...at.env, GIT_INDEX_FILE: join(folder, 'index') } };
    const input = files.map(({ path, after }) => `${after.mode} ${after.id}\t${path}\0`).join('');
    await run(['update-index', '-z', '--index-info'], { ...trial, input });
    await run(['update-index', '-q', '--refresh'], { ...trial, accept: 'any', timeoutMs: LONG_MS });
    const other = new Set(fieldsOf((await run(['diff-files', '--name-only', '-z'], trial)).stdout));
    return files.filter(({ path }) => !other.has(path));
  });

/** Takes a file away, with the folders above it that are empty then. */
const takeAway = async (root: string, path: string): Promise<void> => {
  await rm(rawPath(join(root, path)), { force: true });
  const emptied = async (folder: string): Promise<void> => {
    if (folder === '.') return;
    await rmdir(rawPath(join(root, folder)));
    await emptied(dirname(folder));
  };
  await emptied(dirname(path)).catch(() => undefined);
};

const pathsOf = async ({ run, at }: Place, ...args: readonly string[]): Promise<ReadonlySet<string>> =>
  new Set(fieldsOf((await run([...args, '-z'], at)).stdout));

/** The paths that the index has otherwise than a commit. */
const stagedAgainst = (place: Place, commit: string): Promise<ReadonlySet<string>> =>
  pathsOf(place, 'diff-index', '--cached', '--name-only', '--no-renames', commit);

/** Has the index note again what it noted before of what git has written into it; whether that was anything. */
const putIndexBack = async (place: Place, { from, to }: Move, changes: readonly Change[]): Promise<boolean> => {
  const [sinceFrom, untilTo] = await Promise.all([stagedAgainst(place, from), stagedAgainst(place, to)]);
  const written = changes.filter(({ path }) => sinceFrom.has(path) && !untilTo.has(path));
  if (written.length === 0) return false;
  // A file may stand where a folder is to be again: what is new goes first.
  const inOrder = [...written.filter(isNew), ...written.filter((one) => !isNew(one))];
  const input = inOrder.map(({ path, before }) => `${before.mode} ${before.id}\t${path}\0`).join('');
  await place.run(['update-index', '-z', '--index-info'], { ...place.at, input });
  return true;
};

/** Puts files back that stand as the commit to come has them, or are gone; whether there were any. */
const putFilesBack = async (place: Place, { from }: Move, changes: readonly Change[]): Promise<boolean> => {
  const { run, at } = place;
  const staged = await stagedAgainst(place, from);
  const unstaged = changes.filter(({ path }) => !staged.has(path));
  const arrived = new Set(await arrivedOf(place, unstaged));
  for (const one of arrived) if (isNew(one)) await takeAway(at.cwd, one.path);
  const gone = await pathsOf(place, 'ls-files', '--deleted');
  const back = unstaged.filter((one) => !isNew(one) && (arrived.has(one) || gone.has(one.path)));
  const input = back.map(({ path }) => `${path}\0`).join('');
  await run(['checkout-index', '--force', '--quiet', '-z', '--stdin'], { ...at, input, timeoutMs: LONG_MS });
  return arrived.size + back.length > 0;
};

/**
 * Puts index and files of a checkout back where git was to bring it from one commit to another and did not get there; whether
 * there was anything to put back. Whatever goes is in the commit to come as it was: what differs from both stays, and so does what
 * was somebody's before.
 */
export const putBack = async (place: Place, move: Move, isTheirs: (path: string) => boolean): Promise<boolean> => {
  const changes = (await changesOf(place, move)).filter(({ path }) => !isTheirs(path));
  const wasIndex = await putIndexBack(place, move, changes);
  const wereFiles = await putFilesBack(place, move, changes);
  const { run, at } = place;
  if (wasIndex) await run(['update-index', '-q', '--refresh'], { ...at, accept: 'any', timeoutMs: LONG_MS });
  return wasIndex || wereFiles;
};
