import { watch } from 'node:fs';
import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { parseSpoolFile, type SpoolMessage } from '../agents/spool-message.ts';

const POLL_MS = 1000;

type Found = { readonly file: string; readonly at: bigint };

/** Complete messages in the order in which they were left. */
const waiting = async (folder: string): Promise<string[]> => {
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

/**
 * Takes messages out of the spool folder, one after the other. A message is removed when it was taken, so one that
 * arrives while no daemon runs, or while it dies, is not lost. The folder is watched; a slow look is the safety net.
 * `caughtUp` resolves when those that were there at the start are taken.
 */
export const watchSpool = async (
  folder: string,
  take: (message: SpoolMessage) => Promise<void>,
  signal: AbortSignal,
): Promise<{ done: Promise<void>; caughtUp: Promise<void> }> => {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  let { promise: news, resolve: wake } = Promise.withResolvers<void>();
  const watcher = watch(folder, () => wake());
  watcher.on('error', () => watcher.close());
  signal.addEventListener('abort', () => wake(), { once: true });

  const takeAll = async (): Promise<void> => {
    for (const file of await waiting(folder)) {
      if (signal.aborted) return;
      const message = parseSpoolFile(await readFile(file, 'utf8').catch(() => ''));
      if (message) await take(message);
      await rm(file, { force: true });
    }
  };

  const { promise: caughtUp, resolve: isCaughtUp } = Promise.withResolvers<void>();
  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      ({ promise: news, resolve: wake } = Promise.withResolvers<void>());
      await takeAll();
      isCaughtUp();
      if (signal.aborted) break;
      await Promise.race([news, pause(POLL_MS, undefined, { ref: false })]);
    }
    watcher.close();
    isCaughtUp();
  };
  return { done: run(), caughtUp };
};
