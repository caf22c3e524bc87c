import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { Paths } from '../lib/paths.ts';

/** Whether a process of ours has this number. */
export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** The process that holds the state of this repository: it says so beside its lock, and takes that back last of all. */
export const pidOfDaemon = async (paths: Paths): Promise<number | undefined> => {
  const pid = Number(await readFile(`${paths.lock}.pid`, 'utf8').catch(() => ''));
  return Number.isSafeInteger(pid) && pid > 0 && isAlive(pid) ? pid : undefined;
};

/** Whether a command line, as the kernel has it, is that of the daemon with this lock. */
const isDaemonWith = (lock: string, command: string): boolean => {
  const words = command.split('\0');
  const program = words.findIndex((word) => word.includes('daemon/main'));
  if (program === -1) return false;
  try {
    const { paths } = JSON.parse(words[program + 2] ?? '') as { readonly paths?: Partial<Paths> };
    return paths?.lock === lock;
  } catch {
    // Another version may say it in other words.
    return true;
  }
};

/**
 * The same, unless it is known to be another program by now: after a restart of the machine the number that was left there
 * may be anybody's, that of the daemon of another repository as well.
 */
export const pidOfHolder = async (paths: Paths): Promise<number | undefined> => {
  const pid = await pidOfDaemon(paths);
  if (pid === undefined) return undefined;
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => undefined);
  return command === undefined || isDaemonWith(paths.lock, command) ? pid : undefined;
};

const LOOK_MS = 10;
/** Longer than any daemon takes that is going to end at all. */
const LEAVE_MS = 15_000;

/**
 * Resolves when the daemon has put everything away, or after a while that is long for one to end. It is the one with this number,
 * else the one that is there: whoever has its place meanwhile, because somebody else has started it, is not waited for.
 */
export const daemonGone = async (paths: Paths, pid?: number): Promise<void> => {
  const deadline = performance.now() + LEAVE_MS;
  const leaving = pid ?? (await pidOfDaemon(paths));
  while (performance.now() < deadline) {
    const present = await pidOfDaemon(paths);
    if (present === undefined || present !== leaving) return;
    await pause(LOOK_MS);
  }
};
