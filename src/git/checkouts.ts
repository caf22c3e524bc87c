import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { shorten } from '../lib/text.ts';
import type { Exit, Git } from '../ports/index.ts';
import { workToKeep } from './emptied.ts';
import { branchElsewhere, checkedOutByUser, dirtyWorktree, gitFailed, underWayThere } from './errors.ts';
import { hasIdentity, runAsSomebody } from './identity.ts';
import { unhide } from './hidden.ts';
import { needInside } from './inside.ts';
import { assertRefUnlinked } from './links.ts';
import { withOpenFolder } from './owner-rights.ts';
import { parseShortstat, refOf } from './parse.ts';
import { noteBranch, placeOf } from './places.ts';
import { assertNoneOverwritten } from './overwritten.ts';
import { checkoutOf, resolveWith } from './refs.ts';
import { type InsidePlace, LONG_MS, onFiles, type RunGit } from './run.ts';
import { STAGING, stage } from './stage.ts';
import { keepStaged } from './staged.ts';
import { NOT_NESTED, statusOf } from './status.ts';
import { adminsOf, underWayIn } from './under-way.ts';
import { withoutFiles } from './without-files.ts';
import { branchRefused, type GitContext, needBranch } from './worktrees.ts';

const OVERWRITE = /would be overwritten by checkout|would lose untracked files|Please commit your changes/u;

/** git knows more that may be in the middle than is looked for. */
const HALF_DONE = /cannot switch branch (?:while|in the middle of)/u;

const checkoutRefused = (place: string, name: string, call: { args: readonly string[]; exit: Exit }) =>
  OVERWRITE.test(call.exit.stderr)
    ? dirtyWorktree({ path: place, files: 'a checkout would overwrite it' })
    : HALF_DONE.test(call.exit.stderr)
      ? underWayThere({ path: place, what: 'a merge, a rebase or the like' })
      : branchRefused(name, call.args, call.exit);

/** Moves a worktree to a commit, without a branch. Refuses with `git/dirty` when that would lose uncommitted work. */
export const detachWith =
  (run: RunGit) =>
  async (at: InsidePlace, commit: string): Promise<void> => {
    await assertNoneOverwritten(run, at, commit);
    const args = ['checkout', '--quiet', '--no-overwrite-ignore', '--detach', commit];
    const exit = await onFiles(run, at)(args, { ...at, timeoutMs: LONG_MS, accept: 'any' });
    if (exit.code !== 0) throw checkoutRefused(at.cwd, commit, { args, exit });
  };

/** Runs the work alone in a worktree of ours; the user's checkout and other folders are refused. */
export const worktreeGuard =
  (context: GitContext) =>
  <T>(path: string, work: (at: InsidePlace) => Promise<T>): Promise<T> =>
    context.inWorktree(path, async (place) => {
      const at = await needInside(context, place);
      await context.settle(at);
      await context.privates?.carry(place);
      const result = await work(at);
      await context.privates?.carry(place);
      return result;
    });

type Checkouts = Pick<
  Git,
  'switchTo' | 'checkout' | 'attach' | 'writtenFolders' | 'worktreeState' | 'hasIdentity' | 'changes' | 'saveWork'
>;

/** An agent can make any branch its HEAD; one that is checked out elsewhere, or written elsewhere, is not moved by us. */
const assertOurs = async ({ run, commonDir }: GitContext, branch: string, place: string): Promise<void> => {
  const elsewhere = await checkoutOf(run, branch, place);
  if (elsewhere !== undefined) throw checkedOutByUser({ branch, root: elsewhere });
  await assertRefUnlinked(commonDir, refOf(branch));
};

/** Whether conflicts are left in a merge under way. */
const isUndecided = async (run: RunGit, at: InsidePlace): Promise<boolean> => {
  const { stdout } = await run(['ls-files', '--unmerged', '-z'], at);
  return stdout !== '' && (await resolveWith(run, 'MERGE_HEAD', at)) !== null;
};

/**
 * Saves what is in a merge in which conflicts are left, and has git forget that merge, with all files as they are: a commit of it
 * would be one that has merged the other side, and what is not decided yet, a picture for instance, would be dropped from there
 * on without a word. The merge is forgotten when all is kept: until then, and where that fails, it is as it was.
 */
const saveUndecided = async (
  run: RunGit,
  at: InsidePlace,
  keep: () => Promise<string | null>,
): Promise<string | null> => {
  const commit = await keep();
  const [head, aside] = ['MERGE_HEAD', 'drover-merge-head'].map((name) => join(at.env.GIT_DIR, name));
  // Whoever is killed between these two has left conflicts of no merge, which the next one saves as these.
  await rename(head!, aside!);
  try {
    const args = ['reset', '--quiet', '--mixed', commit ?? 'HEAD'];
    await withoutFiles(at, (call) => run(args, { ...call, config: STAGING, timeoutMs: LONG_MS }));
  } catch (error) {
    await rename(aside!, head!);
    throw error;
  }
  await rm(aside!, { force: true });
  return commit;
};

/** So often is a commit tried while its agent commits the same. */
const COMMIT_TRIES = 3;

/**
 * Commits what is staged; null where nothing is, or not any more: an agent may commit the same at any moment, and git ends with 1
 * then. What it says of the files there is never told, for it sees none of them.
 */
const commitStaged = async (run: RunGit, at: InsidePlace, message: string): Promise<string | null> => {
  const look = ['diff', '--cached', '--quiet', '--no-ext-diff', ...NOT_NESTED];
  const args = ['commit', '--quiet', '--no-verify', '--cleanup=whitespace', '--file=-'];
  const asked = { input: message, config: STAGING, accept: [0, 1] };
  for (let tried = 0; tried < COMMIT_TRIES; tried++) {
    const staged = await run(look, { ...at, accept: [0, 1] });
    if (staged.code === 0) return null;
    const { code } = await withoutFiles(at, (call) => runAsSomebody(run, args, { ...call, ...asked }));
    if (code === 0) return resolveWith(run, 'HEAD', at);
  }
  throw gitFailed({ command: 'commit', reason: 'whoever works there commits the same at each try' });
};

type Parts = { readonly keep: (at: InsidePlace, message: string) => Promise<string | null> };

const stateIn =
  (context: GitContext): Git['worktreeState'] =>
  async (worktree) => {
    const place = await placeOf(worktree);
    await context.privates?.look(place);
    return statusOf(context.run, place === context.root ? { cwd: place } : await needInside(context, place));
  };

const writtenIn =
  (context: GitContext): Git['writtenFolders'] =>
  async (worktree) => {
    const { env } = await needInside(context, await placeOf(worktree));
    const shared = ['objects', 'refs/heads', 'logs/refs/heads'].map((name) => `${context.commonDir}/${name}`);
    await Promise.all(shared.map((folder) => mkdir(folder, { recursive: true })));
    return [...shared, env.GIT_DIR];
  };

export const openCheckouts = (context: GitContext, { keep }: Parts): Checkouts => {
  const { run, exclusive } = context;
  const within = worktreeGuard(context);

  const take = async (at: InsidePlace, branch: string): Promise<void> => {
    await assertNoneOverwritten(run, at, refOf(branch));
    const args = ['switch', '--quiet', '--no-guess', '--no-overwrite-ignore', branch];
    const exit = await exclusive(() => onFiles(run, at)(args, { ...at, timeoutMs: LONG_MS, accept: 'any' }));
    if (exit.code === 0) return noteBranch(at.env.GIT_DIR, branch);
    await needBranch(run, branch);
    throw checkoutRefused(at.cwd, branch, { args, exit });
  };

  const switchTo: Git['switchTo'] = (worktree, branch, from) =>
    within(worktree, async (at) => {
      await unhide(run, at);
      const now = await statusOf(run, at);
      if (from !== undefined && now.branch !== from) return;
      if (now.branch === branch) return noteBranch(at.env.GIT_DIR, branch);
      const half = await underWayIn(await adminsOf(at.env.GIT_DIR));
      if (half !== null) throw underWayThere({ path: at.cwd, what: `a ${half}` });
      // git would carry uncommitted work along where it can, from one task's branch to that of another.
      if (now.dirty.length > 0) throw dirtyWorktree({ path: at.cwd, files: shorten(now.dirty.join(', '), 200) });
      await context.moving(at, await needBranch(run, branch), () => take(at, branch));
    });

  const attach: Git['attach'] = (worktree, branch) =>
    within(worktree, async (at) => {
      const commit = await needBranch(run, branch);
      const head = (await run(['rev-parse', '--verify', 'HEAD'], at)).stdout.trim();
      if (commit !== head) throw branchElsewhere({ branch, at: commit });
      await take(at, branch);
    });

  const checkout: Git['checkout'] = (worktree, commit) =>
    within(worktree, async (at) => {
      const args = ['checkout', '--quiet', '--force', '--detach', commit];
      await context.moving(at, commit, async () => void (await onFiles(run, at)(args, { ...at, timeoutMs: LONG_MS })));
      await noteBranch(at.env.GIT_DIR, null);
    });

  const saveWork: Git['saveWork'] = (worktree, message, on) =>
    within(worktree, async (at) => {
      await unhide(run, at);
      const { dirty, branch } = await workToKeep(run, at);
      if (dirty.length === 0 || (on !== undefined && on !== branch)) return null;
      if (branch !== null) await assertOurs(context, branch, at.cwd);
      await keepStaged(context, at);
      if (await isUndecided(run, at)) return saveUndecided(run, at, () => keep(at, message.trimEnd()));
      await withOpenFolder(at.cwd, () => stage(run, at, dirty));
      return commitStaged(run, at, message);
    });

  const changes: Git['changes'] = async (from, to) => {
    // A file under another name counts as everywhere: as one that is gone and one that is new.
    const flags = ['--shortstat', '--no-ext-diff', '--no-textconv', '--no-renames'];
    const [count, merged] = await Promise.all([
      run(['rev-list', '--count', `${from}..${to}`]),
      run(['diff', ...flags, `${from}...${to}`], { accept: 'any' }),
    ]);
    // Histories without a commit in common have no base to compare with.
    const diff = merged.code === 0 ? merged : await run(['diff', ...flags, from, to]);
    return { commits: Number(count.stdout), ...parseShortstat(diff.stdout) };
  };

  const worktreeState = stateIn(context);
  const hasOwnIdentity: Git['hasIdentity'] = async (worktree, env) => {
    const at = await needInside(context, await placeOf(worktree));
    return hasIdentity(run, { ...at, env: { ...at.env, ...env } });
  };

  const writtenFolders = writtenIn(context);
  return { switchTo, attach, writtenFolders, checkout, saveWork, changes, worktreeState, hasIdentity: hasOwnIdentity };
};
