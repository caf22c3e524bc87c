import type { PlanAction } from '../../tasks/plan.ts';
import type { DaemonServices } from '../services.ts';
import { checkedLaunchMode } from './launch-mode.ts';

/** Has the program of an instance started anew, in the mode that its next task wants; then the planner begins the task. */
export const prepareInstance = async (
  services: DaemonServices,
  action: Extract<PlanAction, { kind: 'prepare' }>,
): Promise<void> => {
  const { instance: instance_id, task, mode } = action;
  const known = services.store.state.instances[instance_id];
  // Before the program is ended: a mode that cannot be started is the matter of the task, not of the instance.
  if (known) checkedLaunchMode(services, { ...known, mode });
  await services.decide((state) => {
    const instance = state.instances[instance_id];
    const isFree = instance?.state.kind === 'idle' && instance.hold === null && !state.swarm.paused;
    const isNext = state.tasks[task]?.state === 'assigned' && state.tasks[task].assignee === instance_id;
    return isFree && isNext && !state.tasks[task]?.held
      ? [{ type: 'instance.restart_requested', data: { instance_id, fresh: true, mode, task } }]
      : [];
  });
};
