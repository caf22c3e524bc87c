import { shorten } from '../lib/text.ts';
import type { Exit, Git } from '../ports/index.ts';
import { branchElsewhere, dirtyWorktree, notOurs, worktreeGone } from './errors.ts';
import { identityFor } from './identity.ts';
import { parseShortstat, parseStatus } from './parse.ts';
import { isLinked, occupantOf, registrationOf } from './places.ts';
import { resolveWith } from './refs.ts';
import { DURABLE, LONG_MS, type RunGit } from './run.ts';
import { branchRefused, type GitContext, needBranch } from './worktrees.ts';

const OVERWRITE = /would be overwritten by checkout|would lose untracked files|Please commit your changes/u;

const checkoutRefused = (place: string, name: string, call: { args: readonly string[]; exit: Exit }) =>
  OVERWRITE.test(call.exit.stderr)
    ? dirtyWorktree({ path: place, files: 'a checkout would overwrite it' })
    : branchRefused(name, call.args, call.exit);

/** Moves a worktree to a commit, without a branch. Refuses with `git/dirty` when that would lose uncommitted work. */
export const detachWith =
  (run: RunGit) =>
  async (place: string, commit: string): Promise<void> => {
    const args = ['checkout', '--quiet', '--no-overwrite-ignore', '--detach', commit];
    const exit = await run(args, { cwd: place, timeoutMs: LONG_MS, accept: 'any' });
    if (exit.code !== 0) throw checkoutRefused(place, commit, { args, exit });
  };

const statusOf = async (run: RunGit, cwd: string) =>
  parseStatus(
    (
      await run(['status', '--porcelain=v2', '--branch', '--untracked-files=normal', '--no-renames', '-z'], {
        cwd,
        timeoutMs: LONG_MS,
      })
    ).stdout,
  );

/** Runs the work alone in a worktree of ours; the user's checkout and other folders are refused. */
export const worktreeGuard =
  ({ root, commonDir, inWorktree }: GitContext) =>
  <T>(path: string, work: (place: string) => Promise<T>): Promise<T> =>
    inWorktree(path, async (place) => {
      if (place === root || !(await isLinked(commonDir, place))) {
        const gone = (await occupantOf(place)) === 'nothing' && (await registrationOf(commonDir, place)) !== undefined;
        throw gone ? worktreeGone({ path: place }) : notOurs({ path: place });
      }
      return work(place);
    });

type Checkouts = Pick<Git, 'switchTo' | 'checkout' | 'attach' | 'worktreeState' | 'changes' | 'saveWork'>;

export const openCheckouts = (context: GitContext): Checkouts => {
  const { run, exclusive } = context;
  const within = worktreeGuard(context);

  const take = async (place: string, branch: string): Promise<void> => {
    const args = ['switch', '--quiet', '--no-guess', '--no-overwrite-ignore', branch];
    const exit = await exclusive(() => run(args, { cwd: place, timeoutMs: LONG_MS, accept: 'any' }));
    if (exit.code === 0) return;
    await needBranch(run, branch);
    throw checkoutRefused(place, branch, { args, exit });
  };

  const switchTo: Git['switchTo'] = (worktree, branch) =>
    within(worktree, async (place) => {
      const now = await statusOf(run, place);
      if (now.branch === branch) return;
      // git would carry uncommitted work along where it can, from one task's branch to that of another.
      if (now.dirty.length > 0) throw dirtyWorktree({ path: place, files: shorten(now.dirty.join(', '), 200) });
      await take(place, branch);
    });

  const attach: Git['attach'] = (worktree, branch) =>
    within(worktree, async (place) => {
      const at = await needBranch(run, branch);
      const head = (await run(['rev-parse', '--verify', 'HEAD'], { cwd: place })).stdout.trim();
      if (at !== head) throw branchElsewhere({ branch, at });
      await take(place, branch);
    });

  const checkout: Git['checkout'] = (worktree, commit) =>
    within(worktree, async (place) => {
      const args = ['checkout', '--quiet', '--force', '--detach', commit];
      await run(args, { cwd: place, timeoutMs: LONG_MS });
    });

  const saveWork: Git['saveWork'] = (worktree, message) =>
    within(worktree, async (place) => {
      if ((await statusOf(run, place)).dirty.length === 0) return null;
      // A warning about line ends must not keep work from being saved.
      const config = [...DURABLE, 'core.safecrlf=false'];
      await run(['add', '--all'], { cwd: place, timeoutMs: LONG_MS, config });
      const staged = await run(['diff', '--cached', '--quiet', '--no-ext-diff'], { cwd: place, accept: [0, 1] });
      if (staged.code === 0) return null;
      const env = await identityFor(run, place);
      const args = ['commit', '--quiet', '--no-verify', '--cleanup=whitespace', '--file=-'];
      await run(args, { cwd: place, input: message, env, config });
      return resolveWith(run, 'HEAD', place);
    });

  const changes: Git['changes'] = async (from, to) => {
    const flags = ['--shortstat', '--no-ext-diff', '--no-textconv', '-M'];
    const [count, merged] = await Promise.all([
      run(['rev-list', '--count', `${from}..${to}`]),
      run(['diff', ...flags, `${from}...${to}`], { accept: 'any' }),
    ]);
    // Histories without a commit in common have no base to compare with.
    const diff = merged.code === 0 ? merged : await run(['diff', ...flags, from, to]);
    return { commits: Number(count.stdout), ...parseShortstat(diff.stdout) };
  };

  return { switchTo, attach, checkout, saveWork, changes, worktreeState: (worktree) => statusOf(run, worktree) };
};
