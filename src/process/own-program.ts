import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { Processes } from '../ports/index.ts';
import type { EndedProgram, OwnProcess, TargetProcesses, Terminal } from '../ports/target.ts';
import { partsOf, procText, STARTED, statOf } from './proc-files.ts';

/** A process, as far as it matters here. `reads` is the terminal from which it reads; empty where it reads from none, or nobody may know. */
type Seen = OwnProcess & {
  readonly parent: number;
  readonly group: number;
  readonly isInFront: boolean;
  readonly hasEnded: boolean;
  readonly reads: string;
  readonly args: readonly string[];
};

/** One look at the processes of the machine. */
type Look = {
  readonly at: (pid: number) => Seen | undefined;
  readonly childrenOf: (pid: number) => readonly number[];
  /** Those of a session that were started with the messages of an agent going to this folder. */
  readonly inSession: (pid: number, spool: string) => readonly Seen[];
};

/** A terminal that is gone is called `/dev/pts/7 (deleted)`. */
const terminalOf = (pid: number): string => {
  try {
    return /^\/dev\/(?:pts\/|tty)\w+/u.exec(readlinkSync(`/proc/${pid}/fd/0`))?.[0] ?? '';
  } catch {
    return '';
  }
};

/** All that is said of a process stands in one line, so that its parent and its start are those of one process. */
const readSeen = (pid: number): Seen | undefined => {
  const fields = statOf(pid);
  const started = fields[STARTED];
  if (started === undefined) return undefined;
  const [state = '', parent, group, , terminal, front] = fields;
  return {
    ...{ pid, started, parent: Number(parent), group: Number(group), hasEnded: /[ZX]/u.test(state) },
    isInFront: terminal !== '0' && group === front,
    reads: terminalOf(pid),
    args: partsOf(procText(`/proc/${pid}/cmdline`)),
  };
};

/** A process has a list of children for each of its threads. */
const listedChildren = (pid: number): readonly number[] => {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
      procText(`/proc/${pid}/task/${thread}/children`).split(' ').filter(Boolean).map(Number),
    );
  } catch {
    return [];
  }
};

const allPids = (): readonly number[] =>
  readdirSync('/proc').flatMap((name) => (/^\d+$/u.test(name) ? [Number(name)] : []));

/** The same where the kernel keeps no such lists: by the parents of all. */
const searchedChildren = (pid: number): readonly number[] => allPids().filter((one) => statOf(one)[1] === `${pid}`);

const inSession = (session: number, spool: string): readonly Seen[] =>
  allPids()
    .filter((pid) => statOf(pid)[3] === `${session}`)
    .filter((pid) => partsOf(procText(`/proc/${pid}/environ`)).includes(`DROVER_SPOOL=${spool}`))
    .flatMap((pid) => readSeen(pid) ?? []);

const lookAtFiles = (): Look => {
  const hasLists = existsSync(`/proc/self/task/${process.pid}/children`);
  return { at: readSeen, childrenOf: hasLists ? listedChildren : searchedChildren, inSession };
};

const PS_LINE = /^\s*(?<pid>\d+)\s+(?<parent>\d+)\s+(?<stat>\S+)\s+(?<start>\S+ \S+ +\d+ [\d:]+ \d+)\s+(?<args>.*)$/u;

/** What `ps -A -ww -o pid=,ppid=,stat=,lstart=,args=` prints. It tells neither what a process reads nor its session. */
export const lookAtPs = (text: string): Look => {
  const all = new Map(
    text.split('\n').flatMap((line): [number, Seen][] => {
      const { pid, parent, stat = '', start = '', args = '' } = PS_LINE.exec(line)?.groups ?? {};
      if (pid === undefined) return [];
      const unknown = { group: 0, isInFront: false, reads: '' };
      const known = { pid: Number(pid), parent: Number(parent), started: start, hasEnded: stat.startsWith('Z') };
      return [[known.pid, { ...unknown, ...known, args: [args] }]];
    }),
  );
  return {
    at: (pid) => all.get(pid),
    childrenOf: (parent) => [...all.values()].flatMap((one) => (one.parent === parent ? [one.pid] : [])),
    inSession: () => [],
  };
};

/** A process with all that comes from it, parents first. */
const treeOf = ({ at, childrenOf }: Look, root: Seen): readonly Seen[] => {
  const found = [root];
  for (const one of found)
    for (const pid of childrenOf(one.pid)) {
      const child = at(pid);
      if (child?.parent === one.pid) found.push(child);
    }
  return found;
};

/**
 * The shell of a pane (`assets/pane.sh`) has the script at its end; a tmux server has it, too, in a longer line. Of a line that `ps`
 * has made of all words nobody knows where one of them ends: a path may have blanks.
 */
const runs = ({ args }: Seen, script: string): boolean => {
  const [line = '', ...words] = args;
  if (words.length === 0) return /^\S*sh /u.test(line) && line.endsWith(`pane.sh ${script}`);
  return args.length <= 3 && args.at(-1) === script;
};

/**
 * What has outlived the shell of its terminal: nobody else gets the number of that as long as it is in its session. One that is
 * not in the group of the shell was put into the background, or is a program that does so with others.
 */
const outliving = (look: Look, { pid, spool }: Terminal): readonly Seen[] =>
  look.inSession(pid, spool).filter((one) => !one.hasEnded && one.group === pid && one.reads !== '');

/**
 * What a terminal was made for: its shell, what that has started, and what of this is in the foreground and reads from the
 * terminal. What was put into the background, or reads from elsewhere, may be left there on purpose.
 */
export const programIn = (look: Look, terminal: Terminal): readonly OwnProcess[] => {
  const { pid, script } = terminal;
  const shell = look.at(pid);
  const isOwn = (one: Seen): boolean =>
    one === shell || one.parent === pid || (one.isInFront && one.reads !== '' && one.reads === shell?.reads);
  const find = (): readonly Seen[] => {
    if (!shell || shell.hasEnded) return outliving(look, terminal);
    return runs(shell, script) ? treeOf(look, shell).filter(isOwn) : [];
  };
  return find().map((one) => ({ pid: one.pid, started: one.started }));
};

/** Those that still run: a process that has the number of one of them, and another start, is none of them. */
const livingOf = (look: Look, program: readonly OwnProcess[]): readonly Seen[] =>
  program.flatMap(({ pid, started }) => {
    const one = look.at(pid);
    return one && !one.hasEnded && one.started === started ? [one] : [];
  });

/** What processes have started meanwhile that belongs to them as much as they to their terminal, with themselves. */
const withTheirs = (look: Look, living: readonly Seen[]): readonly Seen[] => {
  const found = living.flatMap((one) =>
    treeOf(look, one).filter(
      (below) => below === one || (below.reads !== '' && below.reads === one.reads && below.group === one.group),
    ),
  );
  return [...new Map(found.map((one) => [one.pid, one])).values()];
};

const kill = (pid: number, signal: NodeJS.Signals = 'SIGKILL'): void => {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended, or is somebody else's by now: what is left is told.
  }
};

/** The first look follows at once, the next ones later and later, in milliseconds. */
const LONGEST_PAUSE_MS = 50;
/** How long what was killed may take to be gone, in milliseconds: one that waits for a disk takes as long as that. */
const KILLED_MS = 1000;

type LookNow = () => Promise<Look>;

/** Waits until none of the processes runs any more, so long at most; resolves with those that do. */
const waitForEnd = async (look: LookNow, program: readonly OwnProcess[], ms: number, signal: AbortSignal) => {
  const end = performance.now() + ms;
  for (let ms = 1; ; ms = Math.min(2 * ms, LONGEST_PAUSE_MS)) {
    const now = await look();
    const living = livingOf(now, program);
    if (living.length === 0 || performance.now() >= end) return { now, living };
    await pause(ms, undefined, { signal });
  }
};

/** How a program is ended: whether somebody else has hung up, and how long it may take then. */
type Ending = { readonly hangsUp: boolean; readonly patienceMs: number };

/** Hangs up as a terminal that goes: when the shell that it was made for has ended, the kernel tells what has the terminal. */
const hangUp = (look: Look, program: readonly OwnProcess[]): void => {
  const [first] = livingOf(look, program);
  if (first) kill(first.pid, 'SIGHUP');
};

const endWith = async (
  look: LookNow,
  program: readonly OwnProcess[],
  { hangsUp, patienceMs }: Ending,
  signal: AbortSignal,
): Promise<EndedProgram> => {
  if (hangsUp) hangUp(await look(), program);
  const { now, living } = await waitForEnd(look, program, patienceMs, signal);
  if (living.length === 0) return { killed: [], left: [] };
  const all = withTheirs(now, living);
  for (const { pid } of all) kill(pid);
  const after = await waitForEnd(look, all, KILLED_MS, signal);
  const left = after.living.map(({ pid }) => pid);
  return { killed: all.map(({ pid }) => pid).filter((pid) => !left.includes(pid)), left };
};

/** Finds and ends what terminals were made for: by files of the kernel, where there are none by calls of `ps`. */
export const makeOwnPrograms = (
  processes: Processes,
  env: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Pick<TargetProcesses, 'programIn' | 'endProgram'> => {
  const askPs = async (): Promise<Look> => {
    const args = ['-A', '-ww', '-o', 'pid=,ppid=,stat=,lstart=,args='];
    const asked = { file: 'ps', args, env: { ...env, LC_ALL: 'C' }, timeoutMs: 10_000 };
    return lookAtPs((await processes.run(asked, signal)).stdout);
  };
  const look: LookNow = existsSync('/proc/self/stat') ? async () => lookAtFiles() : askPs;
  return {
    programIn: async (terminal) => programIn(await look(), terminal),
    endProgram: async (program, patienceMs, hangsUp = false) =>
      program.length === 0 ? { killed: [], left: [] } : endWith(look, program, { hangsUp, patienceMs }, signal),
  };
};
