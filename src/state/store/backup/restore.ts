import { access, chmod, mkdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '../../../lib/errors.ts';
import { unlessMissing } from '../../../lib/missing.ts';
import type { Paths } from '../../../lib/paths.ts';
import { unknownEvent } from '../../errors.ts';
import type { State } from '../../index.ts';
import { checkJournal } from '../check.ts';
import { type AppendFile, realDisk, replaceFile } from '../disk.ts';
import { storeLocked, storeNewer } from '../errors.ts';
import { takeLock } from '../lock.ts';
import { readProjection } from '../projection.ts';
import { recover } from '../recover.ts';
import { listSegments } from '../segment.ts';
import { type Head, readContainer } from './container.ts';
import { backupDamaged, backupElsewhere, backupNewer, stateThere } from './errors.ts';
import { finishRestore, halfRestoredOf, restoredAtOf, restoredOf } from './finish.ts';

type Options = {
  readonly paths: Paths;
  readonly file: string;
  readonly now: () => string;
  /** Whether what is there gives way: it is moved beside it. */
  readonly replace: boolean;
  /** Those of the commits that are in this repository. */
  readonly present: (commits: readonly string[]) => Promise<readonly string[]>;
};

type Restored = {
  readonly file: string;
  readonly at: string;
  readonly events: number;
  /** Where the state that was there lies now; null where none was. */
  readonly moved: string | null;
  /** What cannot be listed of the history, in sentences: the backup did not have it, and no start needs it. */
  readonly gaps: readonly string[];
  /** Whether the settings of the repository were written, were the same, or differ and were left as they are. */
  readonly settings: 'written' | 'same' | 'left' | 'none';
};

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** How many events the state has that would have to give way. */
const eventsIn = async ({ projection, journal }: Paths): Promise<number> => {
  const last = (await unlessMissing(listSegments(journal)))?.at(-1);
  const { projection: known } = await readProjection(projection).catch(() => ({ projection: null }));
  return Math.max(known?.seq ?? 0, last ? last.first : 0);
};

/** Writes the files of a backup below a folder, each synced, and gives its head. */
const unpack = async (file: string, folder: string): Promise<Head> => {
  const folders = new Set([folder]);
  let read: Head | undefined;
  let open: { readonly path: string; readonly handle: AppendFile } | undefined;
  const close = async () => {
    await open?.handle.sync();
    await open?.handle.close();
    open = undefined;
  };
  try {
    await readContainer(file, {
      head: async (head) => {
        read = head;
      },
      piece: async (path, from, bytes) => {
        if (from === 0) {
          await close();
          const inside = dirname(join(folder, path));
          await mkdir(inside, { recursive: true, mode: 0o700 });
          for (let one = inside; one.length > folder.length; one = dirname(one)) folders.add(one);
          open = { path, handle: await realDisk.open(join(folder, path), 'w') };
        }
        await open!.handle.append(bytes);
      },
    });
  } finally {
    await close();
  }
  for (const one of folders) await realDisk.syncFolder(one);
  return read!;
};

/** Commits that the work of a state began at or led to. */
const commitsOf = ({ tasks, batches, instances }: State): readonly string[] => [
  ...new Set([
    ...Object.values(tasks).flatMap(({ run }) => (run ? [run.start_commit] : [])),
    ...Object.values(batches).flatMap((one) => [one.base_commit, one.head_commit]),
    ...Object.values(instances).map((one) => one.base_commit),
  ]),
];

/**
 * Rejects where nothing of what a state tells of is here. A clone may lack branches, and old commits may be gone from the very
 * repository: one of them is enough.
 */
const assertAtHome = async ({ file, present }: Options, { root }: Head, state: State): Promise<void> => {
  const commits = commitsOf(state);
  if (commits.length > 0 && (await present(commits)).length === 0) throw backupElsewhere({ file, root });
};

/** The state that was unpacked, and what its history lacks; rejects where it does not lead to a state. */
const checkUnpacked = async (file: string, paths: Paths): Promise<{ state: State; gaps: readonly string[] }> => {
  try {
    const { state, losses } = await recover(paths, 0, realDisk);
    const gaps = [...losses];
    for await (const { fault, refusal } of checkJournal(paths.journal)) {
      if (refusal) throw refusal;
      if (fault) gaps.push(fault.what);
    }
    return { state, gaps };
  } catch (error) {
    if (unknownEvent.matches(error)) throw backupNewer({ file, what: error.message }, error);
    if (!(error instanceof AppError) || storeNewer.matches(error) || backupDamaged.matches(error)) throw error;
    throw backupDamaged({ file, what: 'its journal does not lead to a state' }, error);
  }
};

/** The settings of the repository are the user's file: they are written where there are none, and left alone otherwise. */
const restoreSettings = async (kept: string, config: string): Promise<Restored['settings']> => {
  const wanted = await readFile(kept).catch(() => undefined);
  if (!wanted) return 'none';
  const present = await readFile(config).catch(() => undefined);
  if (present) return present.equals(wanted) ? 'same' : 'left';
  await mkdir(dirname(config), { recursive: true });
  await replaceFile(config, wanted);
  return 'written';
};

/** The same places with the state elsewhere. */
const withState = (paths: Paths, state: string): Paths => ({
  ...paths,
  state,
  journal: `${state}/journal`,
  projection: `${state}/db.json`,
});

/**
 * Puts a backup in the place of the state, all of it or nothing: it is unpacked and checked beside it, and one renaming
 * decides. Rejects with `store/locked` while a daemon runs, and where a state is that nobody said may be replaced.
 */
export const restoreBackup = async (options: Options): Promise<Restored> => {
  const { paths, file, now, replace } = options;
  await finishRestore(paths);
  const hadState = await isThere(paths.state);
  await mkdir(paths.state, { recursive: true, mode: 0o700 });
  await chmod(paths.state, 0o700);
  await using _lock = await takeLock(paths.lock);
  const events = await eventsIn(paths);
  if (events > 0 && !replace) throw stateThere({ state: paths.state, events });
  const half = halfRestoredOf(paths);
  await rm(half, { recursive: true, force: true });
  await mkdir(half, { mode: 0o700 });
  try {
    const head = await unpack(file, half);
    // A backup of a swarm that had lost its journal has no file of it.
    await mkdir(join(half, 'journal'), { recursive: true, mode: 0o700 });
    const checked = await checkUnpacked(file, withState(paths, half));
    await assertAtHome(options, head, checked.state);
    const gaps = checked.gaps.map((gap) => gap.replaceAll(half, paths.state));
    const settings = await restoreSettings(join(half, 'settings.json'), paths.config);
    await rm(join(half, 'settings.json'), { force: true });
    await replaceFile(restoredAtOf(half), now());
    await realDisk.syncFolder(half);
    // From here on the new state is the one that counts: whoever comes next puts it in its place.
    await rename(half, restoredOf(paths));
    await realDisk.syncFolder(dirname(paths.state));
    const moved = await finishRestore(paths, { now }).catch((error: unknown) => {
      // It counts already: whoever is at it for so long, or the next start, puts it there.
      if (storeLocked.matches(error)) return null;
      throw error;
    });
    return {
      file,
      at: head.at,
      events: checked.state.seq,
      gaps,
      settings,
      moved: hadState && events > 0 ? moved : null,
    };
  } finally {
    await rm(half, { recursive: true, force: true });
  }
};
