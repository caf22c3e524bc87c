import type { Signal } from '../../agents/adapter.ts';
import type { EventDraft, State } from '../../state/index.ts';
import type { Instance, InstanceStateName } from '../../state/instances.ts';
import { activity, moved } from '../../state/moves.ts';
import type { DaemonServices } from '../services.ts';
import { clearAlertFacts } from '../signals/alert-facts.ts';
import { runningTask } from '../signals/running-task.ts';
import type { LastHeard } from './watch-register.ts';

/** An agent that works and was not heard of for so long may be trying a call again, in milliseconds. */
const SILENT_MS = 2000;

const RETRYING = 'retrying';

const isAsking = ({ state }: Instance): boolean => state.kind === 'waiting' && state.source === 'screen';

const mayHaveDialog = (instance: Instance): boolean =>
  ['starting', 'unknown', 'idle'].includes(instance.state.kind) || isAsking(instance);

/** Whether an agent waits with what its hooks or its register told of, so that it may be answered in its terminal. */
const isAnswerable = ({ state, requests = [] }: Instance): boolean =>
  // Of several requests the screen shows one after the other, with a moment in between.
  state.kind === 'waiting' && state.source !== 'screen' && requests.length === 1;

const isRetrying = ({ state }: Instance): boolean =>
  state.kind === 'working' && state.source === 'screen' && state.evidence?.startsWith(RETRYING) === true;

const isBeginning = (kind: InstanceStateName): boolean => kind === 'starting' || kind === 'unknown';

/** The facts when the input box of an agent is there, whose hook has told before that it is ready. */
const beginFacts = (state: State, id: string): EventDraft[] =>
  isBeginning(state.instances[id]?.state.kind ?? 'stopped')
    ? moved(state, id, { state: 'idle', source: 'hook', evidence: 'ready' })
    : [];

/** Whether an agent has taken a prompt, or was about to, since its program was started. */
const hasBeenReady = ({ transitions }: Instance): boolean => {
  const started = transitions.findLastIndex(({ kind }) => kind === 'starting');
  return started < 0 || transitions.slice(started).some(({ kind }) => kind === 'idle' || kind === 'working');
};

/** The facts when a dialog is not there any more: the agent is ready where its box is there, else its start goes on. */
const dialogGoneFacts = (state: State, id: string, ready: boolean): EventDraft[] => {
  const instance = state.instances[id];
  if (!instance || !isAsking(instance)) return [];
  // In the middle of a run it was no dialog of its start: the agent goes on, although its box stands there again.
  if (runningTask(state, instance) && instance.recovery?.next !== 'go-on') return [];
  const next = ready ? 'idle' : hasBeenReady(instance) ? 'unknown' : 'starting';
  return [
    ...clearAlertFacts(state, `waiting:${id}`, 'it is answered'),
    ...moved(state, id, { state: next, source: 'screen', evidence: 'its dialog is gone' }),
  ];
};

/**
 * Reads on the screens of agents with hooks what no hook tells: dialogs before the first prompt, that a dialog was answered
 * in the terminal, and calls to the model that failed and are tried again. An agent is left alone of which a hook has just
 * told.
 */
export const makeAsideReader = (
  services: DaemonServices,
  lastHeard: LastHeard,
  record: (instance: string, signal: Signal) => Promise<void>,
) => {
  const isSilent = (instance: Instance): boolean => {
    const last = Math.max(lastHeard.get(instance.instance_id) ?? 0, Date.parse(activity(instance).since));
    // What was noted by a clock that was set back since is long ago as well.
    return Math.abs(Date.parse(services.now()) - last) > SILENT_MS;
  };
  /** Whether a hook of this start has told that the agent is about to take prompts. */
  const isExpected = ({ instance_id, state, transitions }: Instance): boolean => {
    const started = transitions.findLast(({ kind }) => kind === 'starting')?.since ?? state.since;
    return isBeginning(state.kind) && (lastHeard.get(instance_id) ?? 0) >= Date.parse(started);
  };
  const readStartDialog = async (instance: Instance, screen: string): Promise<void> => {
    const { readDialog, readBox } = services.adapterFor(instance.agent);
    const signal = readDialog!(screen);
    if (signal) return record(instance.instance_id, signal);
    const ready = readBox?.(screen) !== undefined;
    if (ready && isExpected(instance)) await services.decide((state) => beginFacts(state, instance.instance_id));
    if (isAsking(instance)) await services.decide((state) => dialogGoneFacts(state, instance.instance_id, ready));
  };
  const readRetries = async (instance: Instance, screen: string): Promise<void> => {
    const id = instance.instance_id;
    const words = services.adapterFor(instance.agent).readRetry!(screen);
    if (words === undefined && !isRetrying(instance)) return;
    await services.decide((state): EventDraft[] => {
      const now = state.instances[id];
      // Meanwhile a hook has told of the agent.
      if (now?.state.since !== instance.state.since) return [];
      if (words === undefined)
        return moved(state, id, { state: 'working', source: 'terminal', evidence: 'its call was answered' });
      const evidence = `${RETRYING}: ${words}`;
      // The same state with other words is news here: which attempt it is.
      return now.state.evidence === evidence
        ? []
        : [{ type: 'instance.moved', data: { instance_id: id, state: 'working', source: 'screen', evidence } }];
    });
  };
  /** Since when each agent waits whose dialog was seen. */
  const shown = new Map<string, string>();
  const readAnswer = async ({ instance_id: id, agent, state }: Instance, screen: string): Promise<void> => {
    const { readAsking, readAnswered } = services.adapterFor(agent);
    if (readAsking?.(screen)) shown.set(id, state.since);
    const now = shown.get(id) === state.since ? readAnswered!(screen) : undefined;
    // Meanwhile the agent may have asked something else.
    if (now === undefined || services.store.state.instances[id]?.state.since !== state.since) return;
    shown.delete(id);
    await record(id, now === 'rests' ? { kind: 'rests' } : { kind: 'working', note: 'answered in its terminal' });
  };
  return {
    /** Whether the screen of an agent is worth a look. */
    wanted: (instance: Instance): boolean => {
      const { readDialog, readRetry, readAnswered } = services.adapterFor(instance.agent);
      if (readAnswered && isAnswerable(instance)) return true;
      if (readDialog && mayHaveDialog(instance)) return true;
      return readRetry !== undefined && instance.state.kind === 'working' && isSilent(instance);
    },
    read: async (instance: Instance, screen: string): Promise<void> => {
      const { readDialog, readRetry, readAnswered } = services.adapterFor(instance.agent);
      if (readAnswered && isAnswerable(instance)) return readAnswer(instance, screen);
      if (readDialog && mayHaveDialog(instance)) return readStartDialog(instance, screen);
      if (readRetry && instance.state.kind === 'working') return readRetries(instance, screen);
    },
  };
};
