import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { holdOpen, inPackage } from '../../sandbox.mjs';
import { killAll } from './halt.mjs';

/** The image is sparse: it takes what was written to it. */
const BYTES = 1024 ** 3;
/** How long a file system may be busy after its last process has ended, in milliseconds. */
const BUSY_MS = 10_000;

const run = (file, ...args) => {
  try {
    return execFileSync(file, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (error) {
    const said = error.code === 'ENOENT' ? 'it is not installed' : String(error.stderr || error.message).trim();
    throw new Error(`${file}: ${said.split('\n')[0]}`, { cause: error });
  }
};

const isMounted = (folder) =>
  readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .some((line) => line.split(' ')[1] === folder);

/** Ends a mount, and waits until its loop device is let go of: mounted before that, the disk would still be the one without power. */
const unmount = async (folder, image) => {
  for (const deadline = performance.now() + BUSY_MS; ; await pause(20))
    try {
      // Whoever was just being started is there only now.
      await killAll(folder);
      if (isMounted(folder)) run('umount', folder);
      if (run('losetup', '-j', image) === '') return;
      throw new Error(`${image} is still in use`);
    } catch (error) {
      if (performance.now() > deadline) throw error;
    }
};

const make = (image, folder) => {
  writeFileSync(image, '');
  truncateSync(image, BYTES);
  run('mkfs.ext4', '-q', '-F', '-m', '0', '-E', 'lazy_itable_init=0,lazy_journal_init=0,nodiscard', image);
  mkdirSync(folder);
};

/** A file system of its own in a file, which can lose power. Put away, nothing of it is left: mount, loop device, image. */
export const openDisk = async (place) => {
  const image = join(place, 'disk.img');
  const folder = join(place, 'm');
  let closing;
  const mount = () => {
    if (closing) throw new Error('the disk is being put away');
    run('mount', '-o', 'loop', image, folder);
  };
  const shutDown = () => run('perl', inPackage('bench/chaos/cuts/shutdown.pl'), folder);
  const put = async () => {
    await unmount(folder, image);
    rmSync(image, { force: true });
  };
  const close = () => {
    closing ??= put();
    return closing;
  };
  const release = holdOpen({ close });
  make(image, folder);
  mount();
  return {
    folder,
    /** Everything that was written until now is on the disk. */
    sync: () => void run('sync', '-f', folder),
    shutDown,
    /** Takes it out, whoever still has it, and puts it in again: what was on the disk is there, and nothing else. */
    remount: async () => {
      await unmount(folder, image);
      mount();
    },
    close: async () => {
      await close();
      release();
    },
  };
};

/** Why there can be no power cuts here, in a sentence; undefined where there can. */
export const whyNoDisk = async (place) => {
  let disk;
  try {
    disk = await openDisk(place);
    disk.shutDown();
    await disk.remount();
    return undefined;
  } catch (error) {
    return `A power cut needs a disk of its own, which cannot be had here: ${error.message}.`;
  } finally {
    await disk?.close();
    rmSync(join(place, 'm'), { recursive: true, force: true });
  }
};
