import { isAtOrBelow } from '../../lib/below.ts';
import type { Peer } from '../../ports/link.ts';
import type { Lineage, Relative } from '../../ports/target.ts';

/** Who speaks, as far as the system shows it; `because` says what was seen. */
export type Speaker =
  | { readonly kind: 'daemon'; readonly because: string }
  | { readonly kind: 'person'; readonly because: string }
  /** A program below the terminal of an instance, or one that it left behind. */
  | { readonly kind: 'instance'; readonly id: string; readonly because: string }
  /** Nobody can tell. `suspect` is the instance in whose worktree it works; `peerless`: nothing is known of any client. */
  | {
      readonly kind: 'unknown';
      readonly because: string;
      readonly suspect: string | null;
      readonly peerless: boolean;
    };

/** Finds out who is at the other end of a link. Whatever way that takes, a sandbox with numbers of its own too, is behind this. */
export type ResolveSpeaker = (peer: Peer | null) => Promise<Speaker>;

/** What is known of an instance when somebody speaks. */
export type Suspect = {
  readonly id: string;
  readonly worktree: string;
  /** In milliseconds since 1970. */
  readonly createdAt: number;
  /** Where the process of its terminal comes from; null when none runs. */
  readonly pane: Lineage | null;
};

export type Scene = {
  readonly instances: readonly Suspect[];
  /** The folders of launch scripts and of messages, and the daemon's own process. */
  readonly launches: string;
  readonly spool: string;
  readonly self: number;
  /** The user whose daemon it is, by number. */
  readonly user: number;
  /** The tmux server of the agents; null when it is not known. */
  readonly tmuxServer: number | null;
  /** The groups by which the system counts the agents and their tmux server; null when they are not known. */
  readonly cgroups: ReadonlySet<string> | null;
};

const unknownSpeaker = (because: string, suspect: string | null = null): Speaker => ({
  ...{ kind: 'unknown', because, suspect, peerless: false },
});

/** The daemon, where it says a command itself. */
export const DAEMON: Speaker = { kind: 'daemon', because: 'it is the daemon itself' };

export const PEERLESS: Speaker = {
  ...{ kind: 'unknown', because: 'this system does not say who connects', suspect: null, peerless: true },
};

/** The instance whose launch script a process runs: `sh pane.sh …/instances/<id>/launch.sh`, or the script itself. */
const launchedAs = ({ argv }: Relative, launches: string): string | undefined => {
  const script = argv.at(-1) ?? '';
  // A tmux server has the words of the command that started it, an agent's among them.
  if (argv.length > 3 || !script.startsWith(`${launches}/`)) return undefined;
  return /^(?<id>[^/]+)\/launch\.sh$/u.exec(script.slice(launches.length + 1))?.groups?.['id'];
};

/** The instance below whose terminal a caller lives. No program can get there from elsewhere, nor away by what it says. */
const ownerOf = (lineage: Lineage, { instances }: Scene): Speaker | undefined => {
  for (const { pid, tty } of lineage) {
    const pane = instances.find((known) => known.pane?.[0]?.pid === pid);
    if (pane) return { kind: 'instance', id: pane.id, because: `it is below process ${pid}, that of its terminal` };
    const terminal = tty === '' ? undefined : instances.find((known) => known.pane?.[0]?.tty === tty);
    if (terminal) return { kind: 'instance', id: terminal.id, because: `process ${pid} is at its terminal` };
  }
  return undefined;
};

/**
 * The instance that the marks of a caller point to: an environment, a launch script, a folder. All of them can be left out
 * and made up, so they show that it is no person, and under which name to write it down, and give no right.
 */
const markOf = (lineage: Lineage, { launches, spool }: Scene): { id: string; because: string } | undefined => {
  // The outermost: below it anything may be called as an agent likes.
  for (const one of lineage.toReversed()) {
    const launched = launchedAs(one, launches);
    if (launched !== undefined) return { id: launched, because: `process ${one.pid} runs its launch script` };
    const { DROVER_INSTANCE: id, DROVER_SPOOL: folder = '' } = one.env;
    if (id && isAtOrBelow(folder, spool)) return { id, because: `process ${one.pid} was started with its environment` };
  }
  return undefined;
};

const worktreeOf = (lineage: Lineage, { instances }: Scene): string | null =>
  instances.find(({ worktree }) => lineage.some(({ cwd }) => isAtOrBelow(cwd, worktree)))?.id ?? null;

/** The first process of the machine, or of a person's session by systemd: what has lost its parent becomes its child. */
const takesOrphans = ({ pid, parent, argv }: Relative): boolean =>
  pid === 1 || (parent === 1 && argv.includes('--user') && /(?:^|\/)systemd$/u.test(argv[0] ?? ''));

/** The topmost process that a caller comes from, below the first of all. */
const topOf = (lineage: Lineage): { readonly top: Relative; readonly below: Relative | undefined } => {
  const end = lineage.findIndex((one, at) => at > 0 && takesOrphans(one));
  const index = end < 0 ? lineage.length - 1 : end - 1;
  return { top: lineage[index]!, below: lineage[index - 1] };
};

/** Whether the session of a process is that of the first one of the machine: nobody gets into a session from outside. */
const isInFirstSession = ({ session }: Relative, lineage: Lineage): boolean => {
  const first = lineage.at(-1);
  return first?.pid === 1 && session > 0 && first.session === session;
};

/**
 * The process of another user that a caller comes from: a login or a connection, which no agent can start. What takes up
 * programs that lost their parent is none, and neither is what the agents come from themselves. Root can start anything.
 */
const foreignAbove = (lineage: Lineage, { instances, user }: Scene): Relative | undefined => {
  const shared = new Set(instances.flatMap(({ pane }) => (pane ?? []).map(({ pid }) => pid)));
  const isForeign = (one: Relative): boolean => !Number.isNaN(one.user) && one.user !== user;
  return user === 0
    ? undefined
    : lineage.slice(1).find((one) => isForeign(one) && !takesOrphans(one) && !shared.has(one.pid));
};

/** Whether the system counts it apart from all agents, as it does with what systemd starts. */
const isCountedApart = ({ cgroup }: Relative, { cgroups }: Scene): boolean =>
  cgroup !== '' && cgroups !== null && !cgroups.has(cgroup);

/**
 * Whether a caller is shut in by somebody, as agents of any swarm are: where it comes from shows then who has shut it in, and
 * not who it is. Nobody gets out of such a world, and what is shut in here is below a terminal of ours.
 */
const isShutInElsewhere = ([caller]: Lineage): boolean => caller?.isApart === true;

/**
 * Judges where a caller comes from that no instance is seen above. What comes from a program that was there before the
 * first agent, or that no agent could have started, is a person's. A program without a parent that is younger may be one
 * that an agent has let go of, with a session of its own and another environment: nobody can tell.
 */
const judgeTop = (lineage: Lineage, scene: Scene): Speaker => {
  const { instances, tmuxServer } = scene;
  const { top, below } = topOf(lineage);
  const suspect = worktreeOf(lineage, scene);
  if (isShutInElsewhere(lineage))
    return unknownSpeaker(`process ${lineage[0]!.pid} is in a sandbox or a container, where anybody may be`, suspect);
  if (top.pid === tmuxServer && below?.tty === '')
    return unknownSpeaker(`tmux runs process ${below.pid}, in nobody's terminal`, suspect);
  const firstAgent = Math.min(
    ...instances.flatMap(({ createdAt, pane }) => [createdAt, pane?.[0]?.startedAt ?? Number.POSITIVE_INFINITY]),
  );
  if (top.pid === tmuxServer) return { kind: 'person', because: "it is in a terminal of tmux that is no agent's" };
  if (top.startedAt < firstAgent) return { kind: 'person', because: `process ${top.pid} was there before any agent` };
  if (top.parent === 0 || isInFirstSession(top, lineage))
    return { kind: 'person', because: `process ${top.pid} was started from outside` };
  const foreign = foreignAbove(lineage, scene);
  if (foreign) return { kind: 'person', because: `process ${foreign.pid} above it is that of another user` };
  if (isCountedApart(top, scene))
    return { kind: 'person', because: `the system counts process ${top.pid} apart from all agents` };
  return unknownSpeaker(`process ${top.pid} has no parent and is younger than the agents`, suspect);
};

/** Whether the daemon started it: a check is written by agents. */
const isBelowDaemon = (lineage: Lineage, self: number): boolean =>
  lineage.some(
    ({ pid }, at) =>
      pid === self && lineage[at - 1]?.argv.some((word) => /\/process\/broker-main\.[jt]s$/u.test(word)) === true,
  );

/** Judges who speaks by what the system shows of its process and those it comes from. */
export const judgeSpeaker = (lineage: Lineage, scene: Scene): Speaker => {
  const owner = ownerOf(lineage, scene);
  if (owner) return owner;
  const mark = markOf(lineage, scene);
  if (mark) return unknownSpeaker(`${mark.because}, and is not below its terminal`, mark.id);
  if (isBelowDaemon(lineage, scene.self))
    return unknownSpeaker('the daemon runs it, as a check or for an agent', worktreeOf(lineage, scene));
  return judgeTop(lineage, scene);
};
