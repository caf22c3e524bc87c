import { z } from 'zod';
import type { Git } from '../ports/index.ts';
import { dirtyWorktree } from './errors.ts';
import { type CutOff, openNotes } from './notes.ts';
import { branchOf } from './parse.ts';
import { textOf } from './places.ts';
import { resolveWith } from './refs.ts';
import { type InsidePlace, LONG_MS, onFiles, type RunGit } from './run.ts';
import { statusOf } from './status.ts';

/** What a worktree is being moved from and to. */
const note = z.object({
  worktree: z.string(),
  /** What is checked out there; null for no branch. */
  branch: z.string().nullable(),
  from: z.string(),
  to: z.string(),
  /** Whether the branch goes along; else something else is checked out. */
  along: z.boolean().default(true),
});
export type MoveNote = z.infer<typeof note>;
export type Cut = CutOff<MoveNote>;

export const moveNotes = openNotes<MoveNote>('advancing', note);

export type TakeBack = (at: InsidePlace, one: MoveNote) => Promise<boolean>;

type Parts = Pick<Git, 'archive'> & { readonly keep: (at: InsidePlace, message: string) => Promise<string | null> };

const FROM_LIST = ['--pathspec-from-file=-', '--pathspec-file-nul'] as const;

/**
 * Takes half of a move back; whether there was anything to take back. Only what the move would change is touched, and what
 * is in those files by now, whoever wrote it, is in the archive before.
 */
export const takeBackWith =
  (run: RunGit, { keep, archive }: Parts): TakeBack =>
  async (at, { branch, from, to }) => {
    const now = await statusOf(run, at, 'all');
    if (now.branch !== branch || now.head !== from || now.dirty.length === 0) return false;
    const paths = async (filter: string): Promise<readonly string[]> => {
      const args = ['diff', '--name-only', '--no-renames', '-z', `--diff-filter=${filter}`, from, to];
      return (await run(args, at)).stdout.split('\0').filter((path) => path !== '');
    };
    const [known, added] = await Promise.all([paths('a'), paths('A')]);
    const dirty = new Set(now.dirty);
    if (![...known, ...added].some((path) => dirty.has(path))) return false;
    const found = await keep(at, 'Found where an update was cut off');
    if (found !== null) await archive('cut-off', found);
    await onFiles(run, at)(['reset', '--quiet', '--mixed'], { ...at, timeoutMs: LONG_MS });
    // What a sparse checkout leaves out differs from nothing, and git would not find it.
    const changed = new Set((await statusOf(run, at, 'all')).dirty);
    const half = known.filter((path) => changed.has(path));
    const input = half.map((path) => `${path}\0`).join('');
    const write = onFiles(run, at);
    if (half.length > 0) await write(['checkout', '--quiet', from, ...FROM_LIST], { ...at, input, timeoutMs: LONG_MS });
    for (let first = 0; first < added.length; first += 200)
      await write(['clean', '-fxq', '--', ...added.slice(first, first + 200)], at);
    return true;
  };

/** What a worktree has checked out, read from the file that says it. */
const headOf = async (run: RunGit, at: InsidePlace): Promise<{ branch: string | null; head: string | null }> => {
  const text = (await textOf(`${at.env.GIT_DIR}/HEAD`)) ?? '';
  const branch = text.startsWith('ref: ') ? branchOf(text.slice('ref: '.length)) : null;
  return { branch, head: /^[0-9a-f]{40,64}$/u.test(text) ? text : await resolveWith(run, 'HEAD', at) };
};

/** Checks something else out in a worktree, by the work that does it. */
export type Moving = (at: InsidePlace, to: string, work: () => Promise<void>) => Promise<void>;

/**
 * Runs what checks another commit out in a worktree, with a note beside it: files that a killed process has written already
 * are not taken for somebody's work on what is still checked out. What fails in the middle is taken back at once.
 */
export const movingWith =
  ({ commonDir, run }: { commonDir: string; run: RunGit }, takeBack: TakeBack): Moving =>
  async (at, to, work) => {
    const { branch, head: from } = await headOf(run, at);
    if (from === null || from === to) return work();
    const one = { worktree: at.cwd, branch, from, to, along: false };
    const forget = await moveNotes.write(commonDir, one.worktree, one);
    try {
      await work();
    } catch (error) {
      // git looks before it writes: what is in the way then is somebody's. Where nothing can be taken back the note stays.
      const isAsBefore =
        dirtyWorktree.matches(error) ||
        (await takeBack(at, one).then(
          () => true,
          () => false,
        ));
      if (isAsBefore) await forget();
      throw error;
    }
    await forget();
  };
