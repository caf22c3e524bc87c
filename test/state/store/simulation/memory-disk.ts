import { basename, dirname } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { AppendFile, Disk } from '../../../../src/state/store/disk.ts';
import { systemError } from '../disks.ts';
import { afterCut, change, type Inode, makeInode, makeSafe } from './inode.ts';
import type { Random } from './random.ts';

type Entries = Map<string, Inode>;
/** The names in a folder: those that are safe, and what was done to them since, in order. */
type Folder = { safe: Entries; now: Entries; changes: ((entries: Entries) => void)[]; isSafe: boolean };

/** What happens at the n-th call: it is the last one, done or not, or it fails as the system says. */
export type Fault = {
  readonly at: number;
  readonly kind: 'power' | 'kill' | 'ENOSPC' | 'EIO' | 'EMFILE';
  /** Whether the call is still done. */
  readonly late: boolean;
};

/** What everything rejects with that is asked of a machine that is off. */
class MachineOff extends Error {}

/**
 * A file system in memory that forgets at a power cut what was not synced. Contents need a sync of their file, and names one
 * of their folder, as POSIX has it.
 */
export type MemoryDisk = Disk & {
  /** How many calls there were. */
  readonly calls: () => number;
  /** Whether the fault has come. */
  readonly hasFailed: () => boolean;
  /** The same files at a machine that was switched on again. */
  readonly restarted: (fault?: Fault) => MemoryDisk;
  /** The same after its machine lost its power, or its only program was killed, whatever the fault was to be. */
  readonly restartedAfter: (kind: 'power' | 'kill') => MemoryDisk;
  /** Changes a file behind everybody's back; undefined removes it. */
  readonly harm: (path: string, edit: (content: Buffer) => Buffer | undefined) => void;
  readonly files: () => readonly string[];
  readonly isOff: () => boolean;
};

type World = Map<string, Folder>;

const folderIn = (world: World, path: string): Folder => {
  const found = world.get(path);
  if (!found) throw systemError('ENOENT');
  return found;
};

const fileIn = (world: World, path: string): Inode => {
  const found = world.get(dirname(path))?.now.get(basename(path));
  if (!found) throw systemError('ENOENT');
  return found;
};

const alter = (folder: Folder, one: (entries: Entries) => void): void => {
  one(folder.now);
  folder.changes.push(one);
};

/** What is there after the machine stopped: all that was done, or after a power cut what is safe and some of the rest. */
const worldAfter = (world: World, cut: Random | undefined): World => {
  const inodes = new Map<Inode, Inode>();
  const same = (inode: Inode): Inode => {
    const found = inodes.get(inode) ?? makeInode(cut ? afterCut(inode, cut) : inode.now);
    inodes.set(inode, found);
    return found;
  };
  const next: World = new Map();
  for (const [path, folder] of world) {
    if (cut && !folder.isSafe && cut.chance(0.5)) continue;
    if (path !== '/' && !next.has(dirname(path))) continue;
    const entries = new Map(cut ? folder.safe : folder.now);
    if (cut) for (const one of folder.changes.slice(0, cut.below(folder.changes.length + 1))) one(entries);
    const kept: Entries = new Map([...entries].map(([name, inode]) => [name, same(inode)]));
    next.set(path, { safe: kept, now: new Map(kept), changes: [], isSafe: true });
  }
  return next;
};

/** Counts the calls and lets the fault come; `half` is what of the call is done when it fails. */
const makeGate = (fault: Fault | undefined) => {
  let calls = 0;
  let isOff = false;
  let hasFailed = false;
  const pass = <T>(work: () => T, half: () => void = () => undefined): T => {
    if (isOff) throw new MachineOff();
    calls += 1;
    if (!fault || calls !== fault.at) return work();
    hasFailed = true;
    if (fault.kind === 'power' || fault.kind === 'kill') {
      isOff = true;
      if (fault.late) work();
      else half();
      throw new MachineOff();
    }
    half();
    throw systemError(fault.kind);
  };
  return { pass, calls: () => calls, isOff: () => isOff, hasFailed: () => hasFailed };
};

type Gate = ReturnType<typeof makeGate>;

const openedFile = (inode: Inode, { pass }: Gate): AppendFile => ({
  append: async (bytes) => {
    const copy = Buffer.from(bytes);
    pass(
      () => change(inode, { kind: 'add', bytes: copy }),
      () => change(inode, { kind: 'add', bytes: copy.subarray(0, copy.length >> 1) }),
    );
  },
  sync: async () =>
    pass(
      () => makeSafe(inode),
      () => {
        inode.broken = true;
      },
    ),
  cutTo: async (size) => pass(() => change(inode, { kind: 'cut', size })),
  close: async () => pass(() => undefined),
});

const makeParents = (world: World, path: string): void => {
  if (world.has(path)) return;
  makeParents(world, dirname(path));
  world.set(path, { safe: new Map(), now: new Map(), changes: [], isSafe: false });
};

const filesIn = (world: World): string[] =>
  [...world].flatMap(([path, { now }]) => [...now.keys()].map((name) => `${path}/${name}`));

const callsOf = (world: World, gate: Gate): Disk => {
  const { pass } = gate;
  const put = (path: string, inode: Inode) =>
    alter(folderIn(world, dirname(path)), (entries) => void entries.set(basename(path), inode));
  const take = (path: string) =>
    alter(folderIn(world, dirname(path)), (entries) => void entries.delete(basename(path)));
  const made = (path: string): Inode => {
    const found = folderIn(world, dirname(path)).now.get(basename(path)) ?? makeInode();
    if (!folderIn(world, dirname(path)).now.has(basename(path))) put(path, found);
    return found;
  };
  return {
    open: async (path, flags) =>
      pass(() => {
        const inode = flags === 'r+' ? fileIn(world, path) : made(path);
        if (flags === 'w' && inode.now.length > 0) change(inode, { kind: 'cut', size: 0 });
        return openedFile(inode, gate);
      }),
    read: async (path) => pass(() => Buffer.from(fileIn(world, path).now)),
    list: async (folder) => pass(() => [...folderIn(world, folder).now.keys()]),
    syncFolder: async (path) =>
      pass(() => {
        const folder = folderIn(world, path);
        folder.safe = new Map(folder.now);
        folder.changes = [];
        for (const [inner, one] of world) if (dirname(inner) === path) one.isSafe = true;
      }),
    makeFolder: async (folder) => pass(() => makeParents(world, folder)),
    rename: async (from, to) =>
      pass(() => {
        const inode = fileIn(world, from);
        alter(folderIn(world, dirname(from)), (entries) => {
          entries.delete(basename(from));
          entries.set(basename(to), inode);
        });
      }),
    remove: async (path) =>
      pass(() => {
        if (world.get(dirname(path))?.now.has(basename(path))) take(path);
      }),
    link: async (from, to) => pass(() => put(to, fileIn(world, from))),
    copy: async (from, to) =>
      pass(() => {
        const inode = made(to);
        change(inode, { kind: 'cut', size: 0 });
        change(inode, { kind: 'add', bytes: fileIn(world, from).now });
      }),
    identityOf: (path) => {
      const inode = world.get(dirname(path))?.now.get(basename(path));
      return inode && String(inode.id);
    },
    openNote: (path) =>
      pass(() => {
        const inode = made(path);
        return {
          write: (text) => pass(() => change(inode, { kind: 'put', bytes: Buffer.from(text) })),
          close: () => undefined,
        };
      }),
    pack: async (bytes) => gzipSync(bytes, { level: 1 }),
    unpack: async (bytes) => gunzipSync(bytes),
  };
};

const diskOf = (world: World, fault: Fault | undefined, cut: Random): MemoryDisk => {
  const gate = makeGate(fault);
  return {
    ...callsOf(world, gate),
    calls: gate.calls,
    isOff: gate.isOff,
    hasFailed: gate.hasFailed,
    restarted: (next) =>
      diskOf(worldAfter(world, gate.isOff() && fault?.kind === 'power' ? cut : undefined), next, cut),
    restartedAfter: (kind) => diskOf(worldAfter(world, kind === 'power' ? cut : undefined), undefined, cut),
    harm: (path, edit) => {
      const folder = folderIn(world, dirname(path));
      const content = edit(Buffer.from(fileIn(world, path).now));
      if (content) folder.now.set(basename(path), makeInode(content));
      else folder.now.delete(basename(path));
      folder.safe = new Map(folder.now);
      folder.changes = [];
    },
    files: () => filesIn(world),
  };
};

/** An empty file system; what a power cut leaves is up to the random numbers. */
export const memoryDisk = (random: Random, fault?: Fault): MemoryDisk =>
  diskOf(new Map([['/', { safe: new Map(), now: new Map(), changes: [], isSafe: true }]]), fault, random);
