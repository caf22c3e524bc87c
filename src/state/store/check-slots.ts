import { mkdir, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { messageOf } from '../../lib/errors.ts';
import { isBusy, openExclusive } from './sqlite.ts';

type Use = {
  readonly signal: AbortSignal;
  /** Called once, as soon as it is clear that it has to wait. */
  readonly onWait?: () => void;
};

/** The places in which checks and gates run: those of all daemons of a user on a machine are counted together. */
export type CheckSlots = {
  /** Runs the work as soon as there is a place for it; who came first goes first. */
  use<T>(work: () => Promise<T>, options: Use): Promise<T>;
  /** How many of this daemon run, and how many wait. */
  readonly counts: () => { readonly running: number; readonly waiting: number };
};

type Options = {
  /** A folder of the user's on this machine; the same for all daemons. */
  readonly folder: string;
  readonly limit: () => number;
  readonly log: (line: string) => void;
  /** How often somebody who waits looks again, in milliseconds. */
  readonly lookMs?: number;
};

type Slot = { readonly close: () => void };

/** A ticket that nobody has touched for so long belongs to a process that is gone. */
const STALE_MS = 10_000;

const TICKET = /^\d{13}-\d+-\d+$/u;

const isAbandoned = async (path: string): Promise<boolean> => {
  const info = await stat(path).catch(() => undefined);
  // One of a time to come was drawn before the clock was set back: whoever waits touches theirs.
  return info !== undefined && Math.abs(Date.now() - info.mtimeMs) > STALE_MS;
};

/** A line of tickets in a folder: the name of a ticket says when it was drawn. */
const openLine = (folder: string) => {
  let drawn = 0;
  const draw = async (): Promise<string> => {
    drawn += 1;
    const name = `${String(Date.now()).padStart(13, '0')}-${process.pid}-${drawn}`;
    await writeFile(`${folder}/${name}`, '', { mode: 0o600 });
    return name;
  };
  /** Whether nobody stands before it. */
  const isFirst = async (ticket: string): Promise<boolean> => {
    const before = (await readdir(folder)).filter((name) => TICKET.test(name) && name < ticket);
    for (const name of before)
      if (await isAbandoned(`${folder}/${name}`)) await rm(`${folder}/${name}`, { force: true });
      else return false;
    return true;
  };
  const touch = async (ticket: string): Promise<void> => {
    const now = new Date();
    await utimes(`${folder}/${ticket}`, now, now).catch(() => writeFile(`${folder}/${ticket}`, '', { mode: 0o600 }));
  };
  return { draw, isFirst, touch, leave: (ticket: string) => rm(`${folder}/${ticket}`, { force: true }) };
};

/** A place that is free now; undefined when there is none. It is a kernel lock, so a holder that dies gives it back. */
const takeSlot = async (folder: string, limit: number): Promise<Slot | undefined> => {
  for (let n = 1; n <= limit; n += 1) {
    const database = await openExclusive(`${folder}/slot-${n}.db`).catch((error: unknown) => {
      if (isBusy(error)) return undefined;
      throw error;
    });
    if (database) return database;
  }
  return undefined;
};

/** Waits in the line until a slot is free. */
const waitForSlot = async ({ folder, limit, lookMs = 100 }: Options, { signal, onWait }: Use): Promise<Slot> => {
  const waiting = `${folder}/waiting`;
  await mkdir(waiting, { recursive: true, mode: 0o700 });
  const line = openLine(waiting);
  const ticket = await line.draw();
  try {
    for (let looks = 0; ; looks += 1) {
      const slot = (await line.isFirst(ticket)) ? await takeSlot(folder, limit()) : undefined;
      if (slot) return slot;
      if (looks === 0) onWait?.();
      await pause(lookMs, undefined, { signal });
      await line.touch(ticket);
    }
  } finally {
    await line.leave(ticket);
  }
};

/** A budget that cannot be kept keeps nobody from working: that is told once, and checks run as they come. */
export const openCheckSlots = (options: Options): CheckSlots => {
  let told = false;
  let running = 0;
  let waiting = 0;
  const acquire = async (use: Use): Promise<Slot | undefined> => {
    waiting += 1;
    try {
      return await waitForSlot(options, use);
    } catch (error) {
      use.signal.throwIfAborted();
      if (!told) options.log(`limits.checks cannot be kept in ${options.folder}: ${messageOf(error)}`);
      told = true;
      return undefined;
    } finally {
      waiting -= 1;
    }
  };
  return {
    use: async (work, use) => {
      const slot = await acquire(use);
      running += 1;
      try {
        return await work();
      } finally {
        running -= 1;
        slot?.close();
      }
    },
    counts: () => ({ running, waiting }),
  };
};
