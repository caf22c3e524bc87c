import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { isAtOrBelow } from '../lib/below.ts';
import { shorten } from '../lib/text.ts';
import { dirtyWorktree } from './errors.ts';
import { fieldsOf } from './parse.ts';
import { pathWords, rawPath } from './raw-path.ts';
import { resolveWith } from './refs.ts';
import type { InsidePlace, RunGit } from './run.ts';
import { isSparse } from './sparse.ts';
import { statusOf } from './status.ts';

/** What lies where a file is to come: something at its path, or a file in the place of a folder above it. */
const inTheWay = async (place: string, path: string): Promise<readonly string[]> => {
  const names = path.split('/');
  for (let n = 1; n <= names.length; n += 1) {
    const part = names.slice(0, n).join('/');
    const found = await lstat(rawPath(join(place, part))).catch(() => undefined);
    if (!found) return [];
    if (n === names.length || !found.isDirectory()) return [part];
  }
  return [];
};

/** So many paths are named to git at once. */
const AT_ONCE = 500;

/** What git does not track of what lies where these files are to come, ignored files included. */
const untrackedAt = async (run: RunGit, at: InsidePlace, paths: readonly string[]): Promise<readonly string[]> => {
  const found: string[] = [];
  for (let first = 0; first < paths.length; first += AT_ONCE) {
    const there = await Promise.all(paths.slice(first, first + AT_ONCE).map((path) => inTheWay(at.cwd, path)));
    const named = [...new Set(there.flat())];
    if (named.length === 0) continue;
    const others = fieldsOf((await run(['ls-files', '--others', '-z', ...pathWords(named)], at)).stdout);
    found.push(...others.filter((path) => named.some((one) => isAtOrBelow(path, one))));
  }
  return found;
};

/**
 * Refuses a checkout that would write over what git does not track. git itself refuses that, ignored files included, but in a
 * sparse worktree: there, as 2.39 does it, it only warns that it left alone what it has in truth overwritten.
 */
export const assertNoneOverwritten = async (run: RunGit, at: InsidePlace, name: string): Promise<void> => {
  const commit = (await isSparse(at.env.GIT_DIR)) ? await resolveWith(run, name) : null;
  if (commit === null) return;
  const args = ['diff-index', '--cached', '--name-only', '--no-renames', '--diff-filter=D', '-z', commit, '--'];
  const untracked = await untrackedAt(run, at, fieldsOf((await run(args, at)).stdout));
  if (untracked.length > 0) throw dirtyWorktree({ path: at.cwd, files: shorten(untracked.join(', '), 200) });
};

/** What a person has changed in a checkout, or keeps there, of what changes from its commit to another one. */
export const inTheWayOf = async (
  run: RunGit,
  at: InsidePlace,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<readonly string[]> => {
  const differing = async (kinds: string): Promise<readonly string[]> => {
    const args = ['diff-tree', '-r', '-z', '--name-only', '--no-renames', `--diff-filter=${kinds}`, from, to, '--'];
    return fieldsOf((await run(args, at)).stdout);
  };
  const changing = new Set(await differing('a'));
  const dirty = changing.size === 0 ? [] : (await statusOf(run, at, 'no')).dirty;
  return [...dirty.filter((path) => changing.has(path)), ...(await untrackedAt(run, at, await differing('A')))];
};
