import { type FSWatcher, watch } from 'node:fs';
import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { parseSpoolFile, type SpoolMessage } from '../agents/spool-message.ts';
import { storeFailed } from '../state/store/errors.ts';

const POLL_MS = 1000;

type Found = { readonly file: string; readonly at: bigint };

/** Complete messages in the order in which they were left. */
const waiting = async (folder: string): Promise<string[]> => {
  // Somebody may tidy up: agents leave nothing where no folder is.
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json'));
  const found = await Promise.all(
    names.map(async (name): Promise<Found[]> => {
      const file = `${folder}/${name}`;
      const { mtimeNs } = await stat(file, { bigint: true }).catch(() => ({ mtimeNs: undefined }));
      return mtimeNs === undefined ? [] : [{ file, at: mtimeNs }];
    }),
  );
  return found
    .flat()
    .toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.file < b.file ? -1 : 1))
    .map((one) => one.file);
};

/** How many messages lie there. */
export const spooledIn = async (folder: string): Promise<number> =>
  (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.json')).length;

const watched = (folder: string, ring: () => void): FSWatcher | undefined => {
  try {
    const watcher = watch(folder, ring);
    return watcher.on('error', () => watcher.close());
  } catch {
    return undefined;
  }
};

type Spool = { readonly folder: string; readonly log: (line: string) => void; readonly signal: AbortSignal };

/**
 * Takes messages out of the spool folder, one after the other. A message is removed when it was taken, so one that
 * arrives while no daemon runs, or while it dies, is not lost. The folder is watched; a slow look is the safety net.
 * `caughtUp` resolves when those that were there at the start are taken.
 */
export const watchSpool = async (
  { folder, log, signal }: Spool,
  take: (message: SpoolMessage) => Promise<void>,
): Promise<{ done: Promise<void>; caughtUp: Promise<void> }> => {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  let { promise: news, resolve: wake } = Promise.withResolvers<void>();
  // Without it (no watches left, say) the slow look still finds everything.
  const watcher = watched(folder, () => wake());
  signal.addEventListener('abort', () => wake(), { once: true });

  const takeOne = async (file: string): Promise<void> => {
    const message = parseSpoolFile(await readFile(file, 'utf8').catch(() => ''));
    try {
      if (message) await take(message);
    } catch (error) {
      // What could not be taken because everything ends is taken by the next daemon.
      if (signal.aborted || storeFailed.matches(error)) return;
      log(`a message could not be taken: ${error instanceof Error ? error.message : error}`);
    }
    await rm(file, { force: true });
  };
  const takeAll = async (): Promise<void> => {
    for (const file of await waiting(folder)) {
      if (signal.aborted) return;
      await takeOne(file);
    }
  };

  const { promise: caughtUp, resolve: isCaughtUp } = Promise.withResolvers<void>();
  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      ({ promise: news, resolve: wake } = Promise.withResolvers<void>());
      await takeAll().catch((error: unknown) => log(`the spool could not be read: ${(error as Error).message}`));
      isCaughtUp();
      if (signal.aborted) break;
      await Promise.race([news, pause(POLL_MS, undefined, { ref: false })]);
    }
    watcher?.close();
    isCaughtUp();
  };
  return { done: run(), caughtUp };
};
