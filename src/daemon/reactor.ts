import { adviceOf, traceOf } from '../lib/errors.ts';
import type { Reflective } from '../ports/reflective.ts';
import { brokerLost } from '../process/errors.ts';
import type { AppEvent, EventDraft, State } from '../state/index.ts';
import { isAlive } from '../state/moves.ts';
import { type PlanAction, plan } from '../tasks/plan.ts';
import { retriesIn } from '../tasks/retry.ts';
import { makeBackoffs, subjectOf } from './actions/backoffs.ts';
import { endRace } from './actions/end-race.ts';
import { failedActionFacts } from './actions/failed-action-facts.ts';
import { launchInstance } from './actions/launch-instance.ts';
import { pauseInstance, resumeInstance } from './actions/pause-instance.ts';
import { prepareInstance } from './actions/prepare-instance.ts';
import { reassignRun } from './actions/reassign-run.ts';
import { restartRun } from './actions/restart-run.ts';
import { makeRests, type Rests } from './actions/rests.ts';
import { retryTask } from './actions/retry-task.ts';
import { settleRacer } from './actions/settle-racer.ts';
import { continueRun, startTask } from './actions/start-task.ts';
import { interruptInstance, stopInstance } from './actions/stop-instance.ts';
import { atTakenRuns } from './actions/taken-runs.ts';
import { verifyTask } from './actions/verify-task.ts';
import { makeRounds } from './health/service.ts';
import { giveUpBatch, mergeBatch } from './integration/merge-batch.ts';
import { mergeReturned } from './integration/merge-returned.ts';
import { giveUpRollback, rollbackBatch } from './integration/rollback-batch.ts';
import type { DaemonServices } from './services.ts';
import { isTmuxSilent } from './until-answered.ts';

/** Carries out what the planner wants; the file that an action is in has the name of what it does. */
const perform = (services: DaemonServices, action: Exclude<PlanAction, { kind: 'assign' }>): Promise<void> => {
  const { instances } = services.store.state;
  // biome-ignore lint/nursery/useExhaustiveSwitchCases: the compiler knows that 'assign' is left out, the rule does not.
  switch (action.kind) {
    case 'launch':
      return launchInstance(services, instances[action.instance]!);
    case 'prepare':
      return prepareInstance(services, action);
    case 'start':
      return startTask(services, action.task, action.instance);
    case 'continue':
      return continueRun(services, action.task, action.instance);
    case 'verify':
      return verifyTask(services, action.task);
    case 'retry':
      return retryTask(services, action);
    case 'end-race':
      return endRace(services, action.task);
    case 'settle-racer':
      return settleRacer(services, action.task);
    case 'restart':
      return restartRun(services, action.instance);
    case 'hand-over':
      return reassignRun(services, action);
    case 'pause':
      return pauseInstance(services, instances[action.instance]!);
    case 'resume':
      return resumeInstance(services, instances[action.instance]!);
    case 'stop':
      return stopInstance(services, instances[action.instance]!);
    case 'merge':
      return mergeBatch(services, action.batch);
    case 'rollback':
      return rollbackBatch(services, action.batch);
  }
};

/** The key of an action, by which the same action under way is not begun twice. */
const keyOf = (action: PlanAction): string =>
  [
    action.kind,
    'task' in action ? action.task : '',
    'instance' in action ? action.instance : '',
    'batch' in action ? action.batch : '',
  ].join(' ');

/** The instances whose run was taken away by these events, and that have to be told to stop. */
const interruptedBy = (events: readonly AppEvent[], state: State): string[] =>
  events.flatMap((event) => {
    if (event.type !== 'run.failed' || event.data.failure.class !== 'stopped') return [];
    const task = state.tasks[event.data.id];
    const run = [task?.run, ...(task?.history ?? []).toReversed()].find((one) => one?.failure?.class === 'stopped');
    const instance = state.instances[run?.instance ?? ''];
    return instance && isAlive(instance.state.kind) && instance.state.kind !== 'idle' ? [instance.instance_id] : [];
  });

export type Reactor = Reflective & {
  /** Looks at the state again, soon. */
  poke(): void;
  /** Resolves when nothing is under way any more. */
  idle(): Promise<void>;
};

/** Rings when an action is due that was put off for so many milliseconds; a new call takes the place of the one before. */
const makeAlarm = ({ signal }: DaemonServices, ring: () => void): ((ms: number | undefined) => void) => {
  let timer: NodeJS.Timeout | undefined;
  signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  return (ms) => {
    clearTimeout(timer);
    if (ms === undefined || signal.aborted) return;
    timer = setTimeout(ring, Math.max(1, Math.ceil(ms)));
    timer.unref();
  };
};

const plannedIn = (services: DaemonServices, state: State, { hasRested }: Rests): PlanAction[] => {
  const { settings } = services;
  const { moves, patience_ms } = settings.recovery;
  const now = services.now();
  const patientUntil = new Date(Date.parse(now) + patience_ms).toISOString();
  const { agent } = settings;
  return plan(state, {
    ...{ now, hasRested, patientUntil, moves, agent },
    ...{ order: settings.plan.strategy, retriesOf: retriesIn(settings) },
  });
};

/** Records which instance gets which of the tasks that are ready. */
const assignTasks = async (services: DaemonServices, rests: Rests): Promise<void> => {
  const wanted = (state: State) => plannedIn(services, state, rests).filter((action) => action.kind === 'assign');
  if (wanted(services.store.state).length === 0) return;
  await services.decide((state) =>
    wanted(state).map(
      ({ task, instance, reason }): EventDraft => ({
        type: 'task.assigned',
        data: { id: task, instance, pinned: false, reason },
      }),
    ),
  );
};

/** How often an action is begun again because the helper that ran its programs was lost; after that it has failed. */
const MOST_LOST = 3;

/**
 * Says of an action that failed whether it is to be begun again: it may be where only the helper was lost that runs programs,
 * or tmux does not answer, because actions are written to be repeated, as after the death of the daemon itself. A tmux that
 * goes on does then what it was asked before, and whoever had called the action failed would leave behind what lives.
 */
const makeRepeats = (): ((key: string, error: unknown) => boolean) => {
  const lost = new Map<string, number>();
  return (key, error) => {
    // Each time it is waited for long enough.
    if (isTmuxSilent(error)) return true;
    const times = (lost.get(key) ?? 0) + 1;
    const isLost = brokerLost.matches(error) && times <= MOST_LOST;
    if (isLost) lost.set(key, times);
    else lost.delete(key);
    return isLost;
  };
};

/** Ends an action that failed, so that it is not tried for ever. */
const giveUp = (services: DaemonServices, action: PlanAction, error: unknown): Promise<unknown> => {
  if (brokerLost.matches(error) && action.kind === 'merge') return giveUpBatch(services, action.batch, error);
  if (brokerLost.matches(error) && action.kind === 'rollback') return giveUpRollback(services, action.batch, error);
  return services.decide((state) => failedActionFacts(services, state, action, error));
};

type Job = {
  readonly work: () => Promise<unknown>;
  readonly failed: (error: unknown) => Promise<unknown>;
  /** Told when it has ended, whichever way. */
  readonly over?: () => void;
};

/** The least of these times; undefined where there is none. */
const earliest = (times: readonly (number | undefined)[]): number | undefined => {
  const known = times.filter((ms) => ms !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
};

/** Keeps the jobs that are under way, each once; `over` is called after each of them. */
const makeJobs = (services: DaemonServices, over: () => void) => {
  const underWay = new Map<string, Promise<void>>();
  const isRepeated = makeRepeats();
  const begin = (key: string, { work, failed, over: ended }: Job): void => {
    if (underWay.has(key)) return;
    const job = work()
      .catch(async (error: unknown) => {
        if (services.signal.aborted) return;
        services.log(`${key}: ${traceOf(error)}`);
        if (isRepeated(key, error)) return;
        await failed(error).catch((again: unknown) => services.log(`${key}: ${adviceOf(again)}`));
      })
      .finally(() => {
        underWay.delete(key);
        ended?.();
        over();
      })
      .then(() => undefined);
    underWay.set(key, job);
  };
  return { underWay, begin };
};

/** Asks the planner after every change what to do, begins each action that is not under way yet, and records how it went. */
export const openReactor = (services: DaemonServices): Reactor => {
  const { log, signal } = services;
  const rounds = makeRounds({ complaint: 'the planner failed', wordsOf: traceOf, everyMs: 0, log, signal });
  const alarm = makeAlarm(services, () => poke());
  const { underWay, begin } = makeJobs(services, () => poke());
  const backoffs = makeBackoffs();
  const restsNow = makeRests(services);
  let poked = false;
  let looking: Promise<void> | undefined;

  /** Begins an action that does not rest; how long it still does, in milliseconds. */
  const beginRested = (action: Exclude<PlanAction, { kind: 'assign' }>): number => {
    const key = keyOf(action);
    const before = subjectOf(services.store.state, action);
    const restMs = backoffs.restMs(key, before);
    if (restMs > 0) return restMs;
    begin(key, {
      work: () => perform(services, action),
      failed: (error) => giveUp(services, action, error),
      over: () => backoffs.over(key, before, subjectOf(services.store.state, action)),
    });
    return 0;
  };

  const look = async (): Promise<void> => {
    while (poked && !services.signal.aborted) {
      poked = false;
      const before = restsNow();
      alarm(before.nextMs());
      await assignTasks(services, before);
      await mergeReturned(services);
      const now = restsNow();
      const wanted = plannedIn(services, services.store.state, now).filter((action) => action.kind !== 'assign');
      backoffs.keep(new Set(wanted.map(keyOf)));
      const rests = wanted.map(beginRested).filter((ms) => ms > 0);
      alarm(earliest([now.nextMs(), ...rests]));
    }
  };

  const poke = (): void => {
    poked = true;
    looking ??= rounds.work(look).finally(() => {
      looking = undefined;
      if (poked && !services.signal.aborted) poke();
    });
  };

  const interrupt = (ids: readonly string[], { instances }: State): void => {
    for (const id of ids)
      begin(`interrupt ${id}`, {
        work: () => interruptInstance(services, instances[id]!),
        failed: async () => undefined,
      });
  };

  interrupt(atTakenRuns(services.store.state), services.store.state);
  services.store.subscribe((events, state) => {
    interrupt(interruptedBy(events, state), state);
    poke();
  });

  return {
    name: 'reactor',
    capabilities: ['plan what comes next', 'carry it out'],
    health: () => {
      const { indicators, ...now } = rounds.health();
      return { ...now, indicators: { ...indicators, actions_under_way: underWay.size } };
    },
    poke,
    idle: async () => {
      while (looking || underWay.size > 0) await Promise.all([looking, ...underWay.values()]);
    },
  };
};
