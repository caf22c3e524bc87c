import { createHash } from 'node:crypto';
import type { AppEvent, State } from '../../../src/state/index.ts';
import { type Random, randomOf } from '../../state/store/simulation/random.ts';
import { CONDUCT } from './agents.ts';
import { hasEnded, sharedTask, wrongInTheEnd, wrongNow } from './checks.ts';
import { type Clients, type Connection, openClients, openTender, scriptOf } from './clients.ts';
import { openCore } from './core.ts';
import { beginLife, type Fate, type Life } from './life.ts';
import { type Flaw, type Machine, openMachine } from './machine.ts';
import { missing } from './partial.ts';
import { inVirtualTime, type VirtualTime } from './virtual-time.ts';

const hashOf = (lines: readonly string[]): string =>
  createHash('sha256').update(lines.join('\n')).digest('hex').slice(0, 16);

/** What came of a seed: what was wrong, what all that happened is known by, and how much that was. */
export type Played = {
  readonly wrong: string | undefined;
  readonly hash: string;
  readonly deaths: number;
  readonly effects: number;
  readonly done: number;
};

/** How long a swarm may take to come to its end once nothing disturbs it, in milliseconds of its own. */
const PATIENCE_MS = 600_000;
/** What was at rest for so long goes on by itself no more. */
const CALM_MS = 6000;
/** So long an agent may take to hear that its task was taken away, in milliseconds. */
const INTERRUPT_MS = 3000;
/** The effects of a whole life without a death are some thousand. */
const MOST_EFFECTS = 500;

const fatesOf = (random: Random): readonly Fate[] =>
  Array.from({ length: random.chance(0.3) ? 2 : 1 }, () => ({
    // Half of them early: what is taken up from the life before is done there.
    at: 1 + random.below(random.chance(0.5) ? 150 : MOST_EFFECTS),
    how: random.oneOf(['before', 'half', 'after'] as const),
    kind: random.oneOf(['kill', 'kill', 'kill', 'power'] as const),
  }));

type Play = {
  readonly time: VirtualTime;
  readonly random: Random;
  readonly machine: Machine;
  readonly trace: (line: string) => void;
  /** Every daemon that was started. */
  readonly lives: Life[];
  wrong: string | undefined;
  connection: Connection | undefined;
};

/** Starts a daemon, which dies by its fate. */
const begin = (play: Play, fate: Fate | undefined): { readonly life: Life; readonly end: () => void } => {
  const { machine, time, trace } = play;
  const life = beginLife({ ...play, fate });
  play.lives.push(life);
  const { promise: over, resolve } = Promise.withResolvers<void>();
  void openCore({ machine, life, time, trace }).then(
    (core) => {
      if (!life.isOver()) play.connection = { core, over };
    },
    (error: unknown) => {
      if (!life.isOver()) play.wrong ??= `the daemon does not start: ${(error as Error).stack}`;
    },
  );
  const end = (): void => {
    life.end();
    time.forgetDaemon();
    play.connection = undefined;
    resolve();
  };
  return { life, end };
};

/** Tells of a task that two agents are at for longer than it takes to tell one of them that it was taken away. */
const makeShareWatch = ({ time, machine }: Play): (() => string | undefined) => {
  let known: { readonly task: string; readonly since: number } | undefined;
  return () => {
    const task = sharedTask(machine);
    if (task !== known?.task) known = task === undefined ? undefined : { task, since: time.now() };
    return known && time.now() - known.since > INTERRUPT_MS ? `two agents are at ${known.task}` : undefined;
  };
};

/** Lets the world go on until it is over, something is wrong, or time has passed that is enough for everything. */
const goOn = (play: Play, isOver: () => boolean): Promise<void> => {
  const shared = makeShareWatch(play);
  return play.time.go(
    () => play.wrong !== undefined || isOver(),
    PATIENCE_MS,
    () => {
      const { core } = play.connection ?? {};
      const failure = core?.failure();
      if (failure) play.wrong ??= `without a fault the daemon cannot record: ${failure.message}`;
      play.wrong ??= wrongNow(play.machine, core?.store.state) ?? shared();
    },
  );
};

const BUSY = ['creating', 'starting', 'working', 'verifying', 'stopping', 'stuck', 'waiting', 'unknown'];

/** Whether nothing is to be done any more, as far as the state tells. */
const isCalm = (state: State): boolean =>
  Object.values(state.instances).every(
    (one) => !BUSY.includes(one.state.kind) && one.hold === null && one.recovery?.next == null,
  ) && Object.values(state.tasks).every((task) => hasEnded(task, state));

/** Tells when everything has been calm for a while. */
const makeRest = (play: Play, clients: Clients): (() => boolean) => {
  let since: number | undefined;
  return () => {
    const { core } = play.connection ?? {};
    const calm = core !== undefined && clients.isDone() && core.underWay() === 0 && isCalm(core.store.state);
    since = calm ? (since ?? play.time.now()) : undefined;
    return since !== undefined && play.time.now() - since >= CALM_MS;
  };
};

/** Why it is still not at rest. */
const unrestOf = ({ instances, tasks }: State): string =>
  [
    ...Object.values(instances).map(
      ({ instance_id: id, state, hold }) => `${id} is ${state.kind}${hold ? ` (${hold})` : ''}`,
    ),
    ...Object.values(tasks).map(({ id, state }) => `${id} is ${state}`),
  ].join(', ');

/** Now and then the whole tmux server is killed. */
const disturb = async ({ time, random, machine, trace }: Play, isEnd: () => boolean): Promise<void> => {
  if (!random.chance(0.25)) return;
  await time.pause(random.below(15_000));
  if (isEnd()) return;
  trace('the tmux server is killed');
  machine.tmux.killServer();
};

type Options = {
  readonly told?: ((line: string) => void) | undefined;
  readonly flaw?: Flaw | undefined;
  /** What is said, one right after the other; by the seed where it is left out. */
  readonly script?: readonly string[] | undefined;
};

/** Plays it, and lets go of all that waits for ever then. */
const playIn = async (time: VirtualTime, random: Random, options: Options) => {
  const lives: Life[] = [];
  try {
    return await playOut(time, random, { ...options, lives });
  } finally {
    for (const life of lives) life.bury();
    time.forgetDaemon();
    await time.settle();
  }
};

const playOut = async (
  time: VirtualTime,
  random: Random,
  { told: trace = () => undefined, flaw, script, lives }: Options & { readonly lives: Life[] },
) => {
  const fates = fatesOf(random);
  let isEnd = false;
  const conducts = () => (isEnd ? (['done'] as const) : CONDUCT);
  const machine = await openMachine({ time, random, conducts, trace, flaw });
  const play: Play = { time, random, machine, trace, lives, wrong: undefined, connection: undefined };
  const scene = { time, random, trace, flaw, connection: () => play.connection };
  const clients = openClients(scene, script ? { lines: script, isQuick: true } : scriptOf(random));
  openTender(scene, () => isEnd);
  void disturb(play, () => isEnd);
  const rest = makeRest(play, clients);
  let effects = 0;
  for (const fate of fates) {
    const { life, end } = begin(play, fate);
    await goOn(play, () => life.isOver() || rest());
    effects += life.effects();
    // All was done before it had come to that effect: then it dies there.
    end();
    machine.restart(fate.kind);
  }
  isEnd = true;
  const { life } = begin(play, undefined);
  await goOn(play, rest);
  const { core } = play.connection ?? {};
  if (!core) play.wrong ??= 'the last daemon is not there';
  else if (!rest()) play.wrong ??= `it does not come to rest: ${unrestOf(core.store.state)}`;
  if (!core || play.wrong !== undefined) return { wrong: play.wrong, deaths: fates.length, effects, done: 0 };
  let events: AppEvent[] | undefined;
  void Array.fromAsync(core.store.events(1)).then((all) => {
    events = all;
  });
  const { state } = core.store;
  await goOn(play, () => events !== undefined);
  play.wrong ??= wrongInTheEnd(machine, { events: events!.slice(0, state.seq), state, said: clients.said });
  const done = Object.values(state.tasks).filter((task) => task.state === 'done').length;
  return { wrong: play.wrong, deaths: fates.length, effects: effects + life.effects(), done };
};

/**
 * Plays the life of a swarm, of a seed: the store, planner, reactor, actions, commands and startup of the daemon, which are all
 * the real ones, in a world that is in memory: disk, git, tmux, processes and files, with agents and clients in it. Each call
 * into that world is counted, and the daemon dies at some of them: before one, in the middle of one, right behind one. The next
 * daemon finds what the world has kept. In the end all that was asked for must be done, once.
 *
 * Outside of it are the socket and who may speak, the watches but for those of panes and spool, the ledgers and the audit,
 * merges, sandboxes, and what the edges themselves make of a crash: the store, git and tmux have tests of their own for that.
 */
export const playCore = async (seed: number, { told, flaw, script }: Options = {}): Promise<Played> => {
  const random = randomOf(seed);
  const lines: string[] = [];
  const played = await inVirtualTime(random, (time) =>
    playIn(time, random, {
      flaw,
      script,
      told: (line) => {
        lines.push(`${time.now()} ${line}`);
        told?.(`${((time.now() % 86_400_000) / 1000).toFixed(3)} ${line}`);
      },
    }),
  );
  const reached = [...missing].join(', ');
  missing.clear();
  const wrong = reached === '' ? played.wrong : `the simulation lacks ${reached}`;
  return { ...played, wrong, hash: hashOf(lines) };
};
