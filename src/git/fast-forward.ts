import { codeOf, messageOf } from '../lib/errors.ts';
import type { Mutex } from '../lib/mutex.ts';
import { namedFiles } from '../lib/names.ts';
import { WOULD_BE_OVERWRITTEN } from '../lib/would-be-overwritten.ts';
import type { Exit, Git } from '../ports/index.ts';
import { dirtyWorktree, gitBusy, gitFailed, gitStalled, gitTimedOut } from './errors.ts';
import { filterTrouble } from './filter-trial.ts';
import { finishForwardsWith, forwardNotes, insideOf, settleForward } from './forward-cut.ts';
import { lockInTheWay, locksOf } from './lock-in-the-way.ts';
import { assertNoneOverwritten, inTheWayOf } from './overwritten.ts';
import { amIn, heldBy } from './held-branch.ts';
import { branchOf, refOf } from './parse.ts';
import { checkoutOf, headBranch, resolveWith } from './refs.ts';
import { DURABLE, type InsidePlace, LONG_MS, type RunGit, reasonOf } from './run.ts';
import { syncFiles } from './sync-files.ts';
import { lookBefore, putAllBack, undoneText } from './unfinished-files.ts';

type Context = {
  readonly commonDir: string;
  readonly run: RunGit;
  readonly exclusive: Mutex;
  readonly moveUnused: Git['moveBranch'];
  readonly shut: Parameters<typeof filterTrouble>[0]['shut'];
};
type Move = { readonly branch: string; readonly from: string; readonly to: string };
type Moved = Awaited<ReturnType<Git['fastForward']>>;

const changedText = (files: readonly string[], root: string): string =>
  `${namedFiles(files)} ${files.length === 1 ? 'is' : 'are'} changed in ${root}, and ${WOULD_BE_OVERWRITTEN}`;

const goneText = (root: string): string =>
  `it is checked out in ${root}, which is gone: bring it back, or have git forget it with "git worktree prune"`;

/** Why git did not bring a checkout forward: the files that it would have overwritten, or what it said. */
const whyNot = (exit: Exit, root: string): string => {
  const files = [...exit.stderr.matchAll(/^\t(?<file>.+)$/gmu)].map(({ groups }) => groups?.['file'] ?? '');
  return files.length > 0 ? changedText(files, root) : reasonOf(exit);
};

/** So often somebody else's lock is waited for, each time as long as a call of git waits by itself. */
const TURNS = 20;

/** Makes a call once nobody is at work there; the last time it is refused as busy that stands. */
const untilFree = async <T>(call: () => Promise<T>): Promise<T> => {
  for (let left = TURNS; ; left -= 1)
    try {
      return await call();
    } catch (error) {
      if (!gitBusy.matches(error) || left === 1) throw error;
    }
};

const noBranch = (name: string): string => `${name} is another name of what is no branch`;

/** The branch that is moved when one is that a person has made another name of it: git calls it so where it is checked out. */
const branchBehind = async (run: RunGit, branch: string): Promise<string | null> => {
  const { code, stdout } = await run(['symbolic-ref', '--quiet', refOf(branch)], { accept: [0, 1] });
  return code === 0 ? branchOf(stdout.trim()) : branch;
};

/** What of a sparse checkout would be overwritten that git does not track; null for nothing. */
const wouldLose = async (run: RunGit, at: InsidePlace, to: string): Promise<string | null> => {
  try {
    await assertNoneOverwritten(run, at, to);
    return null;
  } catch (error) {
    if (dirtyWorktree.matches(error)) return messageOf(error);
    throw error;
  }
};

/** Whether git was called and did not come to a good end, by itself or because it was stopped. */
const hasEndedBadly = (error: unknown): boolean =>
  gitFailed.matches(error) || gitTimedOut.matches(error) || gitStalled.matches(error);

/** The index as well: by what it notes of the files those are found that a power cut has emptied. */
const WITH_INDEX = [...DURABLE, `${DURABLE[0]},index`];

/** Has git bring a checkout forward, as a whole or not at all, and that on the disk; why it did not. */
const wholly = async (
  run: RunGit,
  at: InsidePlace,
  move: Move,
  undo: (wasKilled: boolean) => Promise<string>,
): Promise<string | null> => {
  const { cwd } = at;
  // The branch itself may be set to be merged otherwise: a squash would change the checkout, and move nothing.
  const flags = ['--ff-only', '--no-squash', '--no-stat', '--quiet', '--no-autostash', '--no-overwrite-ignore'];
  const call = { cwd, accept: 'any', outlives: true, timeoutMs: LONG_MS, config: WITH_INDEX } as const;
  try {
    const exit = await run(['merge', ...flags, move.to], call);
    if (exit.code !== 0) return `${whyNot(exit, cwd)}${await undo(false)}`;
  } catch (error) {
    if (!hasEndedBadly(error)) throw error;
    return `${messageOf(error)}${await undo(true)}`;
  }
  await syncFiles(run, at, move);
  return null;
};

/** The fast-forward in a checkout: looked at again before each try, because a person may be at work there meanwhile. */
const bringForward = async (context: Context, root: string, { branch, from, to }: Move): Promise<Moved> => {
  const { commonDir, run, shut } = context;
  const at = { cwd: root };
  const inside = await insideOf(context, root);
  const gitDir = inside.env.GIT_DIR;
  const moved = { kind: 'refused', why: `${branch} was moved meanwhile` } as const;
  const tip = () => resolveWith(run, refOf(branch), at);
  const cut = await forwardNotes.at(commonDir, root);
  if (cut) await settleForward(context, cut, { waits: true });
  const parts = { run, at: inside, locks: locksOf({ gitDir, commonDir, branch }) };
  const before = await lookBefore(parts, { from, to });
  // Whether what was put back is as it was: of what is not a note stays, by which it is tried again.
  let isPutBack = true;
  const undo = async (wasKilled: boolean): Promise<string> => {
    try {
      return undoneText(await putAllBack(parts, { from, to }, before, wasKilled), root);
    } catch (error) {
      isPutBack = false;
      return `; what git had written in ${root} by then is not put back, which is tried again before the next time: ${messageOf(error)}`;
    }
  };
  // Forgets that git was let write there; undefined until it was.
  let forget: (() => Promise<void>) | undefined;
  const once = async (): Promise<Moved> => {
    const now = await tip();
    // The one that a killed process ordered went on to its end.
    if (now === to) return { kind: 'moved' };
    if (now !== from) return moved;
    if ((await headBranch(run, at)) !== branch)
      return { kind: 'refused', why: `it is not checked out in ${root} any more` };
    const why =
      (await amIn(gitDir, root)) ??
      (await lockInTheWay({ root, gitDir, commonDir, branch })) ??
      (await wouldLose(run, inside, to)) ??
      (await filterTrouble({ run, commonDir, shut }, { root, gitDir, from, to }));
    if (why !== null) return { kind: 'refused', why };
    forget = await forwardNotes.write(commonDir, root, { root, branch, from, to, ...before, at: Date.now() });
    const trouble = await wholly(run, inside, { branch, from, to }, undo);
    if (isPutBack) await forget();
    forget = undefined;
    if (trouble !== null) return { kind: 'refused', why: trouble };
    return (await tip()) === to ? { kind: 'moved' } : moved;
  };
  const done = await untilFree(once).catch((error: unknown): Moved => {
    if (!gitBusy.matches(error)) throw error;
    return { kind: 'refused', why: messageOf(error) };
  });
  // Git was held up by a lock when it may have written already.
  if (forget === undefined) return done;
  const isStuck = done.kind === 'refused' && (await tip()) === from && (await headBranch(run, at)) === branch;
  const end: Moved = isStuck ? { kind: 'refused', why: `${done.why}${await undo(false)}` } : done;
  if (isPutBack) await forget();
  return end;
};

/**
 * A fast-forward of a person's own branch. Where it is checked out git itself brings files, index and branch forward
 * together, and refuses to touch a file that was changed or that it does not track.
 */
const fastForwardWith =
  (context: Context): Git['fastForward'] =>
  async (name, from, to) => {
    const { run, exclusive, moveUnused } = context;
    const branch = await branchBehind(run, name);
    if (branch === null) return { kind: 'refused', why: noBranch(name) };
    const root = await exclusive(() => checkoutOf(run, branch));
    if (root !== undefined)
      return bringForward(context, root, { branch, from, to }).catch((error: unknown): Moved => {
        if (codeOf(error) !== 'process/no-folder') throw error;
        return { kind: 'refused', why: goneText(root) };
      });
    const held = await heldBy(context, branch);
    if (held !== null) return { kind: 'refused', why: held };
    if (await moveUnused(branch, from, to)) return { kind: 'moved' };
    return { kind: 'refused', why: `${branch} was moved meanwhile` };
  };

/** What is in the way of that in a checkout. */
const troubleAt = async (
  context: Pick<Context, 'commonDir' | 'run'>,
  root: string,
  move: { readonly from: string; readonly to: string },
): Promise<string | null> => {
  const inside = await insideOf(context, root);
  const half = await amIn(inside.env.GIT_DIR, root);
  if (half !== null) return half;
  const files = await inTheWayOf(context.run, inside, move);
  return files.length === 0 ? null : changedText(files, root);
};

/**
 * What is in the way of that, as far as a look tells that touches nothing: what a filter says is found out only when files are
 * written.
 */
const forwardTroubleWith =
  (context: Omit<Context, 'moveUnused' | 'shut'>): Git['forwardTrouble'] =>
  async (name, from, to) => {
    const { run, exclusive } = context;
    const branch = await branchBehind(run, name);
    if (branch === null) return noBranch(name);
    const root = await exclusive(() => checkoutOf(run, branch));
    if (root === undefined) return heldBy(context, branch);
    try {
      return await troubleAt(context, root, { from, to });
    } catch (error) {
      if (codeOf(error) === 'process/no-folder') return goneText(root);
      // What a look cannot tell the try itself does.
      if (hasEndedBadly(error)) return null;
      throw error;
    }
  };

/** Deliveries to branches of a person, which may be checked out. */
export const openForwards = (context: Context): Pick<Git, 'fastForward' | 'forwardTrouble' | 'finishForwards'> => ({
  fastForward: fastForwardWith(context),
  forwardTrouble: forwardTroubleWith(context),
  finishForwards: finishForwardsWith(context),
});
