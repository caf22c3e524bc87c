import { randomUUID } from 'node:crypto';
import { mkdir, realpath, rename } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Git } from '../ports/index.ts';
import { worktreeGuard } from './checkouts.ts';
import { dirtyWorktree } from './errors.ts';
import { syncMove } from './places.ts';
import { fieldsOf } from './parse.ts';
import type { InsidePlace, RunGit } from './run.ts';
import { statusOf } from './status.ts';
import type { GitContext } from './worktrees.ts';

/** The folder beside worktrees for what was left in one and can be in no commit. */
const KEPT_FOLDER = '.drover-kept';

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

/** Moves repositories that somebody has made in a worktree out of it, with all that is in them: git leaves them there. */
export const nestedAsideWith = (context: GitContext): Git['moveNestedAside'] => {
  const within = worktreeGuard(context);
  return (worktree) =>
    within(worktree, async (at) => {
      const nested = (await leftIn(context.run, at)).filter(isNested).map((path) => path.slice(0, -1));
      const into = join(dirname(at.cwd), KEPT_FOLDER, `${basename(at.cwd)}-${randomUUID().slice(0, 8)}`);
      // What a link leads to is not in the worktree; looked at before anything is moved, so that all of it is told of or nothing.
      for (const path of nested) {
        const folder = dirname(join(at.cwd, path));
        if ((await realpath(folder)) !== folder) throw dirtyWorktree({ path: at.cwd, files: path });
      }
      for (const path of nested) {
        const from = join(at.cwd, path);
        const to = join(into, path);
        await mkdir(dirname(to), { recursive: true, mode: 0o700 });
        await rename(from, to);
        await syncMove(from, to);
      }
      return nested.length === 0 ? null : { into, paths: nested };
    });
};
