import type { Git } from '../ports/index.ts';
import { changeRef } from './change-ref.ts';
import { worktreeGuard } from './checkouts.ts';
import { branchElsewhere, dirtyWorktree, notOurs, worktreeGone } from './errors.ts';
import { needInside } from './inside.ts';
import { assertRefUnlinked } from './links.ts';
import { type Cut, type MoveNote, moveNotes, type TakeBack } from './moves.ts';
import { refOf } from './parse.ts';
import { sweepIncoming } from './private/enclosure.ts';
import { refsLeftLocked, sweepRefNotes } from './ref-notes.ts';
import { resolveWith } from './refs.ts';
import { DURABLE, type InsidePlace, LONG_MS, onFiles } from './run.ts';
import { unlockRef } from './stale-locks.ts';
import { statusOf } from './status.ts';
import { settleSubmodules } from './submodules.ts';
import type { GitContext } from './worktrees.ts';

type Parts = Pick<Git, 'unlock'> & { readonly takeBack: TakeBack };

type Advances = Pick<Git, 'advance' | 'finishAdvances'> & Pick<GitContext, 'settle'>;

/**
 * Moves a worktree of ours and its branch to another commit, together: the files first, without a branch, then the
 * branch, then the branch is checked out. A note says what is under way, so that whoever comes after a process that was
 * killed in between brings it to an end, or takes it back.
 */
export const openAdvances = (context: GitContext, { unlock, takeBack }: Parts): Advances => {
  const { commonDir, run, exclusive } = context;
  const within = worktreeGuard(context);

  const take = (at: InsidePlace, branch: string) =>
    exclusive(() =>
      onFiles(run, at)(['switch', '--quiet', '--no-guess', '--no-overwrite-ignore', branch], {
        ...at,
        timeoutMs: LONG_MS,
      }),
    );

  type Move = Pick<MoveNote, 'from' | 'to'> & { readonly branch: string };

  /** Moves the branch if it still is where it was, and has it checked out again wherever it is. */
  const land = async (at: InsidePlace, { branch, from, to }: Move): Promise<boolean> => {
    const ref = refOf(branch);
    await assertRefUnlinked(commonDir, ref);
    const args = ['update-ref', '--create-reflog', '-m', 'drover: sync', ref, to, from];
    const exit = await changeRef(context, ref, () => run(args, { accept: 'any', config: DURABLE }));
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
      const move = { branch, from, to };
      const forget = await moveNotes.write(commonDir, at.cwd, { worktree: at.cwd, ...move, along: true });
      try {
        await context.detach(at, to);
      } catch (error) {
        // git looks before it writes: then nothing has changed.
        if (dirtyWorktree.matches(error)) await forget();
        throw error;
      }
      const landed = await land(at, move);
      await forget();
      return landed;
    });

  /** Brings a move to its end where its files are all written, else takes it back. */
  const finish = async (at: InsidePlace, { one, forget }: Cut): Promise<void> => {
    const { branch, from, to, along } = one;
    await unlock(at.cwd, branch);
    const now = await statusOf(run, at, 'all');
    if (along && branch !== null && now.branch === null && now.head === to) {
      if ((await resolveWith(run, refOf(branch))) === to) await take(at, branch);
      else await land(at, { branch, from, to });
    } else await takeBack(at, one);
    await forget();
  };

  const settle: GitContext['settle'] = async (at) => {
    await settleSubmodules(at.env.GIT_DIR, at.cwd);
    const cut = await moveNotes.at(commonDir, at.cwd);
    if (cut) await finish(at, cut);
  };

  const finishAdvances: Git['finishAdvances'] = async () => {
    // Of a ref that nobody changes again it would stay, and be in the way of whoever has git pack all refs.
    for (const ref of await refsLeftLocked(commonDir)) await unlockRef(context, ref).catch(() => undefined);
    await sweepRefNotes(commonDir);
    await sweepIncoming(commonDir);
    const all = await moveNotes.all(commonDir);
    const failures: unknown[] = [];
    for (const cut of all)
      try {
        await context.inWorktree(cut.one.worktree, async (place) => finish(await needInside(context, place), cut));
      } catch (error) {
        // One that is gone holds up no other.
        if (worktreeGone.matches(error) || notOurs.matches(error)) await cut.forget();
        else failures.push(error);
      }
    if (failures.length > 0) throw failures[0];
    return all.map(({ one }) => one.worktree);
  };

  return { advance, finishAdvances, settle };
};
