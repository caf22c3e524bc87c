import type { AgentAdapter, Signal } from '../agents/adapter.ts';
import { adapterFor } from '../agents/index.ts';
import type { SpoolMessage } from '../agents/spool-message.ts';
import { findRepository, openGit } from '../git/open.ts';
import { type AppError, asSentence } from '../lib/errors.ts';
import type { Paths } from '../lib/paths.ts';
import { openProcesses } from '../process/broker.ts';
import { openStore } from '../state/store/open.ts';
import { openTmux } from '../tmux/client.ts';
import { tokenOf, writeAgentTools } from './actions/launch-instance.ts';
import { thawUnpaused } from './actions/pause-instance.ts';
import { deliverUnconfirmedBriefs } from './actions/start-task.ts';
import { openLiveConfig } from './config/live-config.ts';
import { type Ledgers, openLedgers } from './logs/ledgers.ts';
import { watchLogTimes } from './logs/log-times.ts';
import { openReactor, type Reactor } from './reactor.ts';
import { makeRequests } from './serve/requests.ts';
import { openServer, type Server } from './serve/server.ts';
import { type DaemonServices, makeDecide, markOf } from './services.ts';
import { strayFacts, strayPath } from './signals/contamination.ts';
import { recordLoss } from './signals/ends.ts';
import { clearHeld, releaseClosed } from './signals/hook-pipes.ts';
import { told, watchLimits } from './signals/limits.ts';
import type { Source } from './signals/signals.ts';
import { answerLeft, heardFacts, isAsking, takeAsked } from './signals/take-request.ts';
import { type Meters, openMeters } from './watch/meters.ts';
import { watchOrphans } from './watch/watch-orphans.ts';
import { type PaneWatch, watchPanes } from './watch/watch-panes.ts';
import { watchRegister } from './watch/watch-register.ts';
import { watchSettings } from './watch/watch-settings.ts';
import { spooledIn, watchSpool } from './watch/watch-spool.ts';

export type DaemonOptions = {
  readonly paths: Paths;
  readonly env: Readonly<Record<string, string>>;
  readonly version: string;
  readonly shipped: DaemonServices['shipped'];
  readonly log: (line: string) => void;
};

export type Daemon = {
  /**
   * Resolves when a command asked it to end, `close` was called, or nothing could be recorded any more, and everything is
   * put away; with the failure in that last case.
   */
  readonly ended: Promise<AppError | null>;
  close(): Promise<void>;
};

const SELF = { actor: 'daemon', corr: 'daemon' } as const;

type Ending = { readonly stop: AbortController; readonly failed: (error: AppError) => void };

const openWorld = async (options: DaemonOptions, ending: Ending): Promise<DaemonServices & AsyncDisposable> => {
  const processes = await openProcesses();
  try {
    return await openWith(processes, options, ending);
  } catch (error) {
    await processes[Symbol.asyncDispose]();
    throw error;
  }
};

const openWith = async (
  processes: DaemonServices['processes'],
  options: DaemonOptions,
  { stop, failed }: Ending,
): Promise<DaemonServices & AsyncDisposable> => {
  const { paths, env, shipped, log } = options;
  const place = await findRepository(paths.root, processes, env);
  const config = await openLiveConfig(paths.config, env);
  const { socket } = config.settings.tmux;
  const tmux = openTmux({ processes, env, assets: shipped.assets, ...(socket === undefined ? {} : { socket }) });
  await tmux.version();
  const now = () => new Date().toISOString();
  const store = await openStore({ paths, now });
  const decideAs = makeDecide(store, failed);
  const adapters = new Map<string, AgentAdapter>();
  let adaptedTo = config.settings;
  return {
    paths,
    get settings() {
      return config.settings;
    },
    config,
    env,
    store,
    git: openGit({ ...place, processes, env }),
    tmux,
    processes,
    shipped,
    adapterFor: (agent) => {
      if (adaptedTo !== config.settings) adapters.clear();
      adaptedTo = config.settings;
      const adapter = adapters.get(agent) ?? adapterFor(agent, config.settings);
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

/** An agent whose session is taken away says with its last breath that it was interrupted: that is not what happened. */
const isLost = async (services: DaemonServices, id: string, signal: Signal): Promise<boolean> => {
  if (signal.kind !== 'failed' || signal.class !== 'stopped') return false;
  const mark = markOf(services.paths, id);
  return !(await services.tmux.list(mark)).some((pane) => pane.droverId === mark);
};

/** The facts behind a signal; for a written file also whether that file was somebody else's. */
const record = async (services: DaemonServices, id: string, signal: Signal, source: Source): Promise<void> => {
  if (await isLost(services, id, signal)) {
    await recordLoss(services, () => [id]);
    return;
  }
  const instance = services.store.state.instances[id];
  if (instance && source === 'screen' && isAsking(signal))
    return takeAsked(services, instance, signal, { ask: null, source });
  // The words for how long it lasts still stand on its screen, and every look would begin it anew.
  if (source === 'screen' && signal.kind === 'limited' && instance?.state.kind === 'limited') return;
  const stray = instance && signal.kind === 'touched' ? await strayPath(services, instance, signal.path) : undefined;
  const said = told(signal, services.now(), services.settings.timeouts.limit_ms);
  await services.decide((state) => [
    ...heardFacts(state, id, said, source),
    ...(stray === undefined ? [] : strayFacts(state, id, stray)),
  ]);
  await releaseClosed(services, id, instance?.requests ?? []);
};

/** What to do with a message: tmux events make us look at the panes, agents' messages become facts. */
const makeTake =
  (services: DaemonServices, panes: () => PaneWatch | undefined, heard: Map<string, number>, meters: Meters) =>
  async (message: SpoolMessage): Promise<void> => {
    const id = message.instance;
    if (message.source === 'tmux') return panes()?.look();
    const known = services.store.state.instances[id];
    if (!known) return;
    const isGenuine = async () => message.token !== null && message.token === (await tokenOf(services, id));
    const wrong = () => services.log(`a message with a wrong token for ${id} was ignored`);
    if (!(await isGenuine())) return wrong();
    if (known.state.kind === 'creating') {
      // Left by a start that nobody knows the end of: it will be made again.
      if (!panes()) return;
      // It was quicker than the fact that it was started, or is of the program before.
      await services.store.until((state) => state.instances[id]?.state.kind !== 'creating', services.signal);
      if (!(await isGenuine())) return wrong();
    }
    heard.set(id, Date.parse(services.now()));
    await meters.heard(id, message.body);
    const { readHook, readDialog, readBox } = services.adapterFor(known.agent);
    const said = readHook(message.body);
    if (!said) return;
    // A dialog may still stand there instead of its box: its screen is asked at once.
    const signal: Signal = said.kind === 'ready' && readDialog && readBox ? { ...said, early: true } : said;
    if (signal.kind === 'ready') panes()?.look();
    const now = services.store.state.instances[id];
    if (now && isAsking(signal)) await takeAsked(services, now, signal, { ask: message.ask ?? null, source: 'hook' });
    else await record(services, id, signal, 'hook');
  };

/** Puts everything away in the order in which it depends on each other; a store that failed takes no last word. */
const putAway = async (
  services: DaemonServices & AsyncDisposable,
  parts: { loops: readonly Promise<void>[]; reactor: Reactor; ledgers: Ledgers },
  failure: AppError | null,
): Promise<void> => {
  await Promise.all([...parts.loops, parts.reactor.idle()]);
  if (!failure) await services.decide(() => [{ type: 'daemon.stopped', data: { pid: process.pid } }]);
  await parts.ledgers.flushed();
  await services[Symbol.asyncDispose]();
};

/** Opens everything of one repository: the journal, the edges, the loops, and last the socket. */
export const openDaemon = async (options: DaemonOptions): Promise<Daemon> => {
  const stop = new AbortController();
  const { promise: asked, resolve: shutDown } = Promise.withResolvers<string>();
  let failure: AppError | null = null;
  const failed = (error: AppError): void => {
    if (failure) return;
    failure = error;
    options.log(`the daemon ends: ${asSentence(error.message)} ${error.hint}`);
    // Those who are waiting are answered first, with this very error.
    setImmediate(() => shutDown('the store failed'));
  };
  const services = await openWorld(options, { stop, failed });
  let leaving: string | undefined;
  // Somebody else may be answered in between: whoever ended us would then ask the next daemon.
  const answered = (correlation: string) => (leaving === correlation ? shutDown('down') : undefined);
  try {
    await writeAgentTools(services);
    await services.decide(() => [{ type: 'daemon.started', data: { pid: process.pid, version: options.version } }]);
    const ledgers = openLedgers(services.paths, services.store, services.log);
    const watch: { panes?: PaneWatch; server?: Server } = {};
    const heard = new Map<string, number>();
    const meters = openMeters(services);
    const take = makeTake(services, () => watch.panes, heard, meters);
    const spool = await watchSpool({ folder: services.paths.spool, log: services.log, signal: stop.signal }, take);
    await spool.caughtUp;
    await thawUnpaused(services);
    await clearHeld(services);
    await answerLeft(services);
    watch.panes = watchPanes(services, (id, signal, source = 'screen') => record(services, id, signal, source), heard);
    await watch.panes.seen;
    // A person's half-typed line may keep one waiting for hours.
    const briefs = deliverUnconfirmedBriefs(services);
    const reactor = openReactor(services);
    const run = makeRequests(services, ledgers, {
      version: options.version,
      shutDown: (correlation) => {
        leaving = correlation;
      },
      traffic: async () => ({ ...watch.server!.traffic(), spooled: await spooledIn(services.paths.spool) }),
      resources: meters.uses,
    });
    const server = await openServer(services.paths.socket, { store: services.store, run, answered, log: services.log });
    watch.server = server;
    reactor.poke();
    const settings = watchSettings(services, () => {
      reactor.poke();
      meters.settingsChanged();
    });
    const times = watchLogTimes(services);
    const orphans = watchOrphans(services);
    const register = watchRegister(services, heard, (id, signal) => record(services, id, signal, 'register'));
    const limits = watchLimits(services);
    const metering = meters.run();
    const finish = async (): Promise<AppError | null> => {
      await server.close(await asked);
      stop.abort();
      const loops = [spool.done, watch.panes!.done, settings, times, orphans, register, limits, metering, briefs];
      await putAway(services, { loops, reactor, ledgers }, failure);
      return failure;
    };
    const ended = finish();
    return {
      ended,
      close: async () => {
        shutDown('closed');
        await ended;
      },
    };
  } catch (error) {
    stop.abort();
    await services[Symbol.asyncDispose]();
    throw error;
  }
};
