import { messageOf } from '../../lib/errors.ts';
import { type Mutex, makeTurns } from '../../lib/mutex.ts';
import type { AppEvent, State } from '../../state/index.ts';
import type { Instance } from '../../state/instances.ts';
import { isAlive, isEnding } from '../../state/moves.ts';
import { machineSize } from '../machine-size.ts';
import type { DaemonServices } from '../services.ts';
import { startsFact, startsOverFacts } from './held-back.ts';
import { type HeldBack, MOST_FAILED, makeStartRows, type StartRows } from './start-rows.ts';

/** A program that is not up after so long lets the next one begin all the same, in milliseconds. */
const UP_MS = 15_000;
/** So long one that tells nothing of itself has the others wait, in milliseconds: what ends at once has ended by then. */
const UNTOLD_MS = 300;
/** A program that ends, or could not be started, within so many milliseconds has failed at its start. */
const SOON_MS = 10_000;

/** A program that is being started: `leave` lets the next one begin. */
type Start = {
  readonly agent: string;
  began: number;
  /** Its session was made; before, it is only being prepared. */
  isBegun: boolean;
  leave: () => void;
  readonly timers: NodeJS.Timeout[];
};

type LaunchBrake = {
  /** Notes that an instance is about to be started; why it is not to be, where that is so. */
  begin(instance: Instance): HeldBack | undefined;
  /** Starts a program when it is its turn, and says why it is not started where that has become of no use meanwhile. */
  start(instance: Instance, signal: AbortSignal, work: () => Promise<void>): Promise<HeldBack | undefined>;
};

/** Waits for a place until the signal aborts; the result gives it back. */
const enter = (turns: Mutex, signal: AbortSignal): Promise<() => void> =>
  new Promise((resolve, reject) => {
    const giveUp = (): void => reject(signal.reason as Error);
    if (signal.aborted) return giveUp();
    signal.addEventListener('abort', giveUp, { once: true });
    void turns(
      () =>
        new Promise<void>((leave) => {
          signal.removeEventListener('abort', giveUp);
          if (signal.aborted) leave();
          else resolve(leave);
        }),
    );
    return undefined;
  });

/** So few that a machine of a few processors is not swamped, and so many that it does not wait for each one's first words. */
const FEWEST_AT_ONCE = 8;

/** How many programs start at once: each takes a core for a moment, and asks the login server of its agent. */
const startsAtOnce = ({ settings }: DaemonServices): number =>
  settings.limits.starts ?? Math.max(FEWEST_AT_ONCE, 2 * machineSize().cores);

/** Whether somebody wants an agent to be started by this fact: what the daemon does by itself is no reason to try again. */
const wantedBy = (event: AppEvent): string | undefined =>
  event.actor !== 'daemon' && (event.type === 'instance.created' || event.type === 'instance.restart_requested')
    ? event.data.instance_id
    : undefined;

/** Whether a program stands at its very start and asks for a login: nothing is begun there. */
const needsLogin = ({ state, question }: Instance): boolean =>
  state.kind === 'waiting' && /\b(?:needs login|log in|logged in)\b/iu.test(question ?? '');

/** How a start went; undefined while nobody knows. */
const outcomeOf = (
  instance: Instance | undefined,
  isBegun: boolean,
): 'over' | 'up' | { readonly failed: string } | undefined => {
  if (!instance || isEnding(instance.state.kind)) return 'over';
  const { kind, evidence } = instance.state;
  if (kind === 'failed' || kind === 'lost') return { failed: evidence ?? kind };
  if (!isBegun || kind === 'starting' || !isAlive(kind)) return undefined;
  return needsLogin(instance) ? { failed: instance.question ?? 'it needs login' } : 'up';
};

/** An agent that tells when it is ready has started well when it is; of another one only that it goes on for a while says so. */
const isSure = (services: DaemonServices, agent: string): boolean => {
  const { hooks, startsOnScreen } = services.adapterFor(agent);
  return Boolean(hooks ?? startsOnScreen);
};

/** Follows the programs that are being started until it is known how that went. */
const followStarts = (services: DaemonServices, rows: StartRows, steady: () => number) => {
  const starts = new Map<string, Start>();

  const drop = (id: string, start: Start): void => {
    for (const timer of start.timers) clearTimeout(timer);
    start.leave();
    starts.delete(id);
  };
  const record = (facts: Parameters<DaemonServices['decide']>[0]): void => {
    if (facts(services.store.state).length === 0) return;
    services
      .decide(facts)
      .catch((error: unknown) => services.log(`how a start went was not recorded: ${messageOf(error)}`));
  };
  const noteUp = (id: string, start: Start): void => {
    drop(id, start);
    rows.forget(start.agent);
    record((state) => startsOverFacts(state, start.agent));
  };
  const noteFailed = (id: string, start: Start, why: string): void => {
    drop(id, start);
    if (steady() - start.began > SOON_MS || !rows.noteFailed(start.agent, why)) return;
    const { login } = services.adapterFor(start.agent);
    const told = { agent: start.agent, times: MOST_FAILED, why, instance: id };
    record((state) => [startsFact(state, { ...told, ...(login ? { repair: login.repair } : {}) })]);
  };
  const look = (state: State, id: string, start: Start): void => {
    const how = outcomeOf(state.instances[id], start.isBegun);
    if (how === 'over') drop(id, start);
    else if (how === 'up' && isSure(services, start.agent)) noteUp(id, start);
    else if (typeof how === 'object') noteFailed(id, start, how.failed);
  };
  const lookAtAll = (state: State): void => {
    for (const [id, start] of starts) look(state, id, start);
  };
  const dropAll = (): void => {
    for (const [id, start] of starts) drop(id, start);
  };
  services.store.subscribe((_events, state) => lookAtAll(state));
  services.signal.addEventListener('abort', dropAll, { once: true });

  return {
    of: (id: string) => starts.get(id),
    drop,
    add: (id: string, agent: string): void => {
      const before = starts.get(id);
      if (before) drop(id, before);
      starts.set(id, { agent, began: steady(), isBegun: false, leave: () => undefined, timers: [] });
    },
    /** Its session is there: from now on it is up, fails, or takes its time. */
    begun: (id: string, start: Start): void => {
      start.isBegun = true;
      const later = (work: () => void, ms: number): void => {
        start.timers.push(setTimeout(work, ms).unref());
      };
      if (isSure(services, start.agent)) later(() => drop(id, start), UP_MS);
      else {
        later(start.leave, UNTOLD_MS);
        later(() => noteUp(id, start), SOON_MS);
      }
      look(services.store.state, id, start);
    },
  };
};

const openBrake = (services: DaemonServices, steady: () => number): LaunchBrake => {
  const turns = makeTurns(() => startsAtOnce(services));
  const rows = makeStartRows(steady);
  const starts = followStarts(services, rows, steady);
  services.store.subscribe((events, { instances }) => {
    for (const event of events) rows.forget(instances[wantedBy(event) ?? '']?.agent ?? '');
  });
  return {
    begin: ({ instance_id: id, agent }) => {
      const held = rows.heldBack(agent);
      if (!held) starts.add(id, agent);
      return held;
    },
    start: async ({ instance_id: id, agent }, signal, work) => {
      const leave = await enter(turns, signal);
      const start = starts.of(id);
      const held = rows.heldBack(agent);
      if (start) Object.assign(start, { leave, began: steady() });
      if (held && start) starts.drop(id, start);
      try {
        if (!held) await work();
        if (!held && start) starts.begun(id, start);
        else leave();
      } catch (error) {
        leave();
        throw error;
      }
      return held;
    },
  };
};

const brakes = new WeakMap<DaemonServices, LaunchBrake>();

/**
 * The brake of a daemon on starts: few programs start at once, the next when one is up. Where several of an agent in a row fail
 * as soon as they start, none of the others would fare better: they wait.
 */
export const launchBrakeOf = (services: DaemonServices, steady = (): number => performance.now()): LaunchBrake => {
  const mine = brakes.get(services) ?? openBrake(services, steady);
  brakes.set(services, mine);
  return mine;
};
