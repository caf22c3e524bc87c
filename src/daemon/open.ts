import { adapterFor } from '../agents/index.ts';
import type { AgentAdapter, Signal } from '../agents/adapter.ts';
import type { SpoolMessage } from '../agents/spool-message.ts';
import { findRepository, openGit } from '../git/open.ts';
import type { Paths } from '../lib/paths.ts';
import { openProcesses } from '../process/broker.ts';
import { openStore } from '../state/store/open.ts';
import { openTmux } from '../tmux/client.ts';
import { readSettings } from './config.ts';
import { tokenOf, writeAgentTools } from './launch.ts';
import { openLedgers } from './ledgers.ts';
import { openReactor } from './reactor.ts';
import { makeRequests } from './requests.ts';
import { openServer } from './server.ts';
import { factsOf } from './signals.ts';
import { deliverAgain } from './start-task.ts';
import { type PaneWatch, watchPanes } from './watch-panes.ts';
import { watchSpool } from './watch-spool.ts';
import { makeDecide, type World } from './world.ts';

export type DaemonOptions = {
  readonly paths: Paths;
  readonly env: Readonly<Record<string, string>>;
  readonly version: string;
  readonly shipped: World['shipped'];
  readonly log: (line: string) => void;
};

export type Daemon = {
  /** Resolves when a command asked it to end, or `close` was called, and everything is put away. */
  readonly ended: Promise<void>;
  close(): Promise<void>;
};

const SELF = { actor: 'daemon', corr: 'daemon' } as const;

const openWorld = async (options: DaemonOptions, stop: AbortController): Promise<World & AsyncDisposable> => {
  const processes = await openProcesses();
  try {
    return await openWith(processes, options, stop);
  } catch (error) {
    await processes[Symbol.asyncDispose]();
    throw error;
  }
};

const openWith = async (
  processes: World['processes'],
  options: DaemonOptions,
  stop: AbortController,
): Promise<World & AsyncDisposable> => {
  const { paths, env, shipped, log } = options;
  const place = await findRepository(paths.root, processes, env);
  const settings = await readSettings(paths.config);
  const { socket } = settings.tmux;
  const tmux = openTmux({ processes, env, assets: shipped.assets, ...(socket === undefined ? {} : { socket }) });
  await tmux.version();
  const now = () => new Date().toISOString();
  const store = await openStore({ paths, now });
  const decideAs = makeDecide(store);
  const adapters = new Map<string, AgentAdapter>();
  return {
    paths,
    settings,
    env,
    store,
    git: openGit({ ...place, processes, env }),
    tmux,
    processes,
    shipped,
    adapterFor: (agent) => {
      const adapter = adapters.get(agent) ?? adapterFor(agent, settings);
      adapters.set(agent, adapter);
      return adapter;
    },
    decideAs,
    decide: decideAs(SELF),
    now,
    log,
    signal: stop.signal,
    [Symbol.asyncDispose]: async () => {
      await store[Symbol.asyncDispose]();
      await processes[Symbol.asyncDispose]();
    },
  };
};

/** What to do with a message: tmux events make us look at the panes, agents' messages become facts. */
const makeTake =
  (world: World, panes: () => PaneWatch | undefined) =>
  async (message: SpoolMessage): Promise<void> => {
    const id = message.instance;
    if (message.source === 'tmux') return panes()?.look();
    const known = world.store.state.instances[id];
    if (!known) return;
    if (message.token !== (await tokenOf(world, id)))
      return world.log(`a message with a wrong token for ${id} was ignored`);
    // It can be quicker than the fact that it was started.
    if (known.state.kind === 'creating')
      await world.store.until((state) => state.instances[id]?.state.kind !== 'creating', world.signal);
    const signal: Signal | undefined = world.adapterFor(known.agent).readHook(message.body);
    if (signal) await world.decide((state) => factsOf(state, id, signal, 'hook'));
  };

/** Briefs of which nobody knows whether they arrived: the daemon may have died between the fact and the typing. */
const unconfirmed = async (world: World): Promise<void> => {
  for (const task of Object.values(world.store.state.tasks)) {
    const instance = task.state === 'running' ? world.store.state.instances[task.run!.instance] : undefined;
    if (instance?.state.kind !== 'working' || instance.state.source !== 'drover') continue;
    if (world.adapterFor(instance.agent).hooks) await deliverAgain(world, task, instance);
  }
};

/** Opens everything of one repository: the journal, the edges, the loops, and last the socket. */
export const openDaemon = async (options: DaemonOptions): Promise<Daemon> => {
  const stop = new AbortController();
  const world = await openWorld(options, stop);
  const { promise: asked, resolve: shutDown } = Promise.withResolvers<string>();
  let leaving = false;
  const answered = () => (leaving ? shutDown('down') : undefined);
  try {
    await writeAgentTools(world);
    await world.decide(() => [{ type: 'daemon.started', data: { pid: process.pid, version: options.version } }]);
    const ledgers = openLedgers(world.paths, world.store, world.log);
    const watch: { panes?: PaneWatch } = {};
    const spool = await watchSpool(
      world.paths.spool,
      makeTake(world, () => watch.panes),
      stop.signal,
    );
    await spool.caughtUp;
    await unconfirmed(world);
    watch.panes = watchPanes(world, async (id, screen) => {
      const signal = world.adapterFor(world.store.state.instances[id]!.agent).readScreen?.(screen);
      if (signal) await world.decide((state) => factsOf(state, id, signal, 'screen'));
    });
    const reactor = openReactor(world);
    const run = makeRequests(world, ledgers, {
      version: options.version,
      shutDown: () => {
        leaving = true;
      },
    });
    const server = await openServer(world.paths.socket, { store: world.store, run, answered, log: world.log });
    reactor.poke();
    const finish = async (): Promise<void> => {
      const why = await asked;
      await server.close(why);
      stop.abort();
      await Promise.all([spool.done, watch.panes!.done, reactor.idle()]);
      await world.decide(() => [{ type: 'daemon.stopped', data: { pid: process.pid } }]);
      await ledgers.flushed();
      await world[Symbol.asyncDispose]();
    };
    const ended = finish();
    return {
      ended,
      close: () => {
        shutDown('closed');
        return ended;
      },
    };
  } catch (error) {
    stop.abort();
    await world[Symbol.asyncDispose]();
    throw error;
  }
};
