import { messageOf } from '../../lib/errors.ts';
import { valuesOf } from '../../lib/records.ts';
import type { State } from '../../state/index.ts';
import type { Instance } from '../../state/instances.ts';
import { activity } from '../../state/moves.ts';
import type { Task } from '../../state/tasks.ts';
import type { DaemonServices } from '../services.ts';
import { hasBegun, isKeptWaiting } from '../signals/running-task.ts';
import { awaitSession, sessionIsMade } from './launch-instance.ts';
import { deliverBriefAgain, startOf } from './start-task.ts';
import { adoptProgram } from './started-program.ts';

type Unconfirmed = { readonly task: Task; readonly instance: Instance };

/** Whether an agent has not confirmed yet that it got its brief. */
const isUnconfirmed = (state: State, instance: Instance, task: Task): boolean => {
  const { kind, source } = activity(instance);
  const isAwaited = (kind === 'working' && source === 'drover') || (kind === 'idle' && !hasBegun(instance, task));
  return isAwaited || isKeptWaiting(state, instance.instance_id);
};

/** The runs of which nobody knows whether their agents were told. */
const unconfirmedRuns = ({ store: { state } }: DaemonServices): readonly Unconfirmed[] =>
  valuesOf(state.tasks).flatMap((task) => {
    const instance = task.state === 'running' ? state.instances[task.run!.instance] : undefined;
    return instance && isUnconfirmed(state, instance, task) ? [{ task, instance }] : [];
  });

const adopt = async (services: DaemonServices, { task, instance }: Unconfirmed): Promise<void> => {
  const isThere = await adoptProgram(services, instance, startOf(task)).catch((error: unknown) => {
    if (!services.signal.aborted) services.log(`${instance.instance_id} cannot be looked for: ${messageOf(error)}`);
    return false;
  });
  // The daemon before this one may have ended the session to make the next one: that is no loss.
  if (!isThere) awaitSession(services, instance.instance_id);
};

/** Takes programs that were started for runs, and that nobody has recorded, for those of their instances. */
export const adoptStartedPrograms = async (services: DaemonServices): Promise<void> => {
  const isStarted = ({ instance }: Unconfirmed): boolean => services.adapterFor(instance.agent).prompt === 'argument';
  await Promise.all(
    unconfirmedRuns(services)
      .filter(isStarted)
      .map((one) => adopt(services, one)),
  );
};

/** Gives briefs again of which nobody knows whether they arrived: a daemon may die between the fact and the typing. */
export const deliverUnconfirmedBriefs = async (services: DaemonServices): Promise<void> => {
  const runs = unconfirmedRuns(services);
  const again = async ({ task, instance }: Unconfirmed): Promise<void> => {
    await deliverBriefAgain(services, task, instance).catch((error: unknown) => {
      if (!services.signal.aborted) services.log(`the brief of ${task.id} could not be given: ${messageOf(error)}`);
    });
    sessionIsMade(services, instance.instance_id);
  };
  const told = new Set(runs.map(({ instance }) => instance.instance_id));
  for (const id of Object.keys(services.store.state.instances)) if (!told.has(id)) sessionIsMade(services, id);
  await Promise.all(runs.map(again));
};
