import { pathsOf } from '../../../src/lib/paths.ts';
import type { Disk } from '../../../src/state/store/disk.ts';
import { type MemoryDisk, memoryDisk } from '../../state/store/simulation/memory-disk.ts';
import type { Surroundings } from './agents.ts';
import { type FileWorld, openFiles } from './files.ts';
import { type GitWorld, openGit } from './git.ts';
import type { Life } from './life.ts';
import { openTmux, type TmuxWorld } from './tmux.ts';

export const PATHS = pathsOf({
  root: '/repository',
  key: 'app',
  commonDir: '/repository/.git',
  home: '/home/person',
  data: '/home/person/.local/share',
  worktrees: '/worktrees',
  socket: '/run/app.sock',
});

/**
 * What is made wrong on purpose, to see that it is found: syncs that do nothing, a terminal that does not remember what was typed,
 * clients that say again what had no answer as if it were another command.
 */
export type Flaw = 'sync' | 'terminal' | 'requests';

/** A disk of which each call is an effect of a daemon. */
export const diskFor = ({ disk: diskNow, flaw }: Machine, { act, actNow }: Life, disk = diskNow()): Disk => ({
  open: (path, flags) =>
    act(`disk open ${path}`, async () => {
      const file = await disk.open(path, flags);
      return {
        append: (bytes) =>
          act(
            `disk append ${path}`,
            () => file.append(bytes),
            () => void file.append(bytes.subarray(0, bytes.length >> 1)),
          ),
        sync: () => act(`disk sync ${path}`, () => (flaw === 'sync' ? undefined : file.sync())),
        cutTo: (size) => act(`disk cut ${path}`, () => file.cutTo(size)),
        close: () => act(`disk close ${path}`, () => file.close()),
      };
    }),
  read: (path) => act(`disk read ${path}`, () => disk.read(path)),
  list: (folder) => act(`disk list ${folder}`, () => disk.list(folder)),
  syncFolder: (folder) => act(`disk syncFolder ${folder}`, () => disk.syncFolder(folder)),
  makeFolder: (folder) => act(`disk makeFolder ${folder}`, () => disk.makeFolder(folder)),
  rename: (from, to) => act(`disk rename ${to}`, () => disk.rename(from, to)),
  remove: (path) => act(`disk remove ${path}`, () => disk.remove(path)),
  link: (from, to) => act(`disk link ${to}`, () => disk.link(from, to)),
  copy: (from, to) => act(`disk copy ${to}`, () => disk.copy(from, to)),
  identityOf: disk.identityOf,
  openNote: (path) =>
    actNow(`disk openNote ${path}`, () => {
      const note = disk.openNote(path);
      return { write: (text) => actNow(`disk note ${path}`, () => note.write(text)), close: note.close };
    }),
  pack: disk.pack,
  unpack: disk.unpack,
});

/** A machine: what on it outlives a daemon. */
export type Machine = {
  readonly files: FileWorld;
  readonly git: GitWorld;
  readonly tmux: TmuxWorld;
  /** How often each task was taken up by an agent. */
  readonly begun: ReadonlyMap<string, number>;
  readonly disk: () => MemoryDisk;
  readonly flaw: Flaw | undefined;
  /** The next daemon finds what the one before has left: after a power cut without what was not synced, and no programs. */
  readonly restart: (kind: 'kill' | 'power') => void;
};

export const openMachine = async (
  around: Pick<Surroundings, 'conducts' | 'trace' | 'time' | 'random'> & { readonly flaw: Flaw | undefined },
): Promise<Machine> => {
  const { time, random, flaw } = around;
  const files = openFiles(time);
  const git = openGit();
  const begun = new Map<string, number>();
  const tmux = openTmux({ ...around, files, git, begun }, { ...PATHS, forgets: flaw === 'terminal' });
  let disk = memoryDisk(random);
  await disk.makeFolder(PATHS.commonDir);
  for (const folder of ['/', PATHS.root]) await disk.syncFolder(folder);
  return {
    ...{ files, git, tmux, begun, flaw },
    disk: () => disk,
    restart: (kind) => {
      disk = disk.restartedAfter(kind);
      if (kind === 'kill') return;
      tmux.killServer();
      files.cutPower(random);
    },
  };
};
