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
export const isDaemonWith = (lock: string, command: string): boolean => {
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

/** Which fields of `/proc/PID/stat` behind the name these are: the state, and how many threads there are. */
const STATE = 0;
const THREADS = 17;

/**
 * Whether a process is just ending: the kernel takes its command line first, and what it has open, sockets too, later. What has
 * ended and was not asked for yet has neither.
 */
const isEnding = async (pid: number): Promise<boolean> => {
  const textOf = (name: string) => readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => undefined);
  if ((await textOf('cmdline')) !== '') return false;
  const stat = await textOf('stat');
  if (stat === undefined) return false;
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  // Its first thread may have ended before the others, which hold what is open until then.
  return !/^[ZX]/u.test(fields[STATE]!) || Number(fields[THREADS]) > 1;
};

/** How long a process that is told to end may take for it, in milliseconds: a daemon gives up what it waits for before that. */
const TOLD_MS = 8000;

/**
 * Ends the process that has the state and cannot be reached: it is waited for, told to end, and killed at last. What it does may
 * be cut off at any moment, and the next daemon goes on with it. Whether it had to be killed.
 */
export const endHolder = async (paths: Paths, pid: number): Promise<{ readonly killed: boolean }> => {
  const isHolder = async (): Promise<boolean> => (await pidOfHolder(paths)) === pid;
  const isThere = async (): Promise<boolean> => (await isHolder()) || (await isEnding(pid));
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    if (!(await isHolder())) return { killed: false };
    process.kill(pid, signal);
    for (const end = performance.now() + TOLD_MS; performance.now() < end && (await isThere()); ) await pause(LOOK_MS);
    if (signal === 'SIGKILL') return { killed: !(await isThere()) };
  }
  return { killed: false };
};
