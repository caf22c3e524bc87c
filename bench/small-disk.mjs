import { execFileSync } from 'node:child_process';
import { closeSync, ftruncateSync, mkdirSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { holdOpen, inFolder } from './sandbox.mjs';

const run = (file, ...args) => execFileSync(file, args, { stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8' });

const MAKE = {
  tmpfs: (disk, _image, mb) => run('mount', '-t', 'tmpfs', '-o', `size=${mb}m,mode=0700`, 'drover-bench', disk),
  ext4: (disk, image, mb) => {
    const file = openSync(image, 'w', 0o600);
    ftruncateSync(file, mb * 1024 * 1024);
    closeSync(file);
    run('mkfs.ext4', '-q', '-m', '0', image);
    run('mount', '-o', 'loop', image, disk);
  },
};

const unmount = (disk) => {
  try {
    run('umount', disk);
  } catch {
    // Somebody still has a file there: it is gone when they have ended, and the loop device with it.
    run('umount', '-l', disk);
  }
};

/** Works on a small disk of its own, which is gone afterwards. */
export const onSmallDisk = ({ kind, mb }, work) =>
  inFolder(async (folder) => {
    const disk = join(folder, 'disk');
    mkdirSync(disk);
    try {
      MAKE[kind](disk, join(folder, 'image'), mb);
    } catch (error) {
      const why = String(error.stderr || error.message).trim();
      throw new Error(`A small disk (${kind}) cannot be mounted here, which only root may: ${why}`);
    }
    let mounted = true;
    const close = async () => {
      if (mounted) unmount(disk);
      mounted = false;
    };
    const release = holdOpen({ close });
    try {
      return await work(disk);
    } finally {
      await close();
      release();
    }
  });

/** Others write while room is taken: so much is taken byte by byte. */
const LEFT_BYTES = 4 * 1024 * 1024;

/** How often a greedy filler takes what is there, in milliseconds. */
const GREEDY_MS = 2;

const roomOf = (disk) => {
  const { bavail, bsize } = statfsSync(disk);
  return Number(bavail) * Number(bsize);
};

/** Writes until not one more byte fits. */
const writeAll = (file) => {
  for (let bytes = 1024 * 1024; bytes >= 1; bytes = Math.floor(bytes / 2)) {
    try {
      for (;;) writeSync(file, Buffer.alloc(bytes, 'x'));
    } catch (error) {
      if (error.code !== 'ENOSPC') throw error;
    }
  }
};

/**
 * A file that can take all room of a disk to the last byte, and give it back. A greedy one goes on taking what others give back
 * meanwhile.
 */
export const openFiller = (disk, { greedy = false } = {}) => {
  const path = join(disk, 'filler');
  let file;
  let timer;
  const giveBack = () => {
    clearInterval(timer);
    if (file !== undefined) closeSync(file);
    file = undefined;
    rmSync(path, { force: true });
  };
  const release = holdOpen({ close: async () => giveBack() });
  return {
    fill: () => {
      // Most of it is room alone, without a byte that would have to reach the disk before anything of others does.
      const most = roomOf(disk) - LEFT_BYTES;
      if (most > 0) run('fallocate', '-l', String(most), path);
      file = openSync(path, 'a', 0o600);
      writeAll(file);
      if (greedy) timer = setInterval(() => writeAll(file), GREEDY_MS);
    },
    giveBack,
    close: () => {
      giveBack();
      release();
    },
  };
};
