import { messageOf } from '../../lib/errors.ts';
import type { EventDraft, State } from '../../state/index.ts';
import type { Instance } from '../../state/instances.ts';
import { moved } from '../../state/moves.ts';
import { typeLine } from '../actions/type-line.ts';
import { repeatRounds, type Service } from '../health/service.ts';
import type { DaemonServices } from '../services.ts';
import { clearAlertFacts } from '../signals/alert-facts.ts';
import { runningTask } from '../signals/running-task.ts';

const LOOK_MS = 1000;

/** How long an agent that said it goes on by itself may take to do so when its limit has ended, in milliseconds. */
const ITS_OWN_MS = 180_000;

/** The words by which an agent is told to go on with its run. */
const GO_ON = 'Go on.';

/** The instances whose limit has ended and that may go on. */
const instancesDue = ({ instances, swarm }: State, now: number): Instance[] =>
  Object.values(instances).filter(
    ({ state, hold, pane }) =>
      state.kind === 'limited' &&
      hold === null &&
      pane !== null &&
      !swarm.paused &&
      Date.parse(state.until ?? state.since) <= now,
  );

const limitEndFacts = (state: State, id: string): EventDraft[] => [
  ...clearAlertFacts(state, `limited:${id}`, 'its limit has ended'),
  ...moved(state, id, { state: 'idle', source: 'drover', evidence: 'its limit has ended' }),
];

/** Makes an agent go on whose limit has ended: with its run by a word, without one by being free again. */
const makeGoOn = async (services: DaemonServices, instance: Instance): Promise<void> => {
  const id = instance.instance_id;
  const until = instance.state.until ?? instance.state.since;
  const hasRun = (state: State): boolean => {
    const now = state.instances[id];
    return now !== undefined && runningTask(state, now) !== undefined;
  };
  if (!hasRun(services.store.state)) {
    await services.decide((state) =>
      state.instances[id]?.state.kind === 'limited' && !hasRun(state) ? limitEndFacts(state, id) : [],
    );
    return;
  }
  const { readGoesOn } = services.adapterFor(instance.agent);
  const isLate = Date.parse(services.now()) > Date.parse(until) + ITS_OWN_MS;
  if (!isLate && readGoesOn?.(await services.targetOf(instance).tmux.capture(instance.pane!))) return;
  const still = (): boolean => services.store.state.instances[id]?.state.since === instance.state.since;
  await typeLine(services, instance, { text: GO_ON, once: `limit ${instance.state.since}`, still });
};

/** Looks once a second for agents whose limit has ended, and makes them go on; each is told once. */
export const watchLimits = (services: DaemonServices): Service => {
  const { log, signal } = services;
  const underWay = new Map<string, Promise<void>>();
  const begin = (instance: Instance): void => {
    const id = instance.instance_id;
    if (underWay.has(id)) return;
    const work = makeGoOn(services, instance)
      .catch((error: unknown) => {
        if (!services.signal.aborted) services.log(`${id} could not go on: ${messageOf(error)}`);
      })
      .finally(() => underWay.delete(id));
    underWay.set(id, work);
  };
  const looks = repeatRounds(
    {
      name: 'limit-watch',
      capabilities: ['let agents go on when their limit has ended'],
      complaint: 'looking for limits that have ended failed',
      everyMs: LOOK_MS,
      log,
      signal,
    },
    async () => {
      for (const instance of instancesDue(services.store.state, Date.parse(services.now()))) begin(instance);
    },
  );
  const finish = async (): Promise<void> => {
    await looks.done;
    await Promise.all(underWay.values());
  };
  return { ...looks, done: finish() };
};
