import { mkdir, unlink } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';
import { type Mutex, makeTurns } from '../lib/mutex.ts';
import { isReplaced, ownPlace } from '../lib/own-place.ts';
import type { Exit, Git } from '../ports/index.ts';
import { branchInUse, noSuchBranch, notOurs, pathTaken, worktreeLocked } from './errors.ts';
import { restoreEmptied } from './emptied.ts';
import { clearHalf, soundRegistrationOf } from './half-made.ts';
import { unhide } from './hidden.ts';
import { needInside } from './inside.ts';
import { listWorktrees } from './list-worktrees.ts';
import type { Moving } from './moves.ts';
import { keepNestedWork } from './nested-work.ts';
import { refOf } from './parse.ts';
import {
  forget,
  knownPlaces,
  MAKING,
  noteBranch,
  occupantOf,
  placeOf,
  putInTrash,
  type Registration,
  registrationOf,
  syncRegistration,
  takeAway,
} from './places.ts';
import type { Privates } from './private/privates.ts';
import { headBranch, resolveWith } from './refs.ts';
import { keepFolders } from './sparse.ts';
import { keepStagedHere } from './staged.ts';
import { packSubmodules, unpackSubmodules } from './submodules.ts';
import { type InsidePlace, LONG_MS, type RunGit, reasonOf, refused } from './run.ts';

/** What the parts of git for one repository share. */
export type GitContext = {
  readonly root: string;
  readonly commonDir: string;
  readonly run: RunGit;
  /** Around whatever enumerates or changes worktrees: git fails when two do. */
  readonly exclusive: Mutex;
  /** Around what changes one worktree. */
  readonly inWorktree: <T>(path: string, work: (place: string) => Promise<T>) => Promise<T>;
  /** Moves the worktree to the commit, refusing when that would lose work. */
  readonly detach: (at: InsidePlace, commit: string) => Promise<void>;
  /** Around what checks something else out in a worktree. */
  readonly moving: Moving;
  readonly archive: Git['archive'];
  /** Ends what a process before this one left half done in a worktree, before anything is done there. */
  readonly settle: (at: InsidePlace) => Promise<void>;
  /** Worktrees with a git directory of their own beside the repository's. */
  readonly privates?: Privates;
};

export type Target = Parameters<Git['addWorktree']>[1];

const IN_USE = /already (?:checked out|used by worktree) at/u;

/** The error for a checkout of a branch that git refused. */
export const branchRefused = (branch: string, args: readonly string[], exit: Exit) =>
  IN_USE.test(exit.stderr) ? branchInUse({ branch, reason: reasonOf(exit) }) : refused(args, exit);

export const needBranch = async (run: RunGit, branch: string): Promise<string> => {
  const commit = await resolveWith(run, refOf(branch));
  if (commit === null) throw noSuchBranch({ branch });
  return commit;
};

const refuseLocked = (place: string, registration: Registration | undefined): void => {
  const reason = registration?.locked ?? null;
  if (reason !== null) throw worktreeLocked({ path: place, reason });
};

// Locked from the first moment on, by which a later call knows what was not finished. The files come afterwards.
const AS_OURS = ['--quiet', '--no-checkout', '--no-guess-remote', '--lock', '--reason', MAKING] as const;

/**
 * Whole work trees are written by few at once, each with several processes of git: more are slower than one after the
 * other, because they are in each other's way on the disk.
 */
const CHECKOUTS = Math.max(1, Math.floor(availableParallelism() / 4));
const WORKERS = `checkout.workers=${Math.max(1, Math.floor(availableParallelism() / CHECKOUTS))}`;

/** A folder that is not in its place any more: where it is kept, or else what deletes it. */
type TakenAway = { readonly kept: string | null; readonly empty: () => Promise<void> };

const NOTHING: TakenAway = { kept: null, empty: async () => {} };

/** Puts the folder of a worktree into the trash, with what only git's own folder of it has. */
const keepIn = async (into: string, folder: string, place: string): Promise<TakenAway> => {
  await packSubmodules(folder, place);
  try {
    return { ...NOTHING, kept: await putInTrash(place, into) };
  } catch (error) {
    await unpackSubmodules(folder, place);
    throw error;
  }
};

/** The steps that need the repository for themselves. */
export const openSteps = (context: GitContext) => {
  const { root, commonDir, run, privates } = context;
  const register = async (place: string, target: Target): Promise<void> => {
    const what = 'branch' in target ? [place, target.branch] : ['--detach', place, target.commit];
    const args = ['worktree', 'add', ...AS_OURS, ...what];
    if ('branch' in target) await needBranch(run, target.branch);
    const exit = await run(args, { accept: 'any' });
    const made = exit.code === 0 ? await registrationOf(commonDir, place) : undefined;
    if (made && 'branch' in target) await noteBranch(made.folder, target.branch);
    if (made) await syncRegistration(made, place);
    if (exit.code === 0) return;
    throw 'branch' in target ? branchRefused(target.branch, args, exit) : refused(args, exit);
  };

  /** Takes away what this process itself could not finish; the result deletes it. */
  const discard = async (place: string): Promise<() => Promise<void>> => {
    const emptyTrash = await takeAway(place);
    const registration = await registrationOf(commonDir, place);
    if (registration) await forget(registration);
    return emptyTrash;
  };

  /** Whether a finished worktree is there already. What is half made is cleared away first. */
  const isReady = async (place: string): Promise<boolean> => {
    const registration = await soundRegistrationOf(commonDir, place);
    const occupant = await occupantOf(place);
    if (registration?.complete && occupant === 'something') return true;
    refuseLocked(place, registration);
    // Files in a place that nothing says was being made are somebody's, whatever git has lost of it.
    if (occupant === 'something' && !registration?.beingMade)
      throw pathTaken({ path: place, by: 'holds something else' });
    if (registration) await (await clearHalf(context, place, registration))();
    return false;
  };

  /** Takes the folder away and has git forget the worktree; what is not kept is deleted by the result. */
  const take = async (place: string, into: string | undefined): Promise<TakenAway> => {
    const registration = await soundRegistrationOf(commonDir, place);
    const occupant = await occupantOf(place);
    if (!registration && occupant === 'nothing') return NOTHING;
    if (!registration || place === root) throw notOurs({ path: place });
    refuseLocked(place, registration);
    if (occupant === 'something' && !registration.complete && !registration.beingMade) throw notOurs({ path: place });
    if (!registration.complete) return { kept: null, empty: await clearHalf(context, place, registration) };
    const taken: TakenAway =
      into !== undefined && occupant === 'something'
        ? await keepIn(into, registration.folder, place)
        : { kept: null, empty: await takeAway(place) };
    await privates?.drop(registration.folder);
    // Only this one: `worktree prune` would also forget the user's own worktrees on a disk that is not mounted.
    await run(['worktree', 'remove', '--force', place]);
    return taken;
  };

  return { register, discard, isReady, take };
};

/**
 * Before git forgets a worktree: its private git directory may have what nothing else has, and so may repositories in it, and
 * its index. That may take long, and nobody else has to wait for it.
 */
const bringOutWith =
  (context: GitContext) =>
  async (place: string): Promise<void> => {
    const { commonDir, exclusive, privates } = context;
    const registration = await exclusive(() => soundRegistrationOf(commonDir, place));
    if (!registration?.complete || registration.locked !== null) return;
    await privates?.bringOut(registration.folder, place);
    const at = await needInside(context, place).catch(() => undefined);
    if (!at) return;
    await keepNestedWork(context, at);
    await keepStagedHere(context, at);
  };

/** A link that somebody has put in the place of a worktree of ours goes; nothing that it leads to is looked at. */
const takeLinkAway = async (commonDir: string, path: string): Promise<void> => {
  if (!(await isReplaced(placeOf, path))) return;
  const itself = await ownPlace(placeOf, path);
  const registration = await soundRegistrationOf(commonDir, itself);
  refuseLocked(itself, registration);
  if (registration) await unlink(itself);
};

/** Which worktrees there are. */
const lookingWith = ({ commonDir, run, exclusive }: GitContext): Pick<Git, 'hasWorktree' | 'worktrees'> => {
  // git goes on listing those whose folder somebody deleted.
  const worktrees: Git['worktrees'] = async () => {
    const listed = await exclusive(() => listWorktrees(run));
    const known = await knownPlaces(commonDir);
    const there = await Promise.all(listed.map(async ({ path }) => (await occupantOf(path)) !== 'nothing'));
    return listed.flatMap(({ path, branch }, index) =>
      there[index] ? [{ path, branch, ...(known.get(path) ?? { name: null, touchedAt: 0 }) }] : [],
    );
  };

  return {
    hasWorktree: async (path) => {
      const place = await placeOf(path);
      if (await isReplaced(placeOf, path)) return false;
      // git lists none whose path it has lost.
      await exclusive(() => soundRegistrationOf(commonDir, place));
      const isThere = (await worktrees()).some((one) => one.path === place);
      // One whose making was cut off has not got its files, as if somebody had deleted them.
      return isThere && ((await registrationOf(commonDir, place))?.complete ?? true);
    },
    worktrees,
  };
};

type Worktrees = Pick<
  Git,
  'addWorktree' | 'removeWorktree' | 'restoreEmptied' | 'unhide' | 'hasWorktree' | 'worktrees'
>;

export const openWorktrees = (context: GitContext): Worktrees => {
  const { root, commonDir, run, exclusive, inWorktree } = context;
  const { register, discard, isReady, take } = openSteps(context);
  const bringOut = bringOutWith(context);
  const inTurn = makeTurns(() => CHECKOUTS);

  const writeFiles = async (place: string, folders: readonly string[]): Promise<void> => {
    const at = await needInside(context, place);
    if (folders.length > 0) await keepFolders(run, at, folders);
    await run(['reset', '--hard', '--quiet'], { ...at, config: [WORKERS, 'core.fsync=index'], timeoutMs: LONG_MS });
  };

  const ensure = async (place: string, target: Target): Promise<void> => {
    const at = await needInside(context, place);
    await restoreEmptied(run, at);
    await context.settle(at);
    if ('commit' in target) {
      if (target.from !== undefined && (await headBranch(run, at)) !== target.from) return;
      await context.privates?.carry(place);
      await context.moving(at, target.commit, () => context.detach(at, target.commit));
      await noteBranch(at.env.GIT_DIR, null);
      return context.privates?.carry(place);
    }
    const branch = await headBranch(run, at);
    if (branch !== target.branch)
      throw pathTaken({ path: place, by: `is a worktree that has ${branch ?? 'no branch'} checked out` });
    return noteBranch(at.env.GIT_DIR, branch);
  };

  const addWorktree: Git['addWorktree'] = (path, target, folders = []) =>
    inWorktree(path, async (place) => {
      if (place === root) throw notOurs({ path });
      // Somebody may have deleted its folder.
      if ((await occupantOf(place)) !== 'something') await bringOut(place);
      const ready = await exclusive(async () => {
        if (await isReady(place)) return true;
        await mkdir(dirname(place), { recursive: true });
        await register(place, target);
        return false;
      });
      if (ready) return ensure(place, target);
      // Writing the files takes up to a minute in a big repository, and nobody else has to wait for that.
      try {
        await inTurn(() => writeFiles(place, folders));
        await exclusive(() => run(['worktree', 'unlock', place]));
      } catch (error) {
        await (await exclusive(() => discard(place)))();
        throw error;
      }
    });

  const removeWorktree: Git['removeWorktree'] = async (path, into) => {
    await exclusive(() => takeLinkAway(commonDir, path));
    return inWorktree(path, async (place) => {
      await bringOut(place);
      const { kept, empty } = await exclusive(() => take(place, into));
      await empty();
      return kept;
    });
  };

  return {
    addWorktree,
    removeWorktree,
    restoreEmptied: (path) => inWorktree(path, async (place) => restoreEmptied(run, await needInside(context, place))),
    unhide: (path) => inWorktree(path, async (place) => unhide(run, await needInside(context, place))),
    ...lookingWith(context),
  };
};
