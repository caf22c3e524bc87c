import { fieldsOf } from './parse.ts';
import { type InsidePlace, LONG_MS, type RunGit } from './run.ts';
import { sparseAt } from './sparse.ts';
import { STAGING } from './stage.ts';
import { withoutFiles } from './without-files.ts';

/** The mark of a file that git was told to take for unchanged, and of one that it was told not to look at; a small one is both. */
const ASSUMED = /^[a-z] /u;
const SKIPPED = /^[Ss] /u;

/**
 * Has git look at every tracked file again: an agent can have told it not to (`update-index --assume-unchanged`, or
 * `--skip-worktree`), and then what it changed there is seen by nobody. How many files those were. In a sparse checkout git
 * itself leaves files out so, and looks at those that are there all the same.
 */
export const unhide = async (run: RunGit, at: InsidePlace): Promise<number> => {
  const { stdout } = await run(['ls-files', '-v', '-z'], { ...at, timeoutMs: LONG_MS });
  const rows = fieldsOf(stdout).filter((row) => ASSUMED.test(row) || SKIPPED.test(row));
  const assumed = rows.filter((row) => ASSUMED.test(row));
  const skipped = rows.filter((row) => SKIPPED.test(row));
  const isSparse = skipped.length > 0 && (await sparseAt(run, at)) !== null;
  const clear = async (flag: string, found: readonly string[]): Promise<void> => {
    const input = found.map((row) => `${row.slice(2)}\0`).join('');
    const args = ['update-index', flag, '-z', '--stdin'];
    if (found.length > 0) await withoutFiles(at, (call) => run(args, { ...call, input, config: STAGING }));
  };
  await clear('--no-assume-unchanged', assumed);
  if (!isSparse) await clear('--no-skip-worktree', skipped);
  return isSparse ? assumed.length : rows.length;
};
