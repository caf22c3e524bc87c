import { basename, dirname } from 'node:path';
import { z } from 'zod';
import type { TrashedWorktree } from '../../commands/define.ts';
import { keptGone } from '../../git/errors.ts';
import { nameOfUnfinished, TRASH_FOLDER, trashBeside } from '../../git/trash-place.ts';
import { parseDuration } from '../../lib/duration.ts';
import { messageOf } from '../../lib/errors.ts';
import type { Target } from '../../ports/target.ts';
import type { DaemonServices } from '../services.ts';
import { makeTurnsByKey } from '../turns.ts';

/** A worktree that was removed, as far as its folder is still there; a record of it lies in the state directory. */
export type Trashed = TrashedWorktree;

/**
 * What is being done with what lies there, for whoever comes after a daemon that was killed in the middle of it. `unfinished`: it
 * never was a whole worktree, and is kept for what somebody has put there.
 */
const PHASES = ['kept', 'unfinished', 'restoring', 'deleting'] as const;
type Phase = (typeof PHASES)[number];

type Noted = Trashed & { readonly phase: Phase };

const notedSchema: z.ZodType<Noted> = z.object({
  id: z.string(),
  name: z.string(),
  path: z.string(),
  branch: z.string().nullable(),
  head: z.string(),
  archive: z.string(),
  sparse: z.object({ cone: z.boolean(), patterns: z.string() }).nullable().default(null),
  host: z.string(),
  folder: z.string(),
  removed_at: z.string(),
  phase: z.enum(PHASES).default('kept'),
});

const recordOf = ({ paths }: Pick<DaemonServices, 'paths'>, id: string): string => `${paths.trash}/${id}.json`;

/** How long removed worktrees are kept, in milliseconds; undefined when they are not kept. */
export const trashTime = ({ settings }: Pick<DaemonServices, 'settings'>): number | undefined =>
  parseDuration(settings.cleanup.trash);

/** Where the folder of a worktree that is removed now is to be kept. */
export const trashFolder = ({ worktrees }: Target['paths'], id: string): string => `${worktrees}/${TRASH_FOLDER}/${id}`;

/** The name of a removed worktree in the trash, where one of its name may lie already. */
export const trashId = ({ now }: Pick<DaemonServices, 'now'>, name: string): string =>
  `${name}-${Date.parse(now()).toString(36)}`;

/**
 * Notes what lies in the trash: before it is put there, and on the disk, so that nothing lies there that nobody knows of, not
 * even after a power cut.
 */
export const noteTrashed = async (services: DaemonServices, one: Trashed, phase: Phase = 'kept'): Promise<void> => {
  const noted: Noted = { ...one, phase };
  await services.home.files.makeFolder(services.paths.trash);
  await services.home.files.write(recordOf(services, one.id), JSON.stringify(noted), 'record');
};

export const forgetTrashed = (services: DaemonServices, { id }: Pick<Trashed, 'id'>): Promise<void> =>
  services.home.files.remove(recordOf(services, id));

const readNoted = (text: string | null): Noted | undefined => {
  try {
    return notedSchema.safeParse(JSON.parse(text ?? '')).data;
  } catch {
    return undefined;
  }
};

const turnsOf = makeTurnsByKey();

/** Does something with one that lies in the trash, by what is noted of it then: nobody else does meanwhile. */
const inTurn = <T>(
  services: DaemonServices,
  { id }: Trashed,
  work: (now: Noted | undefined) => Promise<T>,
): Promise<T> =>
  turnsOf(services)(id, async () => work(readNoted(await services.home.files.readText(recordOf(services, id)))));

/**
 * Whether a folder is not in the trash; rejects where the trash cannot be read. Its own files say nothing of that: somebody may have
 * made it unreadable.
 */
const isGone = async ({ files }: Pick<Target, 'files'>, { folder }: Pick<Trashed, 'folder'>): Promise<boolean> =>
  !((await files.folders(dirname(folder))) ?? []).includes(basename(folder));

const targetAt = ({ targets }: Pick<DaemonServices, 'targets'>, { host }: Trashed): Target | undefined =>
  targets.find((one) => one.host === host);

/**
 * The same with the folder in which it lies: a daemon that was killed may have found that the trash is on another disk, and not
 * have noted where it put the worktree then.
 */
const locate = async (services: DaemonServices, one: Noted): Promise<Noted> => {
  const target = targetAt(services, one);
  const beside = { ...one, folder: trashBeside(one.path, one.folder) };
  if (!target || beside.folder === one.folder) return one;
  const isBeside = async () => (await isGone(target, one)) && !(await isGone(target, beside));
  return (await isBeside().catch(() => false)) ? beside : one;
};

/** All that is noted, the latest last. */
const allNoted = async (services: DaemonServices): Promise<readonly Noted[]> => {
  const { files } = services.home;
  const names = (await files.list(services.paths.trash)) ?? [];
  const found = await Promise.all(
    names.map(async (name) => {
      const noted = readNoted(await files.readText(`${services.paths.trash}/${name}`));
      return noted && locate(services, noted);
    }),
  );
  return found.flatMap((one) => one ?? []).toSorted((a, b) => (a.removed_at < b.removed_at ? -1 : 1));
};

/** Forgets what is said to lie in the trash for a place from which nothing came there: a daemon was killed in between. */
export const forgetUnmoved = async (
  services: DaemonServices,
  { path, host }: Pick<Trashed, 'path' | 'host'>,
): Promise<void> => {
  const target = services.targetOf({ host });
  const ours = (await allNoted(services)).filter((one) => one.path === path && one.host === host);
  for (const one of ours) if (await isGone(target, one).catch(() => false)) await forgetTrashed(services, one);
};

/** Whether one can be brought back, as far as that can be told: its machine may be out of reach. */
const isOffered = async (services: DaemonServices, one: Noted): Promise<boolean> => {
  // What a restoring has put in its place before it was cut off is not in the trash any more.
  if (one.phase !== 'kept') return one.phase === 'restoring';
  const target = targetAt(services, one);
  return !target || !(await isGone(target, one).catch(() => false));
};

/** What lies in the trash and can be brought back, the latest last. */
export const trashed = async (services: DaemonServices): Promise<readonly Trashed[]> => {
  const all = await allNoted(services);
  const offered = await Promise.all(all.map((one) => isOffered(services, one)));
  return all.filter((_, n) => offered[n]);
};

/** Deletes for good what lies in the trash, unless a process is in it; whether it is not there any more. */
export const deleteTrashed = (services: DaemonServices, one: Trashed): Promise<boolean> =>
  inTurn(services, one, async (now) => {
    const target = targetAt(services, one);
    // Somebody has brought it back meanwhile.
    if (!now) return true;
    if (!target || (await target.processes.livingIn(one.folder)).length > 0) return false;
    // Half of a worktree is not to be brought back. On a full disk nothing can be noted, and this makes room.
    await noteTrashed(services, one, 'deleting').catch(() => undefined);
    await target.files.remove(one.folder);
    await forgetTrashed(services, one);
    return true;
  });

/** When a daemon looked at the clock first, and how far that was which nobody sets. */
const beginnings = new WeakMap<DaemonServices, { readonly wallMs: number; readonly runMs: number }>();

/** The time by a clock that goes on as it did when the daemon began: one that is set far forward ages nothing. */
const steadyNow = (services: DaemonServices): number => {
  const [wallMs, runMs] = [Date.parse(services.now()), performance.now()];
  const begun = beginnings.get(services) ?? { wallMs, runMs };
  beginnings.set(services, begun);
  return Math.min(wallMs, begun.wallMs + (runMs - begun.runMs));
};

/** Notes and tells what git has put there of worktrees that were not finished: it tells nobody itself. */
const noteUnfinished = async (services: DaemonServices, known: ReadonlySet<string>): Promise<void> => {
  for (const { files, host, paths } of services.targets) {
    for (const id of (await files.folders(`${paths.worktrees}/${TRASH_FOLDER}`)) ?? []) {
      const name = nameOfUnfinished(id);
      if (name === undefined || known.has(id)) continue;
      const folder = trashFolder(paths, id);
      const nothing = { branch: null, head: '', archive: '', sparse: null };
      const one = {
        id,
        name,
        path: `${paths.worktrees}/${name}`,
        ...nothing,
        host,
        folder,
        removed_at: services.now(),
      };
      await noteTrashed(services, one, 'unfinished');
      services.log(`the worktree ${one.path} was not finished, and what somebody had put there lies in ${folder}`);
    }
  }
};

/** Deletes what has lain in the trash for its time, and the rest of what was being deleted. */
export const emptyTrash = async (services: DaemonServices): Promise<void> => {
  const until = steadyNow(services) - (trashTime(services) ?? 0);
  const all = await allNoted(services);
  for (const one of all) {
    if (services.signal.aborted) return;
    // What no commit has, and nobody removed, is for a person to delete.
    if (one.phase === 'unfinished') continue;
    if (one.phase !== 'deleting' && Date.parse(one.removed_at) > until) continue;
    await deleteTrashed(services, one).catch((error: unknown) =>
      services.log(`the removed worktree in ${one.folder} could not be deleted: ${messageOf(error)}`),
    );
  }
  await noteUnfinished(services, new Set(all.map(({ id }) => id)));
};

/** Brings a removed worktree back, on its branch where that is as it was; resolves with the branch. */
export const restoreTrashed = (services: DaemonServices, one: Trashed): Promise<string | null> =>
  inTurn(services, one, async (now) => {
    if (now?.phase === 'deleting') throw keptGone({ path: one.path, kept: one.folder });
    return bringBack(services, one);
  });

const bringBack = async (services: DaemonServices, one: Trashed): Promise<string | null> => {
  const { git } = services.targetOf(one);
  await noteTrashed(services, one, 'restoring');
  // What is half made in its own place is of an earlier call that was cut off; git refuses where it is whole.
  const isFree =
    one.branch !== null &&
    (await git.resolve(`refs/heads/${one.branch}`)) === one.head &&
    (await git.worktrees()).every(({ path, branch }) => path === one.path || branch !== one.branch);
  const target = isFree ? { branch: one.branch! } : { commit: one.head };
  await git.restoreWorktree(one.path, one.folder, target, one.sparse).catch(async (error: unknown) => {
    // Nobody goes on by himself with what was refused: that is for what a daemon was killed over.
    if (keptGone.matches(error) || (await isGone(services.targetOf(one), one).catch(() => true)) === false)
      await noteTrashed(services, one);
    throw error;
  });
  // The name that it was given went with what git knew of it.
  await git.nameWorktree(one.path, one.name);
  await forgetTrashed(services, one);
  // An earlier call may have put it in its place, and was cut off there.
  return (await git.worktrees()).find(({ path }) => path === one.path)?.branch ?? null;
};

/** Whether something is in the place from which a worktree was to be taken. */
const isInPlace = async ({ files }: Pick<Target, 'files'>, { path }: Pick<Trashed, 'path'>): Promise<boolean> =>
  ((await files.list(dirname(path))) ?? []).includes(basename(path));

const settleOne = async (services: DaemonServices, one: Noted): Promise<void> => {
  const target = targetAt(services, one);
  if (!target || one.phase === 'deleting' || one.phase === 'unfinished') return;
  if (one.phase === 'restoring') {
    await restoreTrashed(services, one);
    // git may have been killed with the daemon over its index.
    return void (await target.git.unlock(one.path, null));
  }
  if (await isGone(target, one)) {
    // Where neither is there, their disk may be away.
    if (await isInPlace(target, one)) await forgetTrashed(services, one);
    return;
  }
  if (!(await target.git.isTakenAway(one.path, one))) return;
  await target.files.remove(`${one.folder}/.git`);
  await target.git.removeWorktree(one.path);
};

/**
 * Ends what a killed daemon left half done with worktrees that go into the trash or come out of it, for whoever asked for that
 * may not ask again: what is in its place still is not said to lie in the trash, git forgets what does lie there, and what was
 * on its way back comes back.
 */
export const settleTrash = async (services: DaemonServices): Promise<void> => {
  for (const one of await allNoted(services))
    await settleOne(services, one).catch((error: unknown) =>
      services.log(
        `what was being done with the removed worktree in ${one.folder} is not at its end: ${messageOf(error)}`,
      ),
    );
};
