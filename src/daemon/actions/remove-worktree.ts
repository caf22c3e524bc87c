import { isReplaced, ownPlace } from '../../lib/own-place.ts';
import { leftAlertId } from '../../state/alerts.ts';
import { worktreeRemoved } from '../errors.ts';
import type { DaemonServices } from '../services.ts';
import { clearAlertFacts } from '../signals/alert-facts.ts';
import { makeTurnsByKey } from '../turns.ts';
import { type Home, tearDown } from './set-up.ts';
import {
  forgetTrashed,
  forgetUnmoved,
  noteTrashed,
  type Trashed,
  trashed,
  trashFolder,
  trashId,
  trashTime,
} from './trash.ts';

/** What is kept of a worktree that was removed. */
export type Removed = {
  /** The commit that keeps its uncommitted work; null when there was none. */
  readonly saved: string | null;
  /** The ref that keeps what was there; empty where nothing of it was. */
  readonly archive: string;
  /** Whether its folder lies in the trash. */
  readonly trashed: boolean;
};

/** By what the commit is known that keeps uncommitted work. */
const messageFor = (name: string): string => `Uncommitted work of the worktree ${name}`;

/** What git knows of a worktree before it goes, and the commit that keeps its uncommitted work; `forGood`: as far as it can be kept. */
export const keepWork = async ({ name, path, target: { git } }: Home, forGood = false) => {
  await git.unhide(path);
  const { head, branch } = await git.worktreeState(path);
  return { head, branch, saved: await git.snapshot(path, messageFor(name), { partly: forGood }) };
};

type How = {
  readonly forGood?: boolean;
  /** Rejects where somebody has come to use it: a teardown takes long enough for that. */
  readonly assertUnused?: () => Promise<void>;
};

/**
 * Removes a worktree after its teardown. All that git knows of it, uncommitted work included, is archived first; its folder
 * goes into the trash, unless it is to be deleted at once.
 */
const removeNow = async (
  services: DaemonServices,
  home: Home,
  { forGood = false, assertUnused = async () => {} }: How,
): Promise<Removed> => {
  const { name, path, target } = home;
  const { git } = target;
  const place = await ownPlace(git.place, path);
  // Whoever had the turn before has taken it away.
  if (!(await git.worktrees()).some((one) => one.path === place)) throw worktreeRemoved({ name });
  await assertUnused();
  if (await isReplaced(git.place, path)) {
    await git.removeWorktree(path);
    return { saved: null, archive: '', trashed: false };
  }
  await tearDown(services, home);
  await assertUnused();
  const { head, branch, saved } = await keepWork(home, forGood);
  const archive = await git.archive(name, saved ?? head);
  if (forGood || trashTime(services) === undefined) {
    await assertUnused();
    await git.removeWorktree(path);
    return { saved, archive, trashed: false };
  }
  const id = trashId(services, name);
  const one: Trashed = {
    ...{ id, name, branch, head, archive },
    path: await git.place(path),
    sparse: await git.sparse(path),
    host: target.host,
    folder: trashFolder(target.paths, id),
    removed_at: services.now(),
  };
  await forgetUnmoved(services, one);
  await noteTrashed(services, one);
  await assertUnused().catch(async (error: unknown) => {
    await forgetTrashed(services, one);
    throw error;
  });
  const folder = await git.removeWorktree(path, one.folder).catch(async (error: unknown) => {
    await forgetUnmoved(services, one);
    throw error;
  });
  if (folder === null) await forgetTrashed(services, one);
  else if (folder !== one.folder) await noteTrashed(services, { ...one, folder });
  return { saved, archive, trashed: folder !== null };
};

const turnsOf = makeTurnsByKey();

/** Puts away what was told of a worktree that stayed behind. */
const toldNoMore = (services: DaemonServices, { name }: Home): Promise<unknown> =>
  services.decide((now) => clearAlertFacts(now, leftAlertId(name), 'its worktree was removed'));

/** The same in turn: a second removal of a worktree would come upon one that is half gone. */
export const removeWorktree = (services: DaemonServices, home: Home, how: How = {}): Promise<Removed> =>
  turnsOf(services)(`${home.target.host} ${home.path}`, async () => {
    const removed = await removeNow(services, home, how);
    await toldNoMore(services, home);
    return removed;
  });

/** The ref that was made last to keep what was in worktrees of a name; null when there is none. */
const latestArchive = async ({ name, target: { git } }: Home): Promise<string | null> => {
  for (let n = 1, last: string | null = null; ; n += 1) {
    const ref = `refs/drover/archive/${name}${n === 1 ? '' : `-${n}`}`;
    if ((await git.resolve(ref)) === null) return last;
    last = ref;
  }
};

/**
 * Ends a removal of which a daemon was killed when the folder was gone from its place: git may know of the worktree still. What
 * is kept of it is what that one has kept.
 */
export const finishRemoval = async (services: DaemonServices, home: Home): Promise<Removed> => {
  const { name, path, target } = home;
  const { git } = target;
  await git.removeWorktree(path);
  await toldNoMore(services, home);
  const place = await git.place(path);
  const one = (await trashed(services)).findLast((known) => known.path === place && known.host === target.host);
  const archive = one?.archive ?? (await latestArchive(home));
  const commit = archive === null ? null : await git.resolve(archive);
  const isSaved = commit !== null && (await git.describe(commit)).subject === messageFor(name);
  return { saved: isSaved ? commit : null, archive: archive ?? '', trashed: one !== undefined };
};
