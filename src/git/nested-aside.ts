import { randomUUID } from 'node:crypto';
import { mkdir, readdir, realpath, rename, rm, rmdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Git } from '../ports/index.ts';
import { worktreeGuard } from './checkouts.ts';
import { dirtyWorktree } from './errors.ts';
import { syncMove } from './places.ts';
import { fieldsOf } from './parse.ts';
import { removeAll } from './remove-all.ts';
import type { InsidePlace, RunGit } from './run.ts';
import { isInModules } from './safe-submodule.ts';
import { statusOf } from './status.ts';
import { KEPT_FOLDER } from './trash-place.ts';
import type { GitContext } from './worktrees.ts';

const LINK = '160000';

/**
 * Has the index note of repositories in a worktree what its commit notes: what is staged of them no look tells, because git would
 * look into them, and a checkout takes it along to the next branch.
 */
const unstage = async (run: RunGit, at: InsidePlace): Promise<boolean> => {
  const args = [
    'diff-index',
    '--cached',
    '--raw',
    '-z',
    '--no-abbrev',
    '--no-renames',
    '--ignore-submodules=none',
    'HEAD',
    '--',
  ];
  const fields = fieldsOf((await run(args, at)).stdout);
  const before = fields.flatMap((field, n) => {
    const [mode = '', now, id] = field.slice(1).split(' ');
    return n % 2 === 0 && (mode === LINK || now === LINK) ? [`${mode} ${id}\t${fields[n + 1]}\0`] : [];
  });
  if (before.length === 0) return false;
  await run(['update-index', '-z', '--index-info'], { ...at, input: before.join('') });
  return true;
};

const isNested = (path: string): boolean => path.endsWith('/');

/** What is uncommitted. Where that is more than repositories, what is staged of them is part of it, as in a merge under way. */
const leftIn = async (run: RunGit, at: InsidePlace): Promise<readonly string[]> => {
  const { dirty } = await statusOf(run, at, 'all');
  return dirty.every(isNested) && (await unstage(run, at)) ? (await statusOf(run, at, 'all')).dirty : dirty;
};

/** Takes the files of a submodule away, its `.git` last: whoever is killed before leaves what is a submodule still. */
const takeAway = async (folder: string): Promise<void> => {
  for (const name of await readdir(folder)) if (name !== '.git') await removeAll(join(folder, name));
  await rm(join(folder, '.git'));
  await rmdir(folder);
};

/** What a link leads to is not in the worktree. Looked at before anything is moved, so that all of it is told of or nothing. */
const assertInside = async (root: string, paths: readonly string[]): Promise<void> => {
  for (const path of paths) {
    const folder = dirname(join(root, path));
    if ((await realpath(folder)) !== folder) throw dirtyWorktree({ path: root, files: path });
  }
};

/** Moves a folder out of a worktree. */
const putAside = async (from: string, to: string): Promise<void> => {
  await mkdir(dirname(to), { recursive: true, mode: 0o700 });
  await rename(from, to);
  await syncMove(from, to);
};

/**
 * Moves repositories that somebody has made in a worktree out of it, with all that is in them: git leaves them there. Of a submodule
 * that the repository itself has, with nothing but what it has there, only the files go: they are back where it is checked out again.
 */
export const nestedAsideWith = (context: GitContext): Git['moveNestedAside'] => {
  const within = worktreeGuard(context);
  return (worktree) =>
    within(worktree, async (at) => {
      const nested = (await leftIn(context.run, at)).filter(isNested).map((path) => path.slice(0, -1));
      const into = join(dirname(at.cwd), KEPT_FOLDER, `${basename(at.cwd)}-${randomUUID().slice(0, 8)}`);
      await assertInside(at.cwd, nested);
      const paths: string[] = [];
      for (const path of nested) {
        const from = join(at.cwd, path);
        if (await isInModules(context.run, at, path)) await takeAway(from);
        else {
          await putAside(from, join(into, path));
          paths.push(path);
        }
      }
      return paths.length === 0 ? null : { into, paths };
    });
};
