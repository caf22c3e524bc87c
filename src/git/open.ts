import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { makeKeyedMutex, makeMutex } from '../lib/mutex.ts';
import type { Git, Processes } from '../ports/index.ts';
import type { Sandbox } from '../ports/sandbox.ts';
import { openAdvances } from './advance.ts';
import { detachWith, openCheckouts } from './checkouts.ts';
import { openClaims } from './claims.ts';
import { openConflicts } from './conflicts.ts';
import { openCutOffs } from './cut-offs.ts';
import { gitTooOld, noCheckout, noCommit, notARepository, reftable, unsafeOwner } from './errors.ts';
import { openForwards } from './fast-forward.ts';
import { openFilters } from './filters.ts';
import { openGivingUp } from './give-up.ts';
import { openGuard } from './guard.ts';
import { openInspector } from './inspector.ts';
import { lackingWith } from './lacking.ts';
import { assertObjectsUnlinked } from './links.ts';
import { openMerges } from './merge-trees.ts';
import { openMovedWorktrees } from './moved-worktrees.ts';
import { movingWith, takeBackWith } from './moves.ts';
import { nestedAsideWith } from './nested-aside.ts';
import { openOwnWork } from './own-work.ts';
import { clashingPairsWith } from './pairs.ts';
import { occupantOf, placeOf } from './places.ts';
import { openPrivates } from './private/open.ts';
import { ownPlacesWith } from './private/own-places.ts';
import { openRadar } from './radar/open.ts';
import { openRefStates } from './ref-states.ts';
import { openRefs, resolveWith } from './refs.ts';
import { openRemotes } from './remotes.ts';
import { openReplays } from './replay.ts';
import { DURABLE, type Environment, gitRunner, type RunGit, refused } from './run.ts';
import { openShutFilters } from './shut-filters.ts';
import { keepWith, openSnapshots } from './snapshot.ts';
import { openSparse } from './sparse.ts';
import { openStacks } from './stack/open.ts';
import { openStaleLocks } from './stale-locks.ts';
import { openStrays } from './strays.ts';
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

/** Everything about a place that git answers at once. */
const ABOUT = ['rev-parse', '--is-inside-work-tree', '--path-format=absolute', '--git-common-dir', '--show-toplevel'];

/** The repository around a folder, if work can be done in it: it has a checkout and a commit, and git is new enough. */
export const findRepository = async (cwd: string, processes: Processes, env: Environment): Promise<Repository> => {
  const run = gitRunner({ processes, env, root: cwd });
  // Side by side: each for itself takes as long as a program takes to start. What is wrong is told in this order.
  const asked = [run(['version']), run(ABOUT, { accept: [0, 128] }), resolveWith(run, 'HEAD')] as const;
  await Promise.allSettled(asked);
  const version = /\d+(?:\.\d+)+/u.exec((await asked[0]).stdout)?.[0] ?? '0';
  if (!isNewEnough(version)) throw gitTooOld({ version });

  const inside = await asked[1];
  if (/dubious ownership/u.test(inside.stderr)) throw unsafeOwner({ folder: cwd });
  if (/not a git repository/u.test(inside.stderr)) throw notARepository({ folder: cwd });
  // Older ones only say that they do not know it.
  if (/unknown repository extensions? found:\s*refstorage/iu.test(inside.stderr)) throw reftable({ folder: cwd });
  const answers = inside.stdout.replace(/\n$/u, '').split('\n');
  if (inside.code !== 0 && answers[0] !== 'false') throw refused(ABOUT, inside);
  if (answers[0] !== 'true') throw noCheckout({ folder: cwd });

  const ask = async (...args: readonly string[]) => (await run(['rev-parse', ...args])).stdout.replace(/\n$/u, '');
  // A path may have a line feed in it.
  const [commonDir, top] =
    answers.length === 3 ? answers.slice(1) : [await ask(...ABOUT.slice(2, 4)), await ask('--show-toplevel')];
  const root = await realpath(top!);
  if ((await occupantOf(join(commonDir!, 'reftable'))) !== 'nothing') throw reftable({ folder: root });
  if ((await asked[2]) === null) throw noCommit({ folder: root });
  return { root, commonDir: await realpath(commonDir!) };
};

/** The same calls; before one that writes objects the folders of these are looked at. */
const withSoundObjects =
  (run: RunGit, commonDir: string): RunGit =>
  async (args, call) => {
    if (call?.config?.includes(DURABLE[0]!)) await assertObjectsUnlinked(commonDir);
    return run(args, call);
  };

/** git for one repository. Open it once: what must not happen at the same time waits for each other only within it. */
export const openGit = (
  options: Repository & {
    processes: Processes;
    env: Environment;
    sandbox?: Pick<Sandbox, 'lack' | 'wall' | 'gitWall' | 'filterWall'>;
  },
): Git => {
  const { root, commonDir, env, sandbox } = options;
  const home = env['HOME'] ?? '/';
  const configHome = env['XDG_CONFIG_HOME'] || `${home}/.config`;
  const plain = withSoundObjects(gitRunner(options), commonDir);
  const filters = openFilters({ root, commonDir, home, configHome, run: plain });
  const { run, shut } = openShutFilters(plain, { root, commonDir, home, env, find: filters, sandbox });
  const exclusive = makeMutex();
  const alone = makeKeyedMutex();
  const refs = openRefs({ root, commonDir, run, exclusive });
  const keep = keepWith(run);
  const takeBack = takeBackWith(run, { archive: refs.archive, keep });
  const shared: GitContext = {
    ...{ root, commonDir, run, exclusive },
    inWorktree: async <T>(path: string, work: (place: string) => Promise<T>): Promise<T> => {
      const place = await placeOf(path);
      return alone(place, () => work(place));
    },
    detach: detachWith(run),
    moving: movingWith({ commonDir, run }, takeBack),
    archive: refs.archive,
    settle: (at) => settle(at),
  };
  const { privateGit, settingsInside, sharedGit, ...privates } = openPrivates(shared, {
    ...{ sandbox, home, configHome, filters },
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
    ...openForwards({ commonDir, run, exclusive, shut, moveUnused: refs.moveBranch }),
    ...openMerges(context),
    ...openStacks(context),
    ...openConflicts(context),
    ...openWorktrees(context),
    ...openMovedWorktrees(context),
    ...openCutOffs(context),
    ...openCheckouts(context, { keep }),
    ...staleLocks,
    ...openInspector(context),
    ...openRadar(context),
    ...openSnapshots(context),
    ...advances,
    ...openReplays(context),
    ...openOwnWork(context),
    ...openRemotes(context),
    ...openStrays(context),
    ...openWorktreeLocks(context),
    ...openUnderWay(context),
    ...openGivingUp(context, { keep }),
    lacking: lackingWith(run),
    ...openSparse(context),
    moveNestedAside: nestedAsideWith(context),
    guard: openGuard(context),
    ownPlaces: ownPlacesWith(run, configHome),
    ...{ privateGit, settingsInside, sharedGit },
    ...openRefStates(context),
  };
};
