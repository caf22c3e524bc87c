import { lstat, mkdir } from 'node:fs/promises';
import { fieldsOf } from './parse.ts';
import { join } from 'node:path';
import type { Exit, Git, Sparse } from '../ports/index.ts';
import { needInside } from './inside.ts';
import { placeOf, textOf } from './places.ts';
import { writeWhole } from './private/note.ts';
import { type InsidePlace, LONG_MS, type RunGit } from './run.ts';

/** The file among git's own of a worktree that says what it has. */
const PATTERNS = 'info/sparse-checkout';

/** The patterns of more folders than anybody names, in bytes. */
const LARGEST = 16 * 1024 * 1024;

/**
 * Has a worktree leave out what is not named. git's own command does it: it alone knows what has to move to where in the
 * repository's configuration when the first of its worktrees gets settings of its own.
 */
const set = (run: RunGit, at: InsidePlace, mode: '--cone' | '--no-cone', lines: string): Promise<unknown> =>
  run(['sparse-checkout', 'set', mode, '--stdin'], { ...at, input: lines, timeoutMs: LONG_MS });

/** Has a worktree whose files are not written yet get those of these folders, and those at the top. */
export const keepFolders = async (run: RunGit, at: InsidePlace, folders: readonly string[]): Promise<void> => {
  await set(run, at, '--cone', folders.map((folder) => `${folder}\n`).join(''));
};

/** Puts what a worktree has of its files into another git directory of it. */
export const copySparse = async (folder: string, { patterns }: Sparse): Promise<void> => {
  await mkdir(join(folder, 'info'), { recursive: true, mode: 0o700 });
  await writeWhole(join(folder, PATTERNS), patterns);
};

/** Has a worktree that has no index yet leave out what it once left out. */
export const keepSparse = async (run: RunGit, at: InsidePlace, { cone, patterns }: Sparse): Promise<void> => {
  await set(run, at, cone ? '--cone' : '--no-cone', '');
  await copySparse(at.env.GIT_DIR, { cone, patterns });
};

/** Whether a worktree may leave something out, by what git keeps of it. */
export const isSparse = (admin: string): Promise<boolean> =>
  lstat(join(admin, PATTERNS)).then(
    () => true,
    () => false,
  );

/** The mark of a file that an index has and a sparse checkout leaves out. */
export const LEFT_OUT = 'S ';

/** The files that an index has, or those of them at these paths, each behind a mark of two letters. */
export const withMarks = async (
  run: (args: readonly string[]) => Promise<Exit>,
  paths: readonly string[] = [],
): Promise<readonly string[]> => fieldsOf((await run(['ls-files', '-t', '-z', '--', ...paths])).stdout);

/** What a worktree has of its files; null for all of them. */
export const sparseAt = async (run: RunGit, at: InsidePlace): Promise<Sparse | null> => {
  const asked = ['config', '--type=bool', '-z', '--get-regexp', String.raw`^core\.sparsecheckout(cone)?$`];
  const { stdout } = await run(asked, { ...at, accept: [0, 1] });
  const values = new Map(stdout.split('\0').map((one) => one.split('\n') as [string, string]));
  if (values.get('core.sparsecheckout') !== 'true') return null;
  const patterns = await textOf(join(at.env.GIT_DIR, PATTERNS), LARGEST);
  // Without them git has all files there.
  return patterns === undefined
    ? null
    : { cone: values.get('core.sparsecheckoutcone') === 'true', patterns: `${patterns}\n` };
};

/** Those of the folders that a commit does not have. */
export const missingFoldersWith =
  (run: RunGit): Git['missingFolders'] =>
  async (commit, folders) => {
    const input = folders.map((folder) => `${commit}:${folder}\n`).join('');
    const { stdout } = await run(['cat-file', '--batch-check=%(objecttype)'], { input });
    const types = stdout.split('\n');
    return folders.filter((_, n) => types[n] !== 'tree');
  };

export const openSparse = (repository: Parameters<typeof needInside>[0]): Pick<Git, 'sparse' | 'missingFolders'> => ({
  sparse: async (worktree) => sparseAt(repository.run, await needInside(repository, await placeOf(worktree))),
  missingFolders: missingFoldersWith(repository.run),
});
