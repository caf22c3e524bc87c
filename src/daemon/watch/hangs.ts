import { formatDuration } from '../../lib/duration.ts';
import type { Target } from '../../ports/target.ts';
import type { EventDraft, State } from '../../state/index.ts';
import type { Instance } from '../../state/instances.ts';
import { moved } from '../../state/moves.ts';
import { type DaemonServices, instancesOn, lastOutput } from '../services.ts';
import { clearAlertFacts, recoveryEndFact } from '../signals/alert-facts.ts';
import {
  brokenInstanceAlert,
  brokenRunOf,
  recoveryContextOf,
  runRecoveryFacts,
} from '../signals/run-recovery-facts.ts';
import { hasBegun, isKeptWaiting, runningTask } from '../signals/running-task.ts';
import { settledTime, type Vigil, watchedFor } from './vigil.ts';

/** `ready`: it has been ready since its start; `ms`: how long it was waited for. */
type Hang = { readonly text: string; readonly ready: boolean; readonly ms: number };

/** The facts about an agent that hangs: its run is tried again, sooner where it never got ready. */
const hangFacts = (services: DaemonServices, state: State, id: string, { text, ready, ms }: Hang): EventDraft[] => {
  const instance = state.instances[id]!;
  const evidence = ready ? 'hang: no output' : 'hang: not ready in time';
  const facts = moved(state, id, {
    ...{ state: ready ? 'stuck' : 'failed', source: 'drover', evidence },
    ...(ready ? {} : { failure: 'hang' }),
  } as const);
  if (facts.length === 0) return [];
  // An agent that works may only take its time: it gets as much once more.
  const broken = { class: 'hang', message: text, ...(ready ? { restMs: ms } : {}) } as const;
  const run = brokenRunOf(state, instance, broken, recoveryContextOf(services));
  // A hang without a try to come is left alone: it may go on, and nothing of it is lost meanwhile.
  const planned = ready && !run?.recovery ? [] : runRecoveryFacts(instance, run, broken);
  return [...facts, ...planned, brokenInstanceAlert(id, text, run, ready ? 'stuck' : 'instance')];
};

/** Since when an agent owes a sign of life: it is at work, or was given a brief that it has not begun. */
const owesSince = (state: State, instance: Instance): string | undefined => {
  const { kind, since } = instance.state;
  if (kind === 'working') return since;
  const task =
    kind === 'idle' && !isKeptWaiting(state, instance.instance_id) ? runningTask(state, instance) : undefined;
  return task?.run && !hasBegun(instance, task) ? task.run.started_at : undefined;
};

/** How an instance hangs; undefined when it does not. What was silent while nobody watched has all its time once more. */
const hangOf = async (services: DaemonServices, instance: Instance, vigil: Vigil): Promise<Hang | undefined> => {
  const { instance_id: id, state: mark } = instance;
  const { idle_ms, start_ms } = services.settings.timeouts;
  if (mark.kind === 'starting' && watchedFor(vigil, mark.since) > start_ms)
    return { text: `${id} did not get ready within ${formatDuration(start_ms)}`, ready: false, ms: start_ms };
  const since = owesSince(services.store.state, instance);
  if (since === undefined || watchedFor(vigil, since) < idle_ms) return undefined;
  if (vigil.now - settledTime(vigil, await lastOutput(services, instance)) < idle_ms) return undefined;
  return {
    text: `${id} hangs: at work without a sign of life for ${formatDuration(idle_ms)}`,
    ready: true,
    ms: idle_ms,
  };
};

/**
 * Records which agents of a machine hang: at work without a sign of life, or never ready since they were started.
 * `vigil` says when the daemon, or the machine with all agents, went on after it had stood still, and when the clock was set.
 */
export const recordHangs = async (services: DaemonServices, target: Target, vigil: Vigil): Promise<void> => {
  for (const instance of instancesOn(target, services.store.state)) {
    const hang = await hangOf(services, instance, vigil);
    if (!hang) continue;
    const { instance_id: id, state: mark } = instance;
    await services.decide((state) =>
      state.instances[id]?.state.since === mark.since ? hangFacts(services, state, id, hang) : [],
    );
  }
};

/** Records which agents of a machine that hung print again: they are at work again. */
export const recordRevivals = async (services: DaemonServices, target: Target, vigil: Vigil): Promise<void> => {
  for (const instance of instancesOn(target, services.store.state)) {
    if (instance.state.kind !== 'stuck') continue;
    const id = instance.instance_id;
    const printed = settledTime(vigil, await lastOutput(services, instance));
    if (printed <= settledTime(vigil, Date.parse(instance.state.since))) continue;
    await services.decide((state) => [
      ...moved(state, id, { state: 'working', source: 'terminal', evidence: 'prints again' }),
      ...(state.instances[id]?.recovery?.next === 'restart' ? [recoveryEndFact(id, 'it prints again')] : []),
      ...clearAlertFacts(state, `stuck:${id}`, 'it prints again'),
    ]);
  }
};
