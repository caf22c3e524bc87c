import { withoutControls } from '../../lib/text.ts';
import type { Target } from '../../ports/target.ts';
import type { Instance } from '../../state/instances.ts';
import { restless, unlistedProcesses } from '../errors.ts';
import { type DaemonServices, homeOf } from '../services.ts';

type Seen = {
  readonly pid: number;
  readonly parent: number;
  readonly tty: string;
  /** As `ps` says it: `T` is stopped, `Z` has ended, `D` and `U` wait in the kernel. */
  readonly stat: string;
  readonly args: string;
};

/** Whose processes are meant, and where they run. */
type Resident = Pick<Instance, 'instance_id' | 'host'>;

/**
 * A process that was stopped here, with its mark, because an id may be given to another process later; those of a release
 * before are known by their command lines alone.
 */
type Frozen = Pick<Seen, 'pid' | 'args'> & { readonly mark?: string | undefined };

const LINE = /^\s*(?<pid>\d+)\s+(?<parent>\d+)\s+(?<tty>\S+)\s+(?<stat>\S+)\s*(?<args>.*)$/u;

/** Lists all processes of the machine. */
const processTable = async ({ env, paths, processes }: Target, signal: AbortSignal): Promise<readonly Seen[]> => {
  const { code, stdout, stderr } = await processes.run(
    {
      file: 'ps',
      args: ['-A', '-ww', '-o', 'pid=,ppid=,tty=,stat=,args='],
      cwd: paths.root,
      env: { ...env, LC_ALL: 'C' },
      timeoutMs: 10_000,
    },
    signal,
  );
  if (code !== 0)
    throw unlistedProcesses({ why: withoutControls(stderr).trim().split('\n')[0] || `it ended with ${code}` });
  return stdout.split('\n').flatMap((line): Seen[] => {
    const { pid, parent, tty = '', stat = '', args = '' } = LINE.exec(line)?.groups ?? {};
    return pid === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), tty, stat, args }];
  });
};

/** A program by which the shell of a pane outlives its agent (assets/pane.sh): frozen, it would hide that the agent ended. */
const LAST_BREATH = /^sleep (?:0\.[12]|1)$/u;

/**
 * The processes in the pane of an instance below its waiting shell, parents first: the shell's descendants, and those that
 * have the pane as their terminal although their parent has ended. Empty when the shell is not there any more.
 */
const membersOf = (table: readonly Seen[], id: string, shell: number): readonly Seen[] => {
  const root = table.find((one) => one.pid === shell);
  if (!root?.args.includes(`/${id}/launch.sh`)) return [];
  const children = Map.groupBy(table, (one) => one.parent);
  const found = new Set<Seen>();
  const queue = [root];
  for (let one = queue.shift(); one; one = queue.shift())
    for (const child of children.get(one.pid) ?? []) {
      if (found.has(child) || (one === root && LAST_BREATH.test(child.args))) continue;
      found.add(child);
      queue.push(child);
    }
  const hasTerminal = !/^[?-]+$/u.test(root.tty);
  for (const one of table)
    if (hasTerminal && one.tty === root.tty && one !== root && one.parent !== root.pid) found.add(one);
  return [...found].filter((one) => !one.stat.startsWith('Z'));
};

/** The processes in the pane of an instance below its waiting shell, as they are at this moment. */
export const programsOf = async (services: DaemonServices, instance: Instance): Promise<readonly number[]> => {
  const table = await processTable(services.targetOf(instance), services.signal);
  return membersOf(table, instance.instance_id, instance.pid ?? 0).map(({ pid }) => pid);
};

/** Whether a process is a copy of the shell that is not a program of its own yet: it may become the last breath. */
const isForked = ({ parent, args }: Seen, shell: number): boolean => parent === shell && args.includes('/pane.sh ');

const frozenFile = ({ paths }: Target, id: string): string => `${homeOf(paths, id)}/frozen.json`;

/** Reads which processes of an instance were frozen and are to go on some time. */
const readFrozen = async (target: Target, id: string): Promise<readonly Frozen[]> => {
  const text = await target.files.readText(frozenFile(target, id));
  try {
    return JSON.parse(text ?? '[]') as readonly Frozen[];
  } catch {
    return [];
  }
};

const isStopped = ({ stat }: Seen): boolean => /^[Tt]/u.test(stat);

const isStill = (one: Seen, told: ReadonlyMap<number, unknown>): boolean =>
  // A stop reaches a process that waits in the kernel on its way out; it does nothing and starts nothing before.
  isStopped(one) || (told.has(one.pid) && /^[DU]/u.test(one.stat));

/** A program that starts others faster than they can be stopped is given up after so many looks. */
const MOST_LOOKS = 200;

/**
 * Stops all processes of an instance, and looks again until none is left that was started meanwhile. Each is written down
 * before it is stopped, so that it can go on whatever happens. Gives the processes that are still there at the end, none
 * when nothing runs there any more: one that was just killed is seen for a moment, and cannot be stopped. `wanted` is asked
 * before each step.
 */
export const freeze = async (
  services: DaemonServices,
  { instance, shell, wanted }: { instance: Resident; shell: number; wanted: () => boolean },
): Promise<readonly Frozen[]> => {
  const { instance_id: id } = instance;
  const target = services.targetOf(instance);
  const told = new Map((await readFrozen(target, id)).map((one) => [one.pid, one]));
  const foreign = new Set<number>();
  let members: readonly Seen[] = [];
  for (let looks = 0; wanted(); looks += 1) {
    members = membersOf(await processTable(target, services.signal), id, shell);
    const own = members.filter((one) => !foreign.has(one.pid));
    const loose = own.filter((one) => !isStill(one, told));
    if (loose.length === 0 && (own.length === 0 || own.some(isStopped))) break;
    if (looks === MOST_LOOKS) throw restless({ id, count: own.length });
    const ready = loose.filter((one) => !isForked(one, shell));
    if (ready.length === 0) continue;
    const marks = await target.processes.marks(ready.map(({ pid }) => pid));
    for (const { pid, args } of ready) told.set(pid, { pid, args, mark: marks.get(pid) });
    await target.files.write(frozenFile(target, id), JSON.stringify([...told.values()]));
    for (const pid of await target.processes.signal(
      ready.map((one) => one.pid),
      'stop',
    ))
      foreign.add(pid);
  }
  return [...told.values()].filter(({ pid }) => members.some((one) => one.pid === pid));
};

/** Writes down that these processes of an instance, which somebody else has stopped, are to go on when it does. */
export const noteFrozen = async (
  services: DaemonServices,
  instance: Resident,
  pids: readonly number[],
): Promise<void> => {
  const target = services.targetOf(instance);
  const known = (await readFrozen(target, instance.instance_id)).filter(({ pid }) => !pids.includes(pid));
  // Nothing is started for that: somebody waits for the record of the stop.
  const lineages = await target.processes.lineages(pids);
  const marks = await target.processes.marks(pids);
  const stopped = [...lineages].map(([pid, [one]]) => ({ pid, args: one?.argv.join(' ') ?? '', mark: marks.get(pid) }));
  await target.files.write(frozenFile(target, instance.instance_id), JSON.stringify([...known, ...stopped]));
};

/** Those of the processes that are the very ones which were stopped; undefined when nobody can tell. */
const stillThere = async (
  services: DaemonServices,
  target: Target,
  frozen: readonly Frozen[],
): Promise<readonly Frozen[] | undefined> => {
  try {
    const marks = await target.processes.marks(frozen.map(({ pid }) => pid));
    const old = frozen.some(({ mark }) => mark === undefined);
    const table = old ? await processTable(target, services.signal) : [];
    return frozen.filter(({ pid, args, mark }) =>
      mark === undefined ? table.some((one) => one.pid === pid && one.args === args) : marks.get(pid) === mark,
    );
  } catch (error) {
    if (services.signal.aborted || !(error instanceof Error)) throw error;
    services.log(`what is frozen is not let go on: ${error.message}`);
    return undefined;
  }
};

/**
 * Lets the stopped processes of an instance go on, children before parents. Gives how many; null where nobody can tell now
 * which they are, and all stay as they are. Repeating it is harmless.
 */
export const thaw = async (services: DaemonServices, instance: Resident): Promise<number | null> => {
  const { instance_id: id } = instance;
  const target = services.targetOf(instance);
  const frozen = await readFrozen(target, id);
  if (frozen.length === 0) return 0;
  const still = await stillThere(services, target, frozen);
  // The list stays for the next time.
  if (!still) return null;
  await target.processes.signal(
    still.toReversed().map(({ pid }) => pid),
    'continue',
  );
  // A list that stays is only read once more.
  await target.files.remove(frozenFile(target, id)).catch((error: Error) => services.log(error.message));
  return still.length;
};
