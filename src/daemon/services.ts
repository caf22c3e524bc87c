import type { AgentAdapter } from '../agents/adapter.ts';
import type { AppError } from '../lib/errors.ts';
import type { Mutex } from '../lib/mutex.ts';
import type { Paths } from '../lib/paths.ts';
import type { Redact } from '../lib/redact.ts';
import type { Ballast } from '../ports/ballast.ts';
import type { Store } from '../ports/index.ts';
import type { Target, TargetPaths } from '../ports/target.ts';
import type { AppEvent, EventDraft, State } from '../state/index.ts';
import type { Instance } from '../state/instances.ts';
import type { Origin } from '../state/reducer.ts';
import type { Settings } from '../state/settings.ts';
import type { CheckSlots } from '../state/store/check-slots.ts';
import { storeFailed, storeTaken } from '../state/store/errors.ts';
import type { OpenStore } from '../state/store/open.ts';
import type { LiveConfig } from './config/live-config.ts';
import type { LiveSecrets } from './config/live-secrets.ts';
import { redactFacts } from './redact-facts.ts';

/** Records facts that are decided on the state at their turn; see `decide` of a command's context. */
export type Decide = (
  facts: (state: State) => readonly EventDraft[],
  which?: (event: AppEvent) => boolean,
) => Promise<readonly AppEvent[]>;

/** Everything that the daemon's parts work with. */
export type DaemonServices = {
  readonly paths: Paths;
  /** The settings as they are now: they follow the files. */
  readonly settings: Settings;
  readonly config: LiveConfig;
  readonly secrets: LiveSecrets;
  readonly env: Readonly<Record<string, string>>;
  readonly store: Store &
    Pick<
      OpenStore,
      | 'failure'
      | 'projectionTrouble'
      | 'waitedMs'
      | 'losses'
      | 'restoredAt'
      | 'displaced'
      | 'rebuild'
      | 'history'
      | 'lines'
      | 'openedAt'
    >;
  /** Room that is kept for a full disk. */
  readonly ballast: Ballast;
  /** The adapter by which an instance is followed and ended; one that understands nothing where its agent is known no more. */
  readonly adapterFor: (agent: string) => AgentAdapter;
  /** The adapter by which a program is started; throws where the agent is not known, or cannot be used as it is described. */
  readonly adapterToStart: (agent: string) => AgentAdapter;
  /** Why an agent cannot be started or followed; null when it can. */
  readonly agentTrouble: (agent: string) => AppError | null;
  /** The machine of the repository: of its checkout, and of the worktree in which batches are put together. */
  readonly home: Target;
  /** Every machine on which instances live. */
  readonly targets: readonly Target[];
  /** The machine on which an instance lives. */
  readonly targetOf: (instance: Pick<Instance, 'host'>) => Target;
  /** The machine on which new instances are launched. */
  readonly launchTarget: Target;
  /** The budget in which checks and gates run: all swarms of this machine share it. */
  readonly checkSlots: CheckSlots;
  /**
   * What looks at the integration branch and then decides by that: a batch begins at its tip, a sync moves it. While a batch
   * is under way the state says so, and nobody waits for it here.
   */
  readonly atIntegration: Mutex;
  /** How many programs were started on the daemon's own machine. */
  readonly processesStarted: () => number;
  readonly decide: Decide;
  readonly decideAs: (origin: Origin) => Decide;
  readonly now: () => string;
  /** A line in the daemon's log. */
  readonly log: (line: string) => void;
  readonly signal: AbortSignal;
};

/** The mark of the session of an instance: which repository, which instance. */
export const markOf = (paths: Pick<Paths, 'key'>, instance: string): string => `${paths.key}/${instance}`;

/** The folder in which an instance keeps what is its own: launch script, token, briefs. */
export const homeOf = (paths: Pick<TargetPaths, 'instances'>, instance: string): string =>
  `${paths.instances}/${instance}`;

/** The instances that live on a machine. */
export const instancesOn = ({ host }: Target, { instances }: State): readonly Instance[] =>
  Object.values(instances).filter((one) => one.host === host);

/**
 * The instances whose machine is known. Whoever goes through all instances takes these: `targetOf` throws for the others,
 * and an instance on a machine that this daemon does not know holds up nobody else.
 */
export const reachableInstances = (
  { targets }: Pick<DaemonServices, 'targets'>,
  state: Pick<State, 'instances'>,
): readonly Instance[] =>
  Object.values(state.instances).filter(({ host }) => targets.some((target) => target.host === host));

/** The folder of what an instance prints. */
export const logFolderOf = (paths: Pick<TargetPaths, 'logs'>, instance: string): string => `${paths.logs}/${instance}`;

/** When an instance printed something last, in milliseconds since 1970; 0 when it never did. */
export const lastOutput = (services: DaemonServices, instance: Instance): Promise<number> => {
  const { logs, paths } = services.targetOf(instance);
  return logs.grownAt(logFolderOf(paths, instance.instance_id));
};

/**
 * Makes `decide`: decisions are made one after the other, each on the state that the one before it left. `onFailure` hears
 * when the store refuses them, which it does from then on. Nothing secret that somebody said is recorded. After `cut` only that
 * the daemon has ended: what fails because its programs were ended is no fact, and the next daemon goes on with it.
 */
export const makeDecide = (
  store: Store,
  onFailure: (error: AppError) => void,
  redact: Redact,
  cut?: AbortSignal,
): ((origin: Origin) => Decide) => {
  const record = async (drafts: readonly EventDraft[], origin: Origin): Promise<readonly AppEvent[]> => {
    if (!drafts.some(({ type }) => type === 'daemon.stopped')) cut?.throwIfAborted();
    try {
      return await store.append(drafts, origin);
    } catch (error) {
      if (storeFailed.matches(error) || storeTaken.matches(error)) onFailure(error);
      throw error;
    }
  };
  let last: Promise<unknown> = Promise.resolve();
  return (origin) => (facts) => {
    const mine = last.then(async () => {
      const drafts = facts(store.state);
      return drafts.length === 0 ? [] : record(redactFacts(drafts, redact), origin);
    });
    last = mine.catch(() => undefined);
    return mine;
  };
};
