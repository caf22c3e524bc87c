import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Git } from '../../ports/index.ts';
import type { WorkLook, WorkNow } from '../../ports/radar.ts';
import { worktreeGone } from '../errors.ts';
import { needInside } from '../inside.ts';
import { placeOf } from '../places.ts';
import type { InsidePlace, RunGit } from '../run.ts';
import type { GitContext } from '../worktrees.ts';
import { foldersAbove } from './might-clash.ts';
import type { Pacer } from './pacer.ts';
import { foldersIn, openTreeWatch, type TreeNews, type TreeWatch, type Watches } from './watch-tree.ts';
import { headOf, openWorkIndex, unignored } from './work-index.ts';

/** What is changed together, as by a checkout, is looked at together. */
const GATHER_MS = 60;

/**
 * A look at everything, in case that the system has kept something to itself: each that finds nothing is followed by one after
 * twice the time, up to the longest, and a costly one comes more rarely.
 */
const SWEEP_MS = 60_000;
const LONGEST_SWEEP_MS = 240_000;
/** The same where changes are not told at all. */
const UNWATCHED_MS = 2000;
const SWEEP_REST = 40;

/** What is needed of git to look at worktrees. */
export type RadarContext = Pick<GitContext, 'root' | 'commonDir' | 'run' | 'privates'>;

type Shared = {
  readonly context: RadarContext;
  readonly folder: () => Promise<string>;
  readonly pacer: Pacer;
  readonly watch: Watches['open'];
};

/** How long nothing may happen before everything is looked at; `note` is told of each look whether it was one for nothing. */
export const makeSweepPace = () => {
  let ms = SWEEP_MS;
  return {
    ms: (): number => ms,
    note: (isForNothing: boolean): void => {
      ms = isForNothing ? Math.min(2 * ms, LONGEST_SWEEP_MS) : SWEEP_MS;
    },
  };
};

/** Rings once, at the first news or when the time is over; news that came before count. */
const makeBell = (signal: AbortSignal) => {
  let hasRung = false;
  let wake = (): void => undefined;
  const ring = (): void => {
    hasRung = true;
    wake();
  };
  signal.addEventListener('abort', ring, { once: true });
  const wait = async (ms: number): Promise<void> => {
    if (hasRung || signal.aborted) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    timer.unref();
    wake = resolve;
    await promise;
    clearTimeout(timer);
  };
  return { ring, wait, reset: () => (hasRung = signal.aborted) };
};

/** The folders of these files, and the top. */
const foldersOf = (files: readonly string[]): string[] => [...new Set(['', ...files.flatMap(foldersAbove)])];

/** Watches the folders among the paths that are new, and those in them, as far as git does not ignore them. */
const watchNew = async (run: RunGit, watch: TreeWatch, at: InsidePlace, paths: readonly string[]) => {
  let fresh = [...paths];
  for (const path of fresh) watch.forget(path);
  while (fresh.length > 0 && watch.trouble === null) {
    const inside = await Promise.all(
      fresh.map(async (path) => (await foldersIn(join(at.cwd, path))).map((name) => join(path, name))),
    );
    await watch.add(
      await unignored(
        run,
        at,
        fresh.filter((path) => !watch.has(path)),
      ),
    );
    fresh = inside.flat().filter((path) => watch.has(path.slice(0, path.lastIndexOf('/'))));
  }
};

/** Whether the news can be looked at path by path; what happened in git's own folder may have moved HEAD. */
const isMoved = async (run: RunGit, news: TreeNews, at: InsidePlace, head: string): Promise<boolean> =>
  news.git && (await headOf(run, at)) !== head;

const isSame = (a: WorkLook | undefined, b: WorkLook): boolean =>
  a !== undefined && a.head === b.head && a.tree === b.tree && a.unwatched === b.unwatched && a.left_out === b.left_out;

/** Looks at one worktree again and again; each `look` is one round. */
const openLooks = async ({ context, folder, pacer }: Shared, place: string, watches: Watches, ring: () => void) => {
  const { run, commonDir } = context;
  // A name that was never there: what is known of objects is known by where they are.
  const own = join(await folder(), `${basename(place)}-${randomUUID()}`);
  const index = openWorkIndex(run, commonDir, own);
  const inside = (): Promise<InsidePlace> => needInside(context, place);
  const watch = openTreeWatch(place, (await inside()).env.GIT_DIR, watches, ring);
  let now: WorkNow | undefined;
  let cost = 0;
  const sweeps = makeSweepPace();

  const begin = async (at: InsidePlace): Promise<WorkNow> => {
    const begun = performance.now();
    // Watched first: what changes during the look is news.
    await watch.add(['']);
    const found = await index.begin(at);
    await watch.add(foldersOf(await index.files(at)));
    cost = performance.now() - begun;
    return found;
  };
  const next = async (at: InsidePlace, news: TreeNews, isSweep: boolean): Promise<WorkNow> => {
    if (!now || (await isMoved(run, news, at, now.head))) return begin(at);
    if (news.paths === 'all' || isSweep) return index.look(at, 'all');
    if (news.paths.length === 0) return now;
    await watchNew(run, watch, at, await realFolders(place, news.paths));
    return index.look(at, news.paths);
  };

  return {
    /** How long nothing may happen before everything is looked at. */
    patience: () => Math.max(watch.trouble === null ? sweeps.ms() : UNWATCHED_MS, cost * SWEEP_REST),
    look: (signal: AbortSignal): Promise<WorkLook> => {
      const isFree = !now;
      return pacer(
        async () => {
          const own = await context.privates?.look(place);
          if (own !== undefined) watch.addGit(own);
          const at = await inside();
          const news = watch.take();
          const isSweep = !news.git && news.paths.length === 0;
          // What cannot be looked at piece by piece, as a file that became a folder meanwhile, is begun anew.
          const before = now;
          now = await next(at, news, isSweep).catch(async () => begin(await inside()));
          sweeps.note(isSweep && before?.head === now.head && before.tree === now.tree);
          return { ...now, unwatched: watch.trouble, left_out: index.leftOut };
        },
        { signal, isFree },
      );
    },
    [Symbol.asyncDispose]: async () => {
      watch[Symbol.dispose]();
      await rm(own, { recursive: true, force: true });
    },
  };
};

/** Those of the paths that are folders, links left out. */
const realFolders = async (place: string, paths: readonly string[]): Promise<string[]> => {
  const names = new Map<string, readonly string[]>();
  const parents = new Set(paths.map((path) => path.slice(0, Math.max(0, path.lastIndexOf('/')))));
  for (const parent of parents) names.set(parent, await foldersIn(join(place, parent)));
  return paths.filter((path) => {
    const cut = path.lastIndexOf('/');
    return names.get(path.slice(0, Math.max(0, cut)))!.includes(path.slice(cut + 1));
  });
};

/** Tells what a worktree holds now, and again whenever that has changed, until it is gone or the signal aborts. */
export const workWith = (shared: Shared): Git['work'] => {
  const watches: Watches = { watched: 0, open: shared.watch };
  return async function* (worktree, signal) {
    const place = await placeOf(worktree);
    const bell = makeBell(signal);
    await using looks = await openLooks(shared, place, watches, bell.ring);
    let last: WorkLook | undefined;
    while (!signal.aborted) {
      bell.reset();
      let found: WorkLook;
      try {
        found = await looks.look(signal);
      } catch (error) {
        if (signal.aborted || worktreeGone.matches(error)) return;
        throw error;
      }
      if (!isSame(last, found)) yield found;
      last = found;
      await bell.wait(looks.patience());
      await new Promise((resolve) => setTimeout(resolve, signal.aborted ? 0 : GATHER_MS).unref());
    }
  };
};
