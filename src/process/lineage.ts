import { existsSync, readlinkSync } from 'node:fs';
import type { Processes } from '../ports/index.ts';
import type { Lineage, Relative, TargetProcesses } from '../ports/target.ts';
import { partsOf, procText, STARTED, statOf, TICK_MS } from './proc-files.ts';

const linkOf = (path: string): string => {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
};

/** The variables by which an agent is known, among those that a process was started with. */
const agentEnv = (pairs: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    pairs.flatMap((pair) => {
      const { name, value } = /^(?<name>DROVER_(?:INSTANCE|SPOOL))=(?<value>.*)$/su.exec(pair)?.groups ?? {};
      return name === undefined || value === undefined ? [] : [[name, value] as const];
    }),
  );

/** The group of the newer kind, or of systemd's own; the first one of all says nothing. */
const cgroupIn = (text: string): string => {
  const lines = text.split('\n');
  const line = lines.find((one) => one.startsWith('0::')) ?? lines.find((one) => one.includes(':name=systemd:')) ?? '';
  const group = line.slice(line.indexOf(':', line.indexOf(':') + 1) + 1);
  return group === '/' ? '' : group;
};

/** The real one of the users in a status: the owner of the files of a process is another where it hides from debuggers. */
const userIn = (status: string): number =>
  Number(/^Uid:\s+(?<real>\d+)/mu.exec(status)?.groups?.['real'] ?? Number.NaN);

/**
 * In which world a process is: how often it is numbered from here, and how its users are. Both can be read also of one that hides
 * from debuggers, whose namespaces themselves cannot be.
 */
const worldOf = (pid: number | 'self', status: string): string => {
  const numbers = /^NSpid:(?<all>.*)$/mu.exec(status)?.groups?.['all'] ?? '';
  return `${numbers.trim().split(/\s+/u).length} ${procText(`/proc/${pid}/uid_map`)}`;
};

/** What is the same for all that are looked at: when the machine was started, and our own world. */
type Machine = { readonly bootedAt: number; readonly world: string };

/** What `/proc/<pid>` shows of a process. */
const readRelative = (pid: number, { bootedAt, world }: Machine): Relative | undefined => {
  const fields = statOf(pid);
  const [, parent, , session, tty] = fields;
  if (tty === undefined) return undefined;
  const status = procText(`/proc/${pid}/status`);
  return {
    pid,
    parent: Number(parent),
    user: userIn(status),
    session: Number(session),
    tty: tty === '0' ? '' : tty,
    startedAt: bootedAt + Number(fields[STARTED]) * TICK_MS,
    argv: partsOf(procText(`/proc/${pid}/cmdline`)),
    env: agentEnv(partsOf(procText(`/proc/${pid}/environ`))),
    cwd: linkOf(`/proc/${pid}/cwd`),
    cgroup: cgroupIn(procText(`/proc/${pid}/cgroup`)),
    isApart: worldOf(pid, status) !== world,
  };
};

/** Goes up from a process as far as it goes. */
const lineageOf = (pid: number, find: (pid: number) => Relative | undefined): Lineage => {
  const found: Relative[] = [];
  for (let at = pid; at > 0; ) {
    const one = find(at);
    // A table that was read while processes ended and began could lead in a circle.
    if (!one || found.includes(one)) break;
    found.push(one);
    at = one.parent;
  }
  return found;
};

const lineagesBy = (
  pids: readonly number[],
  find: (pid: number) => Relative | undefined,
): ReadonlyMap<number, Lineage> =>
  new Map(
    pids.flatMap((pid) => {
      const lineage = lineageOf(pid, find);
      return lineage.length === 0 ? [] : [[pid, lineage] as const];
    }),
  );

const readLineages = (pids: readonly number[]): ReadonlyMap<number, Lineage> => {
  const uptimeMs = Number.parseFloat(procText('/proc/uptime')) * 1000;
  const machine: Machine = {
    bootedAt: Date.now() - uptimeMs,
    world: worldOf('self', procText('/proc/self/status')),
  };
  const known = new Map<number, Relative | undefined>();
  return lineagesBy(pids, (pid) => {
    if (!known.has(pid)) known.set(pid, readRelative(pid, machine));
    return known.get(pid);
  });
};

const PS_LINE =
  /^\s*(?<pid>\d+)\s+(?<parent>\d+)\s+(?<user>\d+)\s+(?<tty>\S+)\s+(?<start>\S+ \S+ +\d+ [\d:]+ \d+)\s+(?<args>.*)$/u;

/** What `ps -A -ww -o pid=,ppid=,ruid=,tty=,lstart=,args=` prints. It tells neither sessions, environments, folders, groups nor worlds. */
export const readPsLineage = (text: string): readonly Relative[] =>
  text.split('\n').flatMap((line): Relative[] => {
    const { pid, parent, user, tty = '', start = '', args = '' } = PS_LINE.exec(line)?.groups ?? {};
    if (pid === undefined) return [];
    const unknown = { session: 0, env: {}, cwd: '', cgroup: '', isApart: false };
    const known = {
      pid: Number(pid),
      parent: Number(parent),
      user: Number(user),
      tty: /^[?-]+$/u.test(tty) ? '' : tty,
    };
    return [{ ...unknown, ...known, startedAt: Date.parse(start), argv: args.split(' ') }];
  });

/** Shows where processes come from: by files of the kernel, where there are none by one call of `ps`. */
export const makeLineages = (
  processes: Processes,
  env: Readonly<Record<string, string>>,
  signal: AbortSignal,
): TargetProcesses['lineages'] => {
  if (existsSync('/proc/self/stat')) return async (pids) => readLineages(pids);
  return async (pids) => {
    const args = ['-A', '-ww', '-o', 'pid=,ppid=,ruid=,tty=,lstart=,args='];
    const { stdout } = await processes.run(
      { file: 'ps', args, env: { ...env, LC_ALL: 'C' }, timeoutMs: 10_000 },
      signal,
    );
    const table = new Map(readPsLineage(stdout).map((one) => [one.pid, one]));
    return lineagesBy(pids, (pid) => table.get(pid));
  };
};
