import { existsSync, type FSWatcher, type WatchEventType, watch } from 'node:fs';
import { basename, join } from 'node:path';
import type { FolderNews, NewsKinds } from '../ports/target.ts';

/** What the system reports: an entry that came, went or got another name is `rename`; its name may be missing. */
type Report = (type: WatchEventType, name: string | null) => void;

const openWatcher = (folder: string, onNews: Report, onEnd: () => void): FSWatcher | undefined => {
  try {
    // A watch keeps no process from ending.
    return watch(folder, { persistent: false }, onNews).on('error', onEnd);
  } catch {
    return undefined;
  }
};

/** Whether a report only says that an entry of a folder is not there any more. The end of the folder itself has its name. */
const isRemoval = (folder: string, type: WatchEventType, name: string | null): boolean =>
  type === 'rename' && name !== null && name !== basename(folder) && !existsSync(join(folder, name));

/** Which reports are news; one without a name may be about anything. */
const isAsked = (folder: string, kinds: NewsKinds): ((...report: Parameters<Report>) => boolean) => {
  if (kinds === 'all') return () => true;
  if (kinds === 'arrivals') return (type, name) => !isRemoval(folder, type, name);
  const names = new RegExp(kinds.names, 'u');
  return (_type, name) => name === null || names.test(name);
};

/**
 * News of a folder: many changes that nobody has asked for yet are one. It ends where the folder cannot be watched, and when
 * it goes, unless another one is in its place at once.
 */
export async function* watchFolder(
  folder: string,
  signal: AbortSignal,
  kinds: NewsKinds = 'all',
): AsyncGenerator<FolderNews> {
  let hasNews = false;
  let isReplaced = false;
  let isOver = signal.aborted;
  let wake = (): void => undefined;
  const wanted = isAsked(folder, kinds);
  const onNews: Report = (type, name) => {
    // What happens to the folder itself has its name, as an entry of that name has.
    isReplaced ||= type === 'rename' && name === basename(folder);
    if (!isReplaced && !wanted(type, name)) return;
    hasNews = true;
    wake();
  };
  const end = (): void => {
    isOver = true;
    wake();
  };
  let watcher = isOver ? undefined : openWatcher(folder, onNews, end);
  if (!watcher) return;
  signal.addEventListener('abort', end, { once: true });
  try {
    yield 'began';
    while (!isOver) {
      if (isReplaced) {
        isReplaced = false;
        watcher?.close();
        watcher = openWatcher(folder, onNews, end);
        isOver = watcher === undefined;
      }
      if (hasNews) {
        hasNews = false;
        yield 'changed';
      } else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  } finally {
    signal.removeEventListener('abort', end);
    watcher?.close();
  }
}
