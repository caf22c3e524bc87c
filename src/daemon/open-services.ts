import { availableParallelism } from 'node:os';
import { openBallast } from '../files/ballast.ts';
import type { AppError } from '../lib/errors.ts';
import { makeMutex } from '../lib/mutex.ts';
import type { Paths } from '../lib/paths.ts';
import { worktreesFolder } from '../lib/worktrees-folder.ts';
import type { Processes } from '../ports/index.ts';
import type { Shipped, Target } from '../ports/target.ts';
import { openProcesses } from '../process/broker.ts';
import { secretPlaces } from '../secrets/places.ts';
import { openSecrets } from '../secrets/store.ts';
import { LOCAL_HOST } from '../state/instances.ts';
import { openCheckSlots } from '../state/store/check-slots.ts';
import { openStore } from '../state/store/open.ts';
import { openLocalTarget } from '../target/local.ts';
import { makeAdapters } from './adapters.ts';
import { type LiveConfig, openLiveConfig } from './config/live-config.ts';
import { openLiveSecrets } from './config/live-secrets.ts';
import { machineUnknown } from './errors.ts';
import { type DaemonServices, makeDecide } from './services.ts';

export type ServiceOptions = {
  readonly paths: Paths;
  readonly env: Readonly<Record<string, string>>;
  readonly shipped: Shipped;
  readonly log: (line: string) => void;
  readonly version: string;
  /** Opens a machine beside this one, on which new instances are launched then. */
  readonly openWorker?: () => Promise<Target>;
};

/** When everything ends, and who hears that the store has failed. */
type Ending = {
  readonly signal: AbortSignal;
  /** When what is still under way then is given up. */
  readonly cut: AbortSignal;
  readonly fail: (error: AppError) => void;
};

/** What the daemon does in its own name. */
const SELF = { actor: 'daemon', corr: 'daemon' } as const;

/** The same places, but for worktrees, which are put where the settings say by now. */
const followSettings = (paths: Paths, config: LiveConfig): Paths => ({
  ...paths,
  get worktrees() {
    return worktreesFolder(config.settings.worktrees.folder, paths);
  },
});

/** Finds the machine that is meant by its name. */
const findTargetIn =
  (targets: readonly Target[]): DaemonServices['targetOf'] =>
  ({ host }) => {
    const target = targets.find((one) => one.host === host);
    if (!target) throw machineUnknown({ host });
    return target;
  };

/** Where all daemons of a person on this machine meet. */
const slotsFolder = (paths: Paths, env: ServiceOptions['env']): string =>
  `${env['XDG_RUNTIME_DIR'] || paths.data}/drover/checks`;

/** How many checks run at once where nobody has said it. */
const USUAL_CHECKS = Math.max(2, availableParallelism());

/** What two openings give that go on side by side; where one fails, with the error of the first, the other is put away. */
const bothOf = async <A extends AsyncDisposable, B extends AsyncDisposable>(
  ...opening: readonly [Promise<A>, Promise<B>]
): Promise<readonly [A, B]> => {
  const opened = await Promise.allSettled(opening);
  if (opened.some(({ status }) => status === 'rejected'))
    for (const one of opened) if (one.status === 'fulfilled') await one.value[Symbol.asyncDispose]();
  return [await opening[0], await opening[1]];
};

const openWith = async (
  processes: Processes & AsyncDisposable,
  { paths: usual, env, shipped, log, version, openWorker }: ServiceOptions,
  { signal, cut, fail }: Ending,
): Promise<DaemonServices & AsyncDisposable> => {
  const config = await openLiveConfig(usual, env);
  const paths = followSettings(usual, config);
  const { socket } = config.settings.tmux;
  const now = () => new Date().toISOString();
  const ballast = openBallast(paths.ballast);
  // While the journal is read, git and tmux are asked.
  const [home, store] = await bothOf(
    openLocalTarget({ host: LOCAL_HOST, paths, env, shipped, socket, processes }),
    openStore({ paths, now, release: version, complain: log, makeRoom: ballast.giveBack }),
  );
  const worker = await openWorker?.().catch(async (error: unknown) => {
    await store[Symbol.asyncDispose]();
    throw error;
  });
  const secrets = await openLiveSecrets(openSecrets({ ...secretPlaces(paths, env), now }), log);
  const decideAs = makeDecide(store, fail, secrets.redact, cut);
  const targets = worker ? [home, worker] : [home];
  const targetOf = findTargetIn(targets);
  const closeTargets = async (): Promise<void> => {
    for (const target of targets.toReversed()) await target[Symbol.asyncDispose]();
  };
  cut.addEventListener('abort', () => void closeTargets(), { once: true });
  return {
    paths,
    get settings() {
      return config.settings;
    },
    config,
    secrets,
    env,
    store,
    ballast,
    home,
    targets,
    targetOf,
    get launchTarget() {
      return worker ?? targetOf({ host: config.settings.launch.target });
    },
    checkSlots: openCheckSlots({
      folder: slotsFolder(paths, env),
      limit: () => config.settings.limits.checks ?? USUAL_CHECKS,
      log,
    }),
    atIntegration: makeMutex(),
    processesStarted: () => processes.started,
    ...makeAdapters(() => config.settings, { decide: decideAs(SELF), log }),
    decideAs,
    decide: decideAs(SELF),
    now,
    log: (line) => log(secrets.redact(line)),
    signal,
    [Symbol.asyncDispose]: async () => {
      await store[Symbol.asyncDispose]();
      await closeTargets();
    },
  };
};

/** Opens what the daemon's parts work with: settings, journal, git, tmux and the starter of processes. */
export const openServices = async (
  options: ServiceOptions,
  ending: Ending,
): Promise<DaemonServices & AsyncDisposable> => {
  const processes = await openProcesses();
  try {
    return await openWith(processes, options, ending);
  } catch (error) {
    await processes[Symbol.asyncDispose]();
    throw error;
  }
};
