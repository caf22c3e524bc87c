import type { EventDraft, State } from '../../state/index.ts';
import { moved } from '../../state/moves.ts';
import type { FailureClass } from '../../state/tasks.ts';
import type { Broken } from '../../tasks/recovery.ts';
import type { DaemonServices } from '../services.ts';
import {
  brokenInstanceAlert,
  brokenRunOf,
  recoveryContextOf,
  runRecoveryFacts,
} from '../signals/run-recovery-facts.ts';

/** Whether the program of an instance is to be started again by itself. */
const isToRestart = (state: State, id: string): boolean =>
  ['failed', 'lost', 'stuck'].includes(state.instances[id]?.state.kind ?? '') &&
  state.instances[id]?.recovery?.next === 'restart';

/** Asks for the program of an instance to be started again with the run that it was at. */
export const restartRun = async (services: DaemonServices, instance_id: string): Promise<void> => {
  await services.decide((state): EventDraft[] => {
    const { recovery } = state.instances[instance_id] ?? {};
    if (!recovery || !isToRestart(state, instance_id)) return [];
    const { unready, tries } = recovery;
    // A conversation with which the program ended twice before it took a prompt is not gone on with.
    const fresh = unready && tries > 1;
    return [
      {
        type: 'instance.restart_requested',
        data: { instance_id, fresh, recovery: { ...recovery, next: 'go-on', due: null } },
      },
    ];
  });
};

/** The facts when a program could not be started again or not be told to go on: that was a try as well. */
export const failedRestartFacts = (
  services: DaemonServices,
  state: State,
  id: string,
  { why, class: kind }: { readonly why: string; readonly class: FailureClass },
): EventDraft[] => {
  const instance = state.instances[id];
  if (instance?.recovery?.next !== 'go-on') return [];
  const broken: Broken = { class: kind, message: why };
  const run = brokenRunOf(state, instance, broken, recoveryContextOf(services));
  if (!run) return [];
  return [
    ...runRecoveryFacts(instance, run, broken),
    ...moved(state, id, { state: 'failed', source: 'drover', evidence: why, failure: kind }),
    brokenInstanceAlert(id, `${id} could not go on: ${why}`, run),
  ];
};
