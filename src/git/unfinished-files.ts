import { lstat, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { namedFiles } from '../lib/names.ts';
import { lockHolders } from './lock-holders.ts';
import { inTheWayOf } from './overwritten.ts';
import { fieldsOf } from './parse.ts';
import { putIndexBack } from './put-back.ts';
import { type InsidePlace, LONG_MS, type RunGit } from './run.ts';
import { STALE_LOCKS } from './stale-locks.ts';
import { inEmptyFolder } from './without-files.ts';

type Parts = {
  readonly run: RunGit;
  readonly at: InsidePlace;
  /** Where git locks what it changes. */
  readonly locks: readonly string[];
};
type Move = { readonly from: string; readonly to: string };
type Change = { readonly path: string; readonly isNew: boolean; readonly mode: string; readonly id: string };

/** What changes from one commit to another, with how the second one has it. */
const changesOf = async ({ run, at }: Parts, { from, to }: Move): Promise<readonly Change[]> => {
  const fields = fieldsOf((await run(['diff-tree', '-r', '-z', '--no-renames', from, to, '--'], at)).stdout);
  return fields.flatMap((path, n) => {
    const [, mode = '', , id = '', kind] = n % 2 === 0 ? [] : fields[n - 1]!.split(' ');
    return kind === undefined ? [] : [{ path, isNew: kind === 'A', mode, id }];
  });
};

/** Those of the files and links that stand in the checkout as the second commit has them. */
const arrivedOf = ({ run, at }: Parts, changes: readonly Change[]): Promise<readonly Change[]> =>
  inEmptyFolder(async (folder) => {
    const files = changes.filter(({ mode }) => /^1[02]0/u.test(mode));
    const trial = { ...at, env: { ...at.env, GIT_INDEX_FILE: join(folder, 'index') } };
    const input = files.map(({ mode, id, path }) => `${mode} ${id}\t${path}\0`).join('');
    await run(['update-index', '-z', '--index-info'], { ...trial, input });
    await run(['update-index', '-q', '--refresh'], { ...trial, accept: 'any', timeoutMs: LONG_MS });
    const other = new Set(fieldsOf((await run(['diff-files', '--name-only', '-z'], trial)).stdout));
    return files.filter(({ path }) => !other.has(path));
  });

/** Takes a file away, with the folders above it that are empty then. */
const takeAway = async (root: string, path: string): Promise<void> => {
  await rm(join(root, path), { force: true });
  const emptied = async (folder: string): Promise<void> => {
    if (folder === '.') return;
    await rmdir(join(root, folder));
    await emptied(dirname(folder));
  };
  await emptied(dirname(path)).catch(() => undefined);
};

const heldLocks = async ({ locks }: Parts): Promise<readonly string[]> => {
  const there = await Promise.all(locks.map((path) => lstat(path).catch(() => undefined)));
  return locks.filter((_, n) => there[n] !== undefined);
};

/** Whether several looks see no process that may hold a lock. */
const isUnheld = async ({ at }: Parts, path: string): Promise<boolean> => {
  for (let look = 0; look < STALE_LOCKS.looks; look += 1) {
    if (look > 0) await pause(STALE_LOCKS.lookMs);
    const info = await lstat(path).catch(() => undefined);
    const lock = { path, owner: info?.uid ?? -1, places: [at.cwd, at.env.GIT_COMMON_DIR] };
    if (!info || (await lockHolders(lock, STALE_LOCKS.proc))?.size !== 0) return false;
  }
  return true;
};

const removeUnheld = async (parts: Parts, locks: readonly string[]): Promise<void> => {
  for (const path of locks) if (await isUnheld(parts, path)) await rm(path);
};

/** Puts back what git wrote without noting it in the index. Whatever goes is in the commit to come as it was. */
const putBack = async (parts: Parts, move: Move, isTheirs: (path: string) => boolean): Promise<boolean> => {
  const { run, at } = parts;
  const pathsOf = async (...args: readonly string[]) => new Set(fieldsOf((await run([...args, '-z'], at)).stdout));
  const staged = await pathsOf('diff-index', '--cached', '--name-only', '--no-renames', move.from);
  const changes = (await changesOf(parts, move)).filter(({ path }) => !staged.has(path) && !isTheirs(path));
  const arrived = new Set(await arrivedOf(parts, changes));
  for (const one of arrived) if (one.isNew) await takeAway(at.cwd, one.path);
  const gone = await pathsOf('ls-files', '--deleted');
  const back = changes.filter((one) => !one.isNew && (arrived.has(one) || gone.has(one.path)));
  const input = back.map(({ path }) => `${path}\0`).join('');
  await run(['checkout-index', '--force', '--quiet', '-z', '--stdin'], { ...at, input, timeoutMs: LONG_MS });
  return arrived.size + back.length > 0;
};

/**
 * Looks at a checkout before git brings it forward. What this resolves with puts files back where git ended in the middle of
 * that, with the locks that it left if it was killed, and says so, or what stays: half a file, or what somebody changed meanwhile.
 */
export const beforeForward = async (parts: Parts, move: Move): Promise<(wasKilled: boolean) => Promise<string>> => {
  const { run, at } = parts;
  const [theirs, theirLocks] = await Promise.all([inTheWayOf(run, at, move), heldLocks(parts)]);
  const newLocks = async () => (await heldLocks(parts)).filter((path) => !theirLocks.includes(path));
  return async (wasKilled) => {
    if (wasKilled) await removeUnheld(parts, await newLocks());
    const staged = await putIndexBack(run, at, move, theirs);
    const wasPutBack = await putBack(parts, move, (path) => theirs.includes(path));
    const files = staged === '' ? await inTheWayOf(run, at, move) : [];
    const mixed = files.filter((path) => !theirs.includes(path));
    const left = [...(wasKilled ? await newLocks() : []), ...mixed];
    const said = `${staged}${wasPutBack ? '; the files that git had written by then are put back' : ''}`;
    return left.length === 0 ? said : `${said}; look yourself at what is left in ${at.cwd}: ${namedFiles(left)}`;
  };
};
