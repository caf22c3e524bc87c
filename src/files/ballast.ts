import { randomFillSync } from 'node:crypto';
import { open, rm, stat } from 'node:fs/promises';
import { unlessMissing } from '../lib/missing.ts';
import { findRoom } from './room.ts';

const MEGABYTE = 1024 * 1024;

/** So much is kept, in bytes: some ten thousand events, and what git writes when work in progress is committed. */
const SIZE = 8 * MEGABYTE;

/** With less free room than this, in bytes, the disk counts as full; it is below what giving the ballast back leaves. */
const FULL = 2 * MEGABYTE;

/** Room on a disk that is kept for the time when there is no other: what has to be written then is written there. */
export type Ballast = {
  /** Takes the room; where there is too little after all, none. */
  keep(): Promise<void>;
  /** Gives it back; whether there was any. */
  giveBack(): Promise<boolean>;
  /** The same, where the disk is full. */
  giveBackIfFull(): Promise<boolean>;
};

const write = async (path: string): Promise<void> => {
  // Some file systems store zeros in no room at all.
  const noise = randomFillSync(Buffer.alloc(MEGABYTE));
  const file = await open(path, 'w', 0o600);
  try {
    for (let written = 0; written < SIZE; written += MEGABYTE) await file.appendFile(noise);
  } finally {
    await file.close();
  }
};

export const openBallast = (path: string): Ballast => {
  const size = async (): Promise<number> => (await unlessMissing(stat(path)))?.size ?? 0;

  const giveBack = async (): Promise<boolean> => {
    const had = await size();
    await rm(path, { force: true });
    return had > 0;
  };

  return {
    giveBack,
    giveBackIfFull: async () => {
      const room = await findRoom(path);
      return room !== null && room < FULL && giveBack();
    },
    keep: async () => {
      if ((await size()) === SIZE) return;
      try {
        await write(path);
      } catch {
        // Others took the room meanwhile.
        await giveBack();
      }
    },
  };
};
