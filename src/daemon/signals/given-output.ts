import type { State } from '../../state/index.ts';
import type { Instance } from '../../state/instances.ts';
import { activity } from '../../state/moves.ts';
import { type DaemonServices, lastOutput } from '../services.ts';
import { givenAt } from './running-task.ts';

/** How far an instance had printed when it had been given something; `isSure`: and before it could hear of that. */
type Output = { readonly given: number; readonly grown: number; readonly isSure: boolean };

const outputs = new WeakMap<DaemonServices, Map<string, Output>>();

const outputsOf = (services: DaemonServices): Map<string, Output> => {
  const mine = outputs.get(services) ?? new Map<string, Output>();
  outputs.set(services, mine);
  return mine;
};

/** Notes how far an instance has printed that was given something and is to be told of it now. */
export const noteOutputBefore = async (services: DaemonServices, id: string): Promise<void> => {
  const { state } = services.store;
  const instance = state.instances[id];
  if (!instance) return;
  const given = givenAt(state, instance);
  // Where its machine cannot be asked the first look at its screen notes it.
  const grown = await lastOutput(services, instance).catch(() => undefined);
  if (grown !== undefined) outputsOf(services).set(id, { given, grown, isSure: true });
};

/** Begins a look at how far an instance has printed, which is noted if it is the first one after it was given something. */
export const beginOutputLook = (services: DaemonServices, { instance_id: id }: Instance): ((grown: number) => void) => {
  const { state } = services.store;
  const instance = state.instances[id];
  // What it is given while that is found out it was not given before.
  const given = instance && givenAt(state, instance);
  return (grown) => {
    const mine = outputsOf(services);
    if (given !== undefined && mine.get(id)?.given !== given) mine.set(id, { given, grown, isSure: false });
  };
};

/**
 * Whether a screen is older than what an agent was given last: `grown` says how far it had printed then. What it shows of an end is
 * that of the task before. The clock of its machine may be behind the daemon's: what it has printed since then is told by what
 * it had printed before, and by the clocks only where nobody looked in time.
 */
export const isOfBefore = (services: DaemonServices, state: State, instance: Instance, grown: number): boolean => {
  const { kind, source } = activity(instance);
  if (kind !== 'working' || source !== 'drover') return false;
  const given = givenAt(state, instance);
  const output = outputsOf(services).get(instance.instance_id);
  // It was looked at before it was given that.
  if (output?.given !== given) return true;
  return grown === output.grown && (output.isSure || grown <= given);
};
