import { randomFillSync } from 'node:crypto';
import { open, rm, stat } from 'node:fs/promises';
import { unlessMissing } from '../lib/missing.ts';
import type { Ballast } from '../ports/ballast.ts';
import { findRoom } from './room.ts';

const MEGABYTE = 1024 * 1024;

/** So much is kept, in bytes: some ten thousand events, and what git writes when work in progress is committed. */
const SIZE = 8 * MEGABYTE;

/** With less free room than this, in bytes, the disk counts as full; it is below what giving the ballast back leaves. */
const FULL = 2 * MEGABYTE;

/** Where others took the room meanwhile, or a quota that no look at the disk tells ended it, it is left alone for so long. */
const PAUSE_MS = 3_600_000;

export const openBallast = (path: string, now: () => number = () => performance.now()): Ballast => {
  let writing: Promise<void> | undefined;
  let isWanted = false;
  let failedAt = Number.NEGATIVE_INFINITY;

  const size = async (): Promise<number> => (await unlessMissing(stat(path)))?.size ?? 0;

  const write = async (): Promise<void> => {
    // Some file systems store zeros in no room at all.
    const noise = randomFillSync(Buffer.alloc(MEGABYTE));
    // Whatever lies there instead is not written through.
    await rm(path, { force: true });
    const file = await open(path, 'wx', 0o600);
    try {
      for (let written = 0; written < SIZE && isWanted; written += MEGABYTE) await file.appendFile(noise);
    } finally {
      await file.close();
    }
  };

  const giveBack = async (): Promise<boolean> => {
    isWanted = false;
    const isHalf = writing !== undefined;
    await writing;
    try {
      const had = await size();
      await rm(path, { force: true });
      return had > 0 || isHalf;
    } catch {
      return isHalf;
    }
  };

  const take = async (): Promise<void> => {
    try {
      if ((await size()) !== SIZE) await write();
    } catch {
      failedAt = now();
      await rm(path, { force: true }).catch(() => undefined);
    }
  };

  return {
    giveBack,
    giveBackIfFull: async () => {
      const room = await findRoom(path);
      return room !== null && room < FULL && giveBack();
    },
    keep: async () => {
      if (writing === undefined && now() - failedAt < PAUSE_MS) return;
      isWanted = true;
      writing ??= take().finally(() => {
        writing = undefined;
      });
      await writing;
    },
  };
};
