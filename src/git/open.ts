import { realpath } from 'node:fs/promises';
import { makeKeyedMutex, makeMutex } from '../lib/mutex.ts';
import type { Git, Processes } from '../ports/index.ts';
import type { Sandbox } from '../ports/sandbox.ts';
import { openAdvances } from './advance.ts';
import { detachWith, openCheckouts } from './checkouts.ts';
import { openClaims } from './claims.ts';
import { openConflicts } from './conflicts.ts';
import { gitTooOld, noCheckout, noCommit, notARepository, unsafeOwner } from './errors.ts';
import { fastForwardWith } from './fast-forward.ts';
import { openGuard } from './guard.ts';
import { openInspector } from './inspector.ts';
import { lackingWith } from './lacking.ts';
import { assertObjectsUnlinked } from './links.ts';
import { openMerges } from './merge-trees.ts';
import { openMovedWorktrees } from './moved-worktrees.ts';
import { movingWith, takeBackWith } from './moves.ts';
import { openOwnWork } from './own-work.ts';
import { clashingPairsWith } from './pairs.ts';
import { placeOf } from './places.ts';
import { openPrivates } from './private/open.ts';
import { openRadar } from './radar/open.ts';
import { openRefStates } from './ref-states.ts';
import { openRefs, resolveWith } from './refs.ts';
import { openRemotes } from './remotes.ts';
import { openReplays } from './replay.ts';
import { DURABLE, type Environment, gitRunner, type RunGit, refused } from './run.ts';
import { keepWith, openSnapshots } from './snapshot.ts';
import { openStacks } from './stack/open.ts';
import { openStaleLocks } from './stale-locks.ts';
import { ignoredWith, straysWith } from './strays.ts';
import { openUnderWay } from './under-way.ts';
import { openWorktreeLocks } from './worktree-locks.ts';
import { type GitContext, openWorktrees } from './worktrees.ts';

/** Where a repository is: the top of the checkout, and the git directory that all its worktrees share. */
export type Repository = { readonly root: string; readonly commonDir: string };

const OLDEST = [2, 38] as const;

const isNewEnough = (version: string): boolean => {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
};

/** The repository around a folder, if work can be done in it: it has a checkout and a commit, and git is new enough. */
export const findRepository = async (cwd: string, processes: Processes, env: Environment): Promise<Repository> => {
  const run = gitRunner({ processes, env, root: cwd });
  const version = /\d+(?:\.\d+)+/u.exec((await run(['version'])).stdout)?.[0] ?? '0';
  if (!isNewEnough(version)) throw gitTooOld({ version });
  const ask = async (...args: readonly string[]) => (await run(['rev-parse', ...args])).stdout.replace(/\n$/u, '');

  const about = ['rev-parse', '--is-inside-work-tree'];
  const inside = await run(about, { accept: [0, 128] });
  if (/dubious ownership/u.test(inside.stderr)) throw unsafeOwner({ folder: cwd });
  if (/not a git repository/u.test(inside.stderr)) throw notARepository({ folder: cwd });
  if (inside.code !== 0) throw refused(about, inside);
  if (inside.stdout.trim() !== 'true') throw noCheckout({ folder: cwd });

  const root = await realpath(await ask('--show-toplevel'));
  if ((await resolveWith(run, 'HEAD')) === null) throw noCommit({ folder: root });
  return { root, commonDir: await realpath(await ask('--path-format=absolute', '--git-common-dir')) };
};

/** The same calls; before one that writes objects the folders of these are looked at. */
const withSoundObjects =
  (run: RunGit, commonDir: string): RunGit =>
  async (args, call) => {
    if (call?.config?.includes(DURABLE[0])) await assertObjectsUnlinked(commonDir);
    return run(args, call);
  };

/** git for one repository. Open it once: what must not happen at the same time waits for each other only within it. */
export const openGit = (
  options: Repository & { processes: Processes; env: Environment; sandbox?: Pick<Sandbox, 'wall'> },
): Git => {
  const { root, commonDir } = options;
  const run = withSoundObjects(gitRunner(options), commonDir);
  const exclusive = makeMutex();
  const alone = makeKeyedMutex();
  const refs = openRefs({ root, commonDir, run, exclusive });
  const takeBack = takeBackWith(run, { archive: refs.archive, keep: keepWith(run) });
  const shared: GitContext = {
    ...{ root, commonDir, run, exclusive },
    inWorktree: async <T>(path: string, work: (place: string) => Promise<T>): Promise<T> => {
      const place = await placeOf(path);
      return alone(place, () => work(place));
    },
    detach: detachWith(run),
    moving: movingWith({ commonDir, run }, takeBack),
    settle: (at) => settle(at),
  };
  const { privateGit, sharedGit, ...privates } = openPrivates(shared, {
    sandbox: options.sandbox,
    home: options.env['HOME'] ?? '/',
  });
  const context: GitContext = { ...shared, privates };
  const staleLocks = openStaleLocks(context);
  const { settle, ...advances } = openAdvances(context, { ...staleLocks, takeBack });
  return {
    root,
    commonDir,
    place: placeOf,
    ...refs,
    ...openClaims(commonDir, refs),
    clashingPairs: clashingPairsWith(context),
    fastForward: fastForwardWith({ run, exclusive, moveUnused: refs.moveBranch }),
    ...openMerges(context),
    ...openStacks(context),
    ...openConflicts(context),
    ...openWorktrees(context),
    ...openMovedWorktrees(context),
    ...openCheckouts(context),
    ...staleLocks,
    ...openInspector(context),
    ...openRadar(context),
    ...openSnapshots(context),
    ...advances,
    ...openReplays(context),
    ...openOwnWork(context),
    ...openRemotes(context),
    strays: straysWith(context),
    ignored: ignoredWith(context),
    ...openWorktreeLocks(context),
    ...openUnderWay(context),
    lacking: lackingWith(run),
    guard: openGuard(context),
    privateGit,
    sharedGit,
    ...openRefStates(context),
  };
};
