import { z } from 'zod';
import type { TrashedWorktree } from '../../commands/define.ts';
import { parseDuration } from '../../lib/duration.ts';
import { messageOf } from '../../lib/errors.ts';
import type { Target } from '../../ports/target.ts';
import type { DaemonServices } from '../services.ts';

/** A worktree that was removed, as far as its folder is still there; a record of it lies in the state directory. */
export type Trashed = TrashedWorktree;

const trashedSchema: z.ZodType<Trashed> = z.object({
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
});

const recordOf = ({ paths }: Pick<DaemonServices, 'paths'>, id: string): string => `${paths.trash}/${id}.json`;

/** How long removed worktrees are kept, in milliseconds; undefined when they are not kept. */
export const trashTime = ({ settings }: Pick<DaemonServices, 'settings'>): number | undefined =>
  parseDuration(settings.cleanup.trash);

/** Where the folder of a worktree that is removed now is to be kept. */
export const trashFolder = ({ worktrees }: Target['paths'], id: string): string => `${worktrees}/.drover-trash/${id}`;

/** The name of a removed worktree in the trash, where one of its name may lie already. */
export const trashId = ({ now }: Pick<DaemonServices, 'now'>, name: string): string =>
  `${name}-${Date.parse(now()).toString(36)}`;

/** Notes what lies in the trash: before it is put there, so that nothing lies there that nobody knows of. */
export const noteTrashed = async (services: DaemonServices, one: Trashed): Promise<void> => {
  await services.home.files.makeFolder(services.paths.trash);
  await services.home.files.write(recordOf(services, one.id), JSON.stringify(one));
};

export const forgetTrashed = (services: DaemonServices, { id }: Pick<Trashed, 'id'>): Promise<void> =>
  services.home.files.remove(recordOf(services, id));

/** Forgets what is said to lie in the trash for a place from which nothing came there: a daemon was killed in between. */
export const forgetUnmoved = async (
  services: DaemonServices,
  { path, host }: Pick<Trashed, 'path' | 'host'>,
): Promise<void> => {
  const { files } = services.targetOf({ host });
  for (const one of await trashed(services))
    if (one.path === path && one.host === host && (await files.list(one.folder)) === null)
      await forgetTrashed(services, one);
};

const targetAt = ({ targets }: Pick<DaemonServices, 'targets'>, { host }: Trashed): Target | undefined =>
  targets.find((one) => one.host === host);

/** What lies in the trash, the latest last. */
export const trashed = async (services: DaemonServices): Promise<readonly Trashed[]> => {
  const { files } = services.home;
  const names = (await files.list(services.paths.trash)) ?? [];
  const found = await Promise.all(
    names.map(async (name): Promise<Trashed[]> => {
      const text = await files.readText(`${services.paths.trash}/${name}`);
      try {
        const read = trashedSchema.safeParse(JSON.parse(text ?? ''));
        return read.success ? [read.data] : [];
      } catch {
        return [];
      }
    }),
  );
  return found.flat().toSorted((a, b) => (a.removed_at < b.removed_at ? -1 : 1));
};

/** Deletes for good what lies in the trash, unless a process is in it; whether it is gone. */
export const deleteTrashed = async (services: DaemonServices, one: Trashed): Promise<boolean> => {
  const target = targetAt(services, one);
  if (!target || (await target.processes.livingIn(one.folder)).length > 0) return false;
  await target.files.remove(one.folder);
  await forgetTrashed(services, one);
  return true;
};

/** Deletes what has lain in the trash for its time. */
export const emptyTrash = async (services: DaemonServices): Promise<void> => {
  const until = Date.parse(services.now()) - (trashTime(services) ?? 0);
  for (const one of await trashed(services)) {
    if (services.signal.aborted) return;
    if (Date.parse(one.removed_at) > until) continue;
    await deleteTrashed(services, one).catch((error: unknown) =>
      services.log(`the removed worktree in ${one.folder} could not be deleted: ${messageOf(error)}`),
    );
  }
};

/** Brings a removed worktree back, on its branch where that is as it was; resolves with the branch. */
export const restoreTrashed = async (services: DaemonServices, one: Trashed): Promise<string | null> => {
  const { git } = services.targetOf(one);
  // What is half made in its own place is of an earlier call that was cut off; git refuses where it is whole.
  const isFree =
    one.branch !== null &&
    (await git.resolve(`refs/heads/${one.branch}`)) === one.head &&
    (await git.worktrees()).every(({ path, branch }) => path === one.path || branch !== one.branch);
  await git.restoreWorktree(one.path, one.folder, isFree ? { branch: one.branch! } : { commit: one.head }, one.sparse);
  // The name that it was given went with what git knew of it.
  await git.nameWorktree(one.path, one.name);
  await forgetTrashed(services, one);
  // An earlier call may have put it in its place, and was cut off there.
  return (await git.worktrees()).find(({ path }) => path === one.path)?.branch ?? null;
};
