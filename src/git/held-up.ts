import { lstat, readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { heldUp } from './errors.ts';

/** Finds what git waits for, or reads without an end, where agents can put anything; undefined where nothing is. */
export type FindHoldUp = (signal: AbortSignal) => Promise<Error | undefined>;

/** The time after which it is looked for first, in milliseconds: most of what git does takes less. */
const FIRST_MS = 500;

/** Does work and looks, again and again as long as that takes, for what holds it up: the signal then ends it with that error. */
export const unlessHeldUp = async <T>(
  finds: readonly FindHoldUp[],
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> => {
  const over = new AbortController();
  const ended = new AbortController();
  const look = async (): Promise<void> => {
    // What takes long for good reasons is not to take twice as long.
    for (let ms = FIRST_MS; finds.length > 0; ms *= 2) {
      await pause(ms, undefined, { signal: ended.signal, ref: false });
      for (const find of finds) {
        const why = await find(ended.signal);
        if (why) return over.abort(why);
      }
    }
  };
  // A look that fails ends nothing: then git says what is wrong, or takes its time.
  void look().catch(() => undefined);
  try {
    return await work(over.signal);
  } finally {
    ended.abort();
  }
};

/** Larger than this is no file by which a person says something of others, in bytes. */
const LARGEST = 100 * 1024 * 1024;

/** By which git learns of the files of a folder, and whether that is a repository of its own. */
const READ = /^(?:\.git.*|HEAD|config|commondir|packed-refs)$/u;

/** Why git does not come past a file; undefined where it does. */
const whyAt = async (path: string, isPipe: boolean): Promise<string | undefined> => {
  if (isPipe) return 'is a pipe';
  const info = await lstat(path).catch(() => undefined);
  return info?.isFile() && info.size > LARGEST ? `is larger than ${LARGEST / 1024 / 1024} MiB` : undefined;
};

type Entry = Awaited<ReturnType<typeof entriesOf>>[number];

const entriesOf = (folder: string) => readdir(folder, { withFileTypes: true }).catch(() => []);

const isSuspect = (entry: Entry, inGit: boolean): boolean =>
  entry.isFIFO() ? inGit || READ.test(entry.name) : entry.isFile() && /^\.git[a-z]/u.test(entry.name);

type Seen = { readonly odd: Error | undefined; readonly below: readonly string[] };

/** What of a folder holds git up, and the folders in it; of nested repositories their objects are left out. */
const seeFolder = async (place: string, folder: string): Promise<Seen> => {
  const inGit = relative(place, folder).split('/').includes('.git');
  const below: string[] = [];
  for (const entry of await entriesOf(folder)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !(inGit && entry.name === 'objects')) below.push(path);
    const why = isSuspect(entry, inGit) ? await whyAt(path, entry.isFIFO()) : undefined;
    if (why !== undefined) return { odd: heldUp({ path, why }), below };
  }
  return { odd: undefined, below };
};

/** Finds what holds git up among the files of a worktree; those of git's own there are no others than `.git`. */
export const inWorktree =
  (place: string): FindHoldUp =>
  async (signal) => {
    const folders = [place];
    // Those above others come first, and the list grows meanwhile.
    for (const folder of folders) {
      if (signal.aborted) return undefined;
      const { odd, below } = await seeFolder(place, folder);
      if (odd) return odd;
      folders.push(...below);
    }
    return undefined;
  };
