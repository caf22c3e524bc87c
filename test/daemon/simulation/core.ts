import { adapterOrStranger } from '../../../src/agents/index.ts';
import { writeAgentTools } from '../../../src/daemon/actions/launch-instance.ts';
import { openReactor } from '../../../src/daemon/reactor.ts';
import { makeRequests } from '../../../src/daemon/serve/requests.ts';
import { type DaemonServices, makeDecide } from '../../../src/daemon/services.ts';
import { takeUp } from '../../../src/daemon/startup.ts';
import type { Meters } from '../../../src/daemon/watch/meters.ts';
import { makeMutex } from '../../../src/lib/mutex.ts';
import type { Health } from '../../../src/ports/reflective.ts';
import type { Reply } from '../../../src/ports/swarm.ts';
import type { Logs, Target } from '../../../src/ports/target.ts';
import { LOCAL_HOST } from '../../../src/state/instances.ts';
import { settingsSchema } from '../../../src/state/settings.ts';
import { type OpenStore, openStore } from '../../../src/state/store/open.ts';
import type { Life } from './life.ts';
import { diskFor, type Machine, PATHS } from './machine.ts';
import { partial } from './partial.ts';
import type { VirtualTime } from './virtual-time.ts';

/** Hangs are found soon, and what fails is tried again soon: the simulated time is short. */
const SETTINGS = settingsSchema.parse({
  agent: 'rehearsal',
  branches: { task: 'drover/{task}' },
  git: { guard: 'off' },
  recovery: { tries: 3, backoff_ms: 500, moves: 2 },
  timeouts: { idle_ms: 9000, start_ms: 8000, stop_ms: 2000 },
  limits: { maxInstances: 20 },
});

export type Core = {
  readonly store: OpenStore;
  readonly say: (text: string, id: string, saidAt: string) => Promise<Reply>;
  /** How many actions are under way, and whether the planner looks. */
  readonly underWay: () => number;
  /** Why it can record nothing any more. */
  readonly failure: () => Error | undefined;
};

type Birth = {
  readonly machine: Machine;
  readonly life: Life;
  readonly time: VirtualTime;
  readonly trace: (line: string) => void;
};

const logsOf = ({ tmux }: Machine): Logs =>
  partial<Logs>('logs', {
    begin: async () => 1,
    read: async function* () {},
    tail: async function* () {},
    grownAt: async (folder: string) =>
      Math.max(0, ...tmux.panes().flatMap(({ agent }) => (folder.endsWith(`/${agent.id}`) ? [agent.printedAt()] : []))),
    photographSegment: async () => null,
    noteTime: async () => undefined,
  });

const targetOn = ({ machine, life }: Birth): Target => ({
  host: LOCAL_HOST,
  paths: PATHS,
  env: { PATH: '/usr/bin', HOME: PATHS.home },
  shipped: { assets: '/assets', rehearsal: '/rehearsal', cli: '/drover', node: '/node' },
  isRoot: false,
  tmux: machine.tmux.portFor(life),
  git: machine.git.portFor(life),
  files: machine.files.portFor(life),
  logs: logsOf(machine),
  processes: machine.tmux.processesFor(life),
  sandbox: partial<Target['sandbox']>('sandbox', { lack: async () => 'the simulation has none' }),
  [Symbol.asyncDispose]: async () => undefined,
});

/** The time as text, made once for each moment: it is asked for more often than it changes. */
const clockOf = (time: VirtualTime): (() => string) => {
  let at = -1;
  let text = '';
  return () => {
    if (time.now() !== at) {
      at = time.now();
      text = new Date(at).toISOString();
    }
    return text;
  };
};

const servicesOf = (birth: Birth, store: OpenStore, failed: (error: Error) => void): DaemonServices => {
  const home = targetOn(birth);
  const { time, trace } = birth;
  const decideAs = makeDecide(store, failed, (text) => text);
  const { adapter } = adapterOrStranger('rehearsal', SETTINGS);
  return {
    ...{ paths: PATHS, settings: SETTINGS, env: home.env, store, home, targets: [home] },
    config: partial<DaemonServices['config']>('config', {
      ...{ settings: SETTINGS, layers: [], file: PATHS.config, trouble: null },
      trust: partial<DaemonServices['config']['trust']>('trust', {}),
      changedBy: () => ({
        change: async () => false,
        history: partial<ReturnType<DaemonServices['config']['changedBy']>['history']>('history', {}),
      }),
    }),
    secrets: partial<DaemonServices['secrets']>('secrets', { redact: (text: string) => text }),
    ballast: partial<DaemonServices['ballast']>('ballast', { giveBackIfFull: async () => false }),
    adapterFor: () => adapter,
    adapterToStart: () => adapter,
    agentTrouble: () => null,
    targetOf: () => home,
    launchTarget: home,
    checkSlots: { use: (work) => work(), counts: () => ({ running: 0, waiting: 0 }) },
    atIntegration: makeMutex(),
    processesStarted: () => 0,
    decideAs,
    decide: decideAs({ actor: 'daemon', corr: 'daemon' }),
    now: clockOf(time),
    log: (line) => trace(`log ${line}`),
    signal: birth.life.signal,
  };
};

type Options = Parameters<typeof makeRequests>;

/** What requests are carried out with, beside the services: as much as the commands of a simulation reach for. */
const requestsOf = (services: DaemonServices): ReturnType<typeof makeRequests> =>
  makeRequests(
    services,
    partial<Options[1]>('ledgers', {
      communicate: () => undefined,
      messages: partial<Options[1]['messages']>('messages', {}),
    }),
    partial<Options[2]>('options', {
      version: '0',
      shutDown: () => false,
      audit: partial<Options[2]['audit']>('audit', { note: async () => undefined }),
    }),
  );

/**
 * Starts a daemon without a process and without a socket: the store, what it takes up from the one before, planner, reactor and
 * actions, and its commands, all of them as they are. See play.ts for what is outside.
 */
export const openCore = async (birth: Birth): Promise<Core> => {
  const { machine, life, time, trace } = birth;
  const now = clockOf(time);
  const store = await openStore({
    paths: PATHS,
    now,
    disk: diskFor(machine, life),
    lock: async () => ({ isInPlace: () => true, [Symbol.asyncDispose]: async () => undefined }),
    limits: { events: 60, bytes: 1e6 },
    projectionEvery: 15_000,
    complain: (line) => trace(`store ${line}`),
  });
  let failure: Error | undefined;
  const services = servicesOf(birth, store, (error) => {
    failure = error;
  });
  await services.decide(() => [{ type: 'daemon.started', data: { pid: 1, version: '0' } }]);
  await writeAgentTools(services.home);
  await takeUp(services, partial<Meters>('meters', { noteMessage: async () => undefined }));
  const reactor = openReactor(services);
  const run = requestsOf(services);
  reactor.poke();
  return {
    store,
    failure: () => failure,
    underWay: () => Number((reactor.health() as Health).indicators['actions_under_way']),
    say: (text, id, saidAt) =>
      run(
        {
          ...{ v: 1, kind: 'run', id, text, yes: true, actor: 'cli', said_at: saidAt },
          view: { columns: 100, color: false },
        },
        { kind: 'person', because: 'the simulation says so' },
      ),
  };
};
