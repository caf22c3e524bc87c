import type { Signal } from '../../agents/adapter.ts';
import { resetTime } from '../../agents/reset-time.ts';
import type { SpoolMessage } from '../../agents/spool-message.ts';
import type { Target } from '../../ports/target.ts';
import type { State } from '../../state/index.ts';
import { tokenOf } from '../actions/launch-instance.ts';
import { type DaemonServices, markOf } from '../services.ts';
import { strayFacts, strayPath } from './contamination.ts';
import { releaseClosedHooks } from './hook-pipes.ts';
import { knownRecord, noteHookEnd } from './known-records.ts';
import { isRequest } from './open-requests.ts';
import { recordLoss } from './record-loss.ts';
import { type ResolvedSignal, type SignalSource, signalFacts } from './signal-facts.ts';
import { takeRequest } from './take-request.ts';

/** A signal with the definite time at which a limit ends: the one that its words mean, else after a rest. */
export const withLimitEnd = (signal: Signal, now: string, restMs: number): ResolvedSignal => {
  if (signal.kind !== 'limited') return signal;
  const at = signal.resets === null ? undefined : resetTime(signal.resets, Date.parse(now));
  const until = new Date(at ?? Date.parse(now) + restMs).toISOString();
  return { kind: 'limited', message: signal.message, until };
};

/** An agent whose session is taken away says with its last breath that it was interrupted: that is not what happened. */
const isLastBreath = async ({ paths, tmux }: Target, id: string, signal: Signal): Promise<boolean> => {
  if (signal.kind !== 'failed' || signal.class !== 'stopped') return false;
  const mark = markOf(paths, id);
  return !(await tmux.list(mark)).some((pane) => pane.droverId === mark);
};

/** Who noticed a signal; `ask` is the pipe at which a hook waits for the answer to what it asks. */
type Origin = { readonly source: SignalSource; readonly ask?: string | null | undefined };

/**
 * Records what an agent let us know, by a hook or in any other way: `signalFacts` says which facts are behind it. What it
 * asks for may be answered at once (`takeRequest`), and of a file that it wrote it is found out whether it is its own.
 */
export const recordSignal = async (
  services: DaemonServices,
  id: string,
  signal: Signal,
  { source, ask = null }: Origin,
): Promise<void> => {
  const before = services.store.state.instances[id];
  const target = before && services.targetOf(before);
  if (target && (await isLastBreath(target, id, signal))) {
    await recordLoss(services, target, () => [id]);
    return;
  }
  const instance = services.store.state.instances[id];
  if (instance && isRequest(signal) && (source === 'hook' || source === 'screen'))
    return takeRequest(services, instance, signal, { ask, source });
  // The words that say how long a limit lasts still stand on the screen, and every look would begin it anew.
  if (source === 'screen' && signal.kind === 'limited' && instance?.state.kind === 'limited') return;
  const stray = instance && signal.kind === 'touched' ? await strayPath(services, instance, signal.path) : undefined;
  const resolved = withLimitEnd(signal, services.now(), services.settings.timeouts.limit_ms);
  await services.decide((state) => [
    ...signalFacts(state, id, resolved, source),
    ...(stray === undefined ? [] : strayFacts(state, id, stray)),
  ]);
  if (instance) await releaseClosedHooks(services, instance);
};

/** Parts of the daemon that hear of messages, beside the journal. */
type Listeners = {
  /** The watch of the panes looks when a message says that there is something to see. */
  readonly panes: { readonly isWatching: () => boolean; readonly look: () => void };
  /** When each instance was heard of last by a hook, in milliseconds since 1970. */
  readonly lastHeard: Map<string, number>;
  readonly meters: { readonly noteMessage: (instance: string, body: unknown) => Promise<void> };
};

/**
 * Whether the record of an agent tells better what a hook tells: the hook comes before what it tells of is over, and waits for
 * those of the person. What the record tells in the end is waited for.
 */
const isToldByRecord = (services: DaemonServices, id: string, signal: Signal): boolean => {
  if (!knownRecord(services, id).isTelling || signal.kind === 'touched') return false;
  if (signal.kind === 'finished') noteHookEnd(services, id, signal);
  return true;
};

/**
 * Takes messages that agents and tmux left in the spool: a file there (watch/watch-spool.ts) becomes a signal by the adapter
 * of its agent (`readHook`), and a signal becomes facts (`signalFacts`).
 */
export const makeMessageTaker = (services: DaemonServices, { panes, lastHeard, meters }: Listeners) => {
  const told = new Map<string, string | null>();
  const isForged = async ({ instance: id, token }: SpoolMessage): Promise<boolean> => {
    const known = services.store.state.instances[id];
    if (!known) return true;
    const right = await tokenOf(services.targetOf(known), id);
    if (token !== null && token === right) return false;
    // Once for each start: an agent fills no log with it.
    if (told.get(id) !== right) services.log(`a message with a wrong token for ${id} was ignored`);
    told.set(id, right);
    return true;
  };
  /** Whether a message is of the program that runs, or ran, for the instance now. */
  const isOfItsProgram = async (message: SpoolMessage): Promise<boolean> => {
    if (await isForged(message)) return false;
    const isCreated = ({ instances }: State): boolean => instances[message.instance]?.state.kind !== 'creating';
    if (isCreated(services.store.state)) return true;
    // The daemon before this one was about to start the instance, which will be made again.
    if (!panes.isWatching()) return false;
    // The message was quicker than the fact that the instance was started, or is of the program before.
    await services.store.until(isCreated, services.signal);
    return !(await isForged(message));
  };
  return async (message: SpoolMessage): Promise<void> => {
    if (message.source === 'tmux') return panes.look();
    const id = message.instance;
    const known = services.store.state.instances[id];
    if (!known || !(await isOfItsProgram(message))) return;
    lastHeard.set(id, Date.parse(services.now()));
    await meters.noteMessage(id, message.body);
    const { readHook, readDialog, readBox } = services.adapterFor(known.agent);
    const signal = readHook(message.body);
    if (!signal) return;
    if (isToldByRecord(services, id, signal)) return;
    if (signal.kind === 'ready') panes.look();
    // A dialog may still stand where the input box will be: then the look at its screen says when it is ready.
    const early = signal.kind === 'ready' && readDialog && readBox ? { ...signal, early: true } : signal;
    await recordSignal(services, id, early, { source: 'hook', ask: message.ask });
  };
};
