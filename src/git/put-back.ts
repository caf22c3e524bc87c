import { namedFiles } from '../lib/names.ts';
import { pathsIn } from './overwritten.ts';
import { type InsidePlace, LONG_MS, type RunGit } from './run.ts';

type Move = { readonly from: string; readonly to: string };

/** What the index has otherwise than a commit, of what changes from it to the other one. */
const stagedOf = async (run: RunGit, at: InsidePlace, { from, to }: Move): Promise<string[]> => {
  const flags = ['-z', '--name-only', '--no-renames'];
  const [staged, changing] = await Promise.all(
    [
      ['diff-index', '--cached', ...flags, from, '--'],
      ['diff-tree', '-r', ...flags, from, to, '--'],
    ].map(async (args) => pathsIn((await run(args, at)).stdout)),
  );
  const isChanging = new Set(changing);
  return staged!.filter((path) => isChanging.has(path));
};

/**
 * Puts files and index back where git has written them and then could not move the branch, and says what stays: nothing is taken
 * from a person who had changed some of it.
 */
export const putIndexBack = async (
  run: RunGit,
  at: InsidePlace,
  move: Move,
  theirs: readonly string[],
): Promise<string> => {
  const written = (await stagedOf(run, at, move)).filter((path) => !theirs.includes(path));
  if (written.length === 0) return '';
  if (theirs.length === 0) {
    const args = ['read-tree', '-m', '-u', move.to, move.from];
    if ((await run(args, { ...at, accept: 'any', timeoutMs: LONG_MS })).code === 0) return '';
  }
  return `; what git had written of it by then is left staged in ${at.cwd}: ${namedFiles(written)}`;
};
