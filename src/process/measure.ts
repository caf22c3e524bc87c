import { readdirSync, readFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import type { Processes } from '../ports/index.ts';
import { unmeasured } from './errors.ts';

/** What a process took so far. `tty` is empty when it has no terminal. */
export type Measured = {
  readonly pid: number;
  readonly parent: number;
  readonly tty: string;
  /** Its terminal belongs to it: it is not something that was put into the background there. */
  readonly foreground: boolean;
  /** It is in the foreground, and stopped by a signal. */
  readonly halted: boolean;
  /** Processor time of its own and of those of its children that have ended, in milliseconds. */
  readonly cpuMs: number;
  /** Memory that is in use, in bytes; what several processes share is counted at each of them. */
  readonly memory: number;
};

/** Linux tells times in hundredths of a second, whatever its clock. */
const TICK_MS = 10;

/** The field of the pages in memory, from the letter of the state on. */
const LAST_FIELD = 21;

/** What `/proc/<pid>/stat` says; undefined when it is cut. The name in brackets may hold anything. */
export const readStat = (text: string, pageBytes: number): Measured | undefined => {
  const pid = Number.parseInt(text, 10);
  const end = text.lastIndexOf(') ');
  const state = text.slice(end + 2, end + 3);
  // The first one is a letter. Hundreds of these are read at each look, and most fields are nobody's business.
  const fields = text.slice(end + 2).split(' ', LAST_FIELD + 1);
  const [parent, group, tty, foreground] = [1, 2, 4, 5].map((n) => Number(fields[n] ?? 0));
  const [user, system, userEnded, systemEnded] = [11, 12, 13, 14].map((n) => Number(fields[n] ?? 0));
  const pages = Number(fields[LAST_FIELD]);
  const isInFront = tty !== 0 && group === foreground;
  if (end < 0 || Number.isNaN(pid) || Number.isNaN(pages)) return undefined;
  return {
    pid,
    parent: parent ?? 0,
    tty: tty === 0 ? '' : String(tty),
    foreground: isInFront,
    halted: state === 'T' && isInFront,
    cpuMs: ((user ?? 0) + (system ?? 0) + (userEnded ?? 0) + (systemEnded ?? 0)) * TICK_MS,
    memory: pages * pageBytes,
  };
};

const TIME = /^(?:(?<days>\d+)-)?(?:(?<hours>\d+):)?(?<minutes>\d+):(?<seconds>\d+(?:\.\d+)?)$/u;

const msOf = (time: string): number => {
  const { days = '0', hours = '0', minutes = '0', seconds = '0' } = TIME.exec(time)?.groups ?? {};
  return Math.round((((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000);
};

const LINE = /^\s*(?<pid>\d+)\s+(?<parent>\d+)\s+(?<tty>\S+)\s+(?<stat>\S+)\s+(?<kib>\d+)\s+(?<time>\S+)\s*$/u;

/** What `ps -A -o pid=,ppid=,tty=,stat=,rss=,time=` prints. */
export const readPs = (text: string): readonly Measured[] =>
  text.split('\n').flatMap((line) => {
    const { pid, parent, tty = '', stat = '', kib, time = '' } = LINE.exec(line)?.groups ?? {};
    if (pid === undefined) return [];
    return [
      {
        pid: Number(pid),
        parent: Number(parent),
        tty: /^[?-]+$/u.test(tty) ? '' : tty,
        foreground: stat.includes('+'),
        halted: /^T.*\+/u.test(stat),
        cpuMs: msOf(time),
        memory: Number(kib) * 1024,
      },
    ];
  });

/** The line of a process; empty when it has ended meanwhile. Its name may be no text, and to read text takes half as long. */
const lineOf = (root: string, pid: string): string => {
  try {
    return readFileSync(`${root}/${pid}/stat`, 'utf8');
  } catch {
    return '';
  }
};

const statOf = (root: string, pid: string, pageBytes: number): Measured | undefined =>
  readStat(lineOf(root, pid), pageBytes);

/** Bytes of a page: what this very process takes is known both ways. */
const pageSize = (root: string): number => {
  const own = statOf(root, 'self', 1);
  return own && own.memory > 0 ? 2 ** Math.round(Math.log2(process.memoryUsage.rss() / own.memory)) : 4096;
};

/** So many processes are looked at before others have their turn. */
const AT_ONCE = 100;

/** All processes as the kernel shows them as files: nothing is started for that. */
export const readProc = async (root = '/proc'): Promise<readonly Measured[]> => {
  const pageBytes = pageSize(root);
  const pids = readdirSync(root).filter((name) => /^\d+$/u.test(name));
  const found: Measured[] = [];
  for (const [n, pid] of pids.entries()) {
    if (n % AT_ONCE === AT_ONCE - 1) await setImmediate();
    const one = statOf(root, pid, pageBytes);
    if (one) found.push(one);
  }
  return found;
};

/** Those of the processes that are stopped in the foreground, as the kernel shows them as files. */
export const haltedIn = (pids: readonly number[], root = '/proc'): readonly number[] =>
  pids.filter((pid) => {
    const line = lineOf(root, `${pid}`);
    return line.startsWith('T', line.lastIndexOf(') ') + 2) && readStat(line, 1)?.halted;
  });

/** What `readProc` finds by one call of `ps`, where there are no such files. */
export const askPs = async (
  processes: Processes,
  env: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<readonly Measured[]> => {
  const { code, stdout } = await processes.run(
    {
      file: 'ps',
      args: ['-A', '-o', 'pid=,ppid=,tty=,stat=,rss=,time='],
      env: { ...env, LC_ALL: 'C' },
      timeoutMs: 10_000,
    },
    signal,
  );
  if (code !== 0) throw unmeasured({ why: `ps ended with ${code ?? 'an unknown status'}` });
  return readPs(stdout);
};

/** Each root with all that it started, and with what has its terminal although its parent has ended. */
export const treesOf = <Id>(
  table: readonly Measured[],
  roots: ReadonlyMap<Id, number>,
): ReadonlyMap<Id, readonly Measured[]> => {
  const children = Map.groupBy(table, (one) => one.parent);
  const byTty = Map.groupBy(table, (one) => one.tty);
  const byPid = new Map(table.map((one) => [one.pid, one]));
  const trees = new Map<Id, readonly Measured[]>();
  for (const [id, pid] of roots) {
    const root = byPid.get(pid);
    if (!root) continue;
    const found = new Set([root, ...(root.tty === '' ? [] : (byTty.get(root.tty) ?? []))]);
    // What is added while it is gone through is gone through as well.
    for (const one of found) for (const child of children.get(one.pid) ?? []) found.add(child);
    trees.set(id, [...found]);
  }
  return trees;
};
