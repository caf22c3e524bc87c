import { createHash } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { z } from 'zod';
import type { Git } from '../ports/index.ts';
import { worktreeGuard } from './checkouts.ts';
import { branchElsewhere, dirtyWorktree } from './errors.ts';
import { assertRefUnlinked } from './links.ts';
import { refOf } from './parse.ts';
import { withRefNote } from './ref-notes.ts';
import { resolveWith } from './refs.ts';
import { DURABLE, type InsidePlace, LONG_MS } from './run.ts';
import { statusOf } from './status.ts';
import type { GitContext } from './worktrees.ts';

/** What a worktree is being moved from and to; it lies on the disk for as long as that takes. */
const note = z.object({ worktree: z.string(), branch: z.string(), from: z.string(), to: z.string() });
type Note = z.infer<typeof note>;

const NOTES = 'drover/advancing';

const noteFile = (commonDir: string, worktree: string): string =>
  `${commonDir}/${NOTES}/${createHash('sha256').update(worktree).digest('hex').slice(0, 16)}.json`;

/** On the disk before the first file changes: what is half done after a power cut is known by it. */
const writeNote = async (commonDir: string, one: Note): Promise<() => Promise<void>> => {
  await mkdir(`${commonDir}/${NOTES}`, { recursive: true, mode: 0o700 });
  const path = noteFile(commonDir, one.worktree);
  const file = await open(`${path}.new`, 'w', 0o600);
  try {
    await file.writeFile(JSON.stringify(one));
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.new`, path);
  return () => rm(path, { force: true });
};

const readNote = async (path: string): Promise<Note | undefined> => {
  try {
    return note.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return undefined;
  }
};

type Parts = Pick<Git, 'unlock' | 'snapshot' | 'archive'>;

/** Takes half of an update back: what is in its files by now, whoever wrote it, is in the archive before. */
const takeBack = async (
  { run }: GitContext,
  { snapshot, archive }: Parts,
  at: InsidePlace,
  { worktree, from, to }: Note,
): Promise<void> => {
  const found = await snapshot(worktree, 'Found where an update was cut off');
  if (found !== null) await archive('cut-off', found);
  const paths = async (filter: string): Promise<readonly string[]> => {
    const args = ['diff', '--name-only', '--no-renames', '-z', `--diff-filter=${filter}`, from, to];
    return (await run(args, at)).stdout.split('\0').filter((path) => path !== '');
  };
  const [known, added] = await Promise.all([paths('a'), paths('A')]);
  await run(['reset', '--quiet', '--mixed'], { ...at, timeoutMs: LONG_MS });
  const list = ['--pathspec-from-file=-', '--pathspec-file-nul'];
  const input = known.map((path) => `${path}\0`).join('');
  if (known.length > 0) await run(['checkout', '--quiet', from, ...list], { ...at, input, timeoutMs: LONG_MS });
  for (let first = 0; first < added.length; first += 200)
    await run(['clean', '-fxq', '--', ...added.slice(first, first + 200)], at);
};

/**
 * Moves a worktree of ours and its branch to another commit, together: the files first, without a branch, then the
 * branch, then the branch is checked out. A note says what is under way, so that whoever comes after a process that was
 * killed in between brings it to an end, or takes it back.
 */
export const openAdvances = (context: GitContext, parts: Parts): Pick<Git, 'advance' | 'finishAdvances'> => {
  const { commonDir, run, exclusive } = context;
  const within = worktreeGuard(context);

  const take = (at: InsidePlace, branch: string) =>
    exclusive(() => run(['switch', '--quiet', '--no-guess', branch], { ...at, timeoutMs: LONG_MS }));

  /** Moves the branch if it still is where it was, and has it checked out again wherever it is. */
  const land = async (at: InsidePlace, { branch, from, to }: Note): Promise<boolean> => {
    const ref = refOf(branch);
    await assertRefUnlinked(commonDir, ref);
    const args = ['update-ref', '--create-reflog', '-m', 'drover: sync', ref, to, from];
    const exit = await withRefNote(commonDir, ref, () => run(args, { accept: 'any', config: DURABLE }));
    await take(at, branch);
    return exit.code === 0;
  };

  const assertAt = async (at: InsidePlace, { branch, from }: { branch: string; from: string }): Promise<void> => {
    const now = await statusOf(run, at);
    if (now.branch !== branch || now.head !== from) throw branchElsewhere({ branch, at: now.head });
    if (now.dirty.length > 0) throw dirtyWorktree({ path: at.cwd, files: now.dirty.slice(0, 5).join(', ') });
  };

  const advance: Git['advance'] = (worktree, { branch, from, to }) =>
    within(worktree, async (at) => {
      await assertAt(at, { branch, from });
      if (from === to) return true;
      const one = { worktree: at.cwd, branch, from, to };
      const forget = await writeNote(commonDir, one);
      try {
        await context.detach(at, to);
      } catch (error) {
        // git looks before it writes: then nothing has changed.
        if (dirtyWorktree.matches(error)) await forget();
        throw error;
      }
      const landed = await land(at, one);
      await forget();
      return landed;
    });

  const finish = async (one: Note): Promise<void> => {
    const { worktree, branch, from, to } = one;
    await parts.unlock(worktree, branch);
    const half = await within(worktree, async (at): Promise<boolean> => {
      const now = await statusOf(run, at, 'all');
      if (now.branch === null && now.head === to) {
        if ((await resolveWith(run, refOf(branch))) === to) await take(at, branch);
        else await land(at, one);
      }
      return now.branch === branch && now.head === from && now.dirty.length > 0;
    });
    if (!half) return;
    const found = await within(worktree, async (at) => at);
    await takeBack(context, parts, found, one);
  };

  const finishAdvances: Git['finishAdvances'] = async () => {
    const names = await readdir(`${commonDir}/${NOTES}`).catch(() => []);
    const finished: string[] = [];
    for (const name of names.filter((one) => one.endsWith('.json'))) {
      const path = `${commonDir}/${NOTES}/${name}`;
      const one = await readNote(path);
      if (one) {
        await finish(one);
        finished.push(one.worktree);
      }
      await rm(path, { force: true });
    }
    return finished;
  };

  return { advance, finishAdvances };
};
