import { existsSync, type FSWatcher, type WatchEventType, watch } from 'node:fs';
import { basename, join } from 'node:path';
import type { FolderNews } from '../ports/target.ts';

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

/** News of a folder: many changes that nobody has asked for yet are one. It ends where the folder cannot be watched. */
export async function* watchFolder(
  folder: string,
  signal: AbortSignal,
  kinds: 'all' | 'arrivals' = 'all',
): AsyncGenerator<FolderNews> {
  let hasNews = false;
  let isOver = signal.aborted;
  let wake = (): void => undefined;
  const onNews: Report = (type, name) => {
    if (kinds === 'arrivals' && isRemoval(folder, type, name)) return;
    hasNews = true;
    wake();
  };
  const end = (): void => {
    isOver = true;
    wake();
  };
  const watcher = isOver ? undefined : openWatcher(folder, onNews, end);
  if (!watcher) return;
  signal.addEventListener('abort', end, { once: true });
  try {
    yield 'began';
    while (!isOver) {
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
    watcher.close();
  }
}
