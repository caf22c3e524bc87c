import type { Signal } from '../../agents/adapter.ts';
import type { EventDraft, State } from '../../state/index.ts';
import type { Instance, InstanceStateName } from '../../state/instances.ts';
import { activity, moved } from '../../state/moves.ts';
import type { DaemonServices } from '../services.ts';
import { clearAlertFacts } from '../signals/alert-facts.ts';
import type { LastHeard } from './watch-register.ts';

/** Who works and was not heard of for so long may be trying a call again, in milliseconds. */
const SILENT_MS = 2000;

const RETRYING = 'retrying';

const isAsking = ({ state }: Instance): boolean => state.kind === 'waiting' && state.source === 'screen';

const mayHaveDialog = (instance: Instance): boolean =>
  ['starting', 'unknown', 'idle'].includes(instance.state.kind) || isAsking(instance);

/** It waits with what its hooks or its register told of, and its terminal may be where it is answered. */
const isAnswerable = ({ state, requests = [] }: Instance): boolean =>
  // Of several its screen shows one after the other, with a moment in between.
  state.kind === 'waiting' && state.source !== 'screen' && requests.length === 1;

const isRetrying = ({ state }: Instance): boolean =>
  state.kind === 'working' && state.source === 'screen' && state.evidence?.startsWith(RETRYING) === true;

const isBeginning = (kind: InstanceStateName): boolean => kind === 'starting' || kind === 'unknown';

/** Its hook has said so before, and now its box is there. */
const begun = (state: State, id: string): EventDraft[] =>
  isBeginning(state.instances[id]?.state.kind ?? 'stopped')
    ? moved(state, id, { state: 'idle', source: 'hook', evidence: 'ready' })
    : [];

/** Whether it has taken a prompt, or was about to, since its program was started. */
const wasReady = ({ transitions }: Instance): boolean => {
  const started = transitions.findLastIndex(({ kind }) => kind === 'starting');
  return started < 0 || transitions.slice(started).some(({ kind }) => kind === 'idle' || kind === 'working');
};

/** A dialog that is not there any more: it is ready where its box is there, else its start goes on. */
const answered = (state: State, id: string, ready: boolean): EventDraft[] => {
  const instance = state.instances[id];
  if (!instance || !isAsking(instance)) return [];
  const next = ready ? 'idle' : wasReady(instance) ? 'unknown' : 'starting';
  return [
    ...clearAlertFacts(state, `waiting:${id}`, 'it is answered'),
    ...moved(state, id, { state: next, source: 'screen', evidence: 'its dialog is gone' }),
  ];
};

/**
 * What the screens of agents with hooks say beside them: dialogs before the first prompt, that a dialog was answered in
 * its terminal, and calls to the model that failed and are tried again. Nobody is looked at of whom a hook has just told.
 */
export const makeAsideReader = (
  services: DaemonServices,
  heard: LastHeard,
  take: (instance: string, signal: Signal) => Promise<void>,
) => {
  const silent = (instance: Instance): boolean => {
    const last = Math.max(heard.get(instance.instance_id) ?? 0, Date.parse(activity(instance).since));
    return Date.parse(services.now()) - last > SILENT_MS;
  };
  /** A hook of this start has told that it is about to take prompts. */
  const isExpected = ({ instance_id, state, transitions }: Instance): boolean => {
    const started = transitions.findLast(({ kind }) => kind === 'starting')?.since ?? state.since;
    return isBeginning(state.kind) && (heard.get(instance_id) ?? 0) >= Date.parse(started);
  };
  const dialog = async (instance: Instance, screen: string): Promise<void> => {
    const { readDialog, readBox } = services.adapterFor(instance.agent);
    const signal = readDialog!(screen);
    if (signal) return take(instance.instance_id, signal);
    const ready = readBox?.(screen) !== undefined;
    if (ready && isExpected(instance)) await services.decide((state) => begun(state, instance.instance_id));
    if (isAsking(instance)) await services.decide((state) => answered(state, instance.instance_id, ready));
  };
  const retry = async (instance: Instance, screen: string): Promise<void> => {
    const id = instance.instance_id;
    const words = services.adapterFor(instance.agent).readRetry!(screen);
    if (words === undefined && !isRetrying(instance)) return;
    await services.decide((state) => {
      const now = state.instances[id];
      // Meanwhile a hook has told of it.
      if (now?.state.since !== instance.state.since) return [];
      return words === undefined
        ? moved(state, id, { state: 'working', source: 'terminal', evidence: 'its call was answered' })
        : moved(state, id, { state: 'working', source: 'screen', evidence: `${RETRYING}: ${words}` });
    });
  };
  /** Since when each waits whose dialog was seen. */
  const shown = new Map<string, string>();
  const answer = async ({ instance_id: id, agent, state }: Instance, screen: string): Promise<void> => {
    const { readAsking, readAnswered } = services.adapterFor(agent);
    if (readAsking?.(screen)) shown.set(id, state.since);
    const now = shown.get(id) === state.since ? readAnswered!(screen) : undefined;
    // Meanwhile it may have asked something else.
    if (now === undefined || services.store.state.instances[id]?.state.since !== state.since) return;
    shown.delete(id);
    await take(id, now === 'rests' ? { kind: 'rests' } : { kind: 'working', note: 'answered in its terminal' });
  };
  return {
    /** Whether its screen is worth a look. */
    wanted: (instance: Instance): boolean => {
      const { readDialog, readRetry, readAnswered } = services.adapterFor(instance.agent);
      if (readAnswered && isAnswerable(instance)) return true;
      if (readDialog && mayHaveDialog(instance)) return true;
      return readRetry !== undefined && instance.state.kind === 'working' && silent(instance);
    },
    read: async (instance: Instance, screen: string): Promise<void> => {
      const { readDialog, readRetry, readAnswered } = services.adapterFor(instance.agent);
      if (readAnswered && isAnswerable(instance)) return answer(instance, screen);
      if (readDialog && mayHaveDialog(instance)) return dialog(instance, screen);
      if (readRetry && instance.state.kind === 'working') return retry(instance, screen);
    },
  };
};
