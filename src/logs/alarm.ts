import { type FSWatcher, watch } from 'node:fs';
import { basename } from 'node:path';

/**
 * Resolves when there is something to look at, or when it is time to look anyway: with false when nothing but the content
 * of files has changed since the last time.
 */
export type Alarm = () => Promise<boolean>;

type AlarmOptions = {
  /** When it is time to look anyway, in milliseconds. */
  readonly pollMs: number;
  /** The same while the system tells of changes (default: as often). It tells of none behind a link. */
  readonly watchedMs?: number;
  readonly signal: AbortSignal;
};

/** An alarm for changes in a folder, which need not exist yet. It is over, and rings at once, when the signal aborts. */
export const folderAlarm = (dir: string, { pollMs, watchedMs = pollMs, signal }: AlarmOptions): Alarm => {
  let watcher: FSWatcher | null = null;
  let rang = false;
  let more = false;
  let ring = () => {};
  const wake = (what?: string) => {
    rang = true;
    more ||= what !== 'change';
    ring();
  };
  const stopWatching = () => {
    watcher?.close();
    watcher = null;
  };
  const startWatching = () => {
    try {
      watcher = watch(dir, (what, name) => {
        // The folder itself was moved or removed: another one may come to its place.
        if (name === basename(dir)) stopWatching();
        wake(what);
      }).on('error', stopWatching);
    } catch {
      // The folder is not there yet, or the system has no watches left: the poll sees everything as well.
      return;
    }
    // What happened just before the watch began is not reported.
    wake();
  };
  signal.addEventListener('abort', () => {
    stopWatching();
    wake();
  });
  return async () => {
    if (!watcher && !signal.aborted) startWatching();
    if (!rang && !signal.aborted)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(
          () => {
            more = true;
            resolve();
          },
          watcher ? watchedMs : pollMs,
        );
        ring = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    const isMore = more;
    rang = false;
    more = false;
    return isMore;
  };
};

/** How many times more seldom than where it reports nothing the folder of a log is looked at that the system reports changes of. */
const SELDOM = 10;

/** An alarm for the folder of a log, where nothing lies behind a link. */
export const logAlarm = (dir: string, pollMs: number, signal: AbortSignal): Alarm =>
  folderAlarm(dir, { pollMs, watchedMs: SELDOM * pollMs, signal });
