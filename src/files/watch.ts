import { type FSWatcher, watch } from 'node:fs';
import type { FolderNews } from '../ports/target.ts';

const openWatcher = (folder: string, onNews: () => void, onEnd: () => void): FSWatcher | undefined => {
  try {
    // A watch keeps no process from ending.
    return watch(folder, { persistent: false }, onNews).on('error', onEnd);
  } catch {
    return undefined;
  }
};

/** News of a folder: many changes that nobody has asked for yet are one. It ends where the folder cannot be watched. */
export async function* watchFolder(folder: string, signal: AbortSignal): AsyncGenerator<FolderNews> {
  let hasNews = false;
  let isOver = signal.aborted;
  let wake = (): void => undefined;
  const onNews = (): void => {
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
